/** What opens over a chart: its indicators, and its axis and marks. Every change is seen at once. */

import { h, icon, one } from "../dom.js";
import { fresh, KINDS, MOST } from "./indicators/kinds.js";

/** @typedef {import("./chart.js").Chart} Chart */
/** @typedef {import("./indicators/kinds.js").Study} Study */

/** @param {string} title @param {...Node} body */
function open(title, ...body) {
  const box = h(
    "dialog",
    { class: "dialog chart-dialog", "aria-labelledby": "chart-dialog-title", close: () => box.remove() },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "chart-dialog-title" }, title),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => box.close() }, icon("close")),
    ),
    h("div", { class: "dialog-body stack" }, ...body),
  );
  document.body.append(box);
  box.showModal();
}

/** @param {Chart} chart */
export function openIndicators(chart) {
  const list = h("ul", { class: "stack" });
  const choice = h("div", { class: "row wrap" });
  const draw = () => {
    const { list: studies } = chart.studies;
    list.replaceChildren(...studies.map((study, place) => row(chart, study, place, draw)));
    const full = studies.length >= MOST;
    choice.replaceChildren(
      ...Object.entries(KINDS).map(([kind, { name, short }]) => {
        const add = () => {
          chart.study([...chart.studies.list, fresh(/** @type {any} */ (kind))]);
          draw();
        };
        return h("button", { class: "button tiny", type: "button", title: name, "data-add": kind, disabled: full, click: add }, short);
      }),
    );
  };
  draw();
  open("Indicators", list, h("p", { class: "small soft" }, `Add one, up to ${MOST} on a chart`), choice);
}

/** @param {Chart} chart @param {Study} study @param {number} place @param {() => void} draw */
function row(chart, study, place, draw) {
  const { name, options } = KINDS[study.kind];
  const change = (/** @type {Study | null} */ next) => {
    chart.study(chart.studies.list.flatMap((other, at) => (at === place ? (next ? [next] : []) : [other])));
    draw();
  };
  const fields = Object.entries(options).map(([key, option]) => {
    const set = (/** @type {Event} */ event) => {
      const { valueAsNumber } = /** @type {HTMLInputElement} */ (event.target);
      const value = Number.isFinite(valueAsNumber) ? Math.round(valueAsNumber) : option.value;
      change({ ...study, options: { ...study.options, [key]: Math.min(option.most, Math.max(option.least, value)) } });
    };
    const bounds = { min: option.least, max: option.most, step: 1, value: study.options[key] };
    return h("label", { class: "chart-option small" }, option.name, h("input", { class: "input", type: "number", ...bounds, change: set }));
  });
  const remove = { class: "icon-button", type: "button", "aria-label": `Remove ${name}`, click: () => change(null) };
  const head = h("div", { class: "row" }, h("span", { class: "strong" }, name), h("span", { class: "chart-gap" }), h("button", remove, icon("bin")));
  return h("li", { class: "chart-study" }, head, fields.length > 0 && h("div", { class: "row wrap" }, ...fields));
}

/** @param {Chart} chart */
export function openSettings(chart) {
  const { axis } = chart.scale;
  const marks = { ...chart.marks.choice };
  const measure = (/** @type {Partial<import("./scale.js").Axis>} */ change) => chart.measure({ ...chart.scale.axis, ...change });
  const mark = (/** @type {Partial<typeof marks>} */ change) => chart.mark(Object.assign(marks, change));
  const least = h("input", { class: "input", type: "number", min: 0.01, step: "any", value: marks.least, "aria-label": "A trade is large from, SOL" });
  least.addEventListener("change", () => least.valueAsNumber > 0 && mark({ least: least.valueAsNumber }));
  open(
    "Axis and marks",
    choices("Axis shows", "axis-of", axis.of, { price: "Price", cap: "Market cap" }, (value) => measure({ of: /** @type {any} */ (value) })),
    choices("Counted in", "axis-in", axis.in, { SOL: "SOL", USD: "US dollars" }, (value) => measure({ in: /** @type {any} */ (value) })),
    check("Logarithmic", axis.log, (log) => measure({ log })),
    h("p", { class: "small quiet" }, "Dollars and market cap are reckoned at the price of SOL and the supply of now."),
    h(
      "fieldset",
      { class: "stack" },
      h("legend", {}, "Marks"),
      check("Your trades", marks.own, (own) => mark({ own })),
      check("The creator's trades", marks.creator, (creator) => mark({ creator })),
      check("Milestones and graduation", marks.events, (events) => mark({ events })),
      h("div", { class: "row wrap" }, check("Large trades, in SOL from", marks.large, (large) => mark({ large })), least),
    ),
  );
  one(".chart-dialog input").focus();
}

/** @param {string} text @param {boolean} on @param {(on: boolean) => void} change */
function check(text, on, change) {
  const input = h("input", { type: "checkbox", checked: on, change: () => change(input.checked) });
  return h("label", { class: "check" }, input, text);
}

/**
 * @param {string} title @param {string} name @param {string} now
 * @param {Record<string, string>} values @param {(value: string) => void} change
 */
function choices(title, name, now, values, change) {
  const options = Object.entries(values).map(([value, text]) =>
    h("label", { class: "check" }, h("input", { type: "radio", name, value, checked: value === now, change: () => change(value) }), text),
  );
  return h("fieldset", {}, h("legend", {}, title), h("div", { class: "row wrap chart-choices" }, ...options));
}
