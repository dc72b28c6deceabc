/** What a chart says in words: its figures at the crosshair, its state, and what a screen reader hears. */

import { h, one, price } from "../dom.js";
import * as format from "../format.js";

/** @typedef {import("./chart.js").Chart} Chart */

/** @param {Chart} chart @param {number} at place of the candle */
export function drawLegend(chart, at) {
  const candle = chart.rows[at];
  const place = one("[data-legend]", chart.box);
  if (!candle) return place.replaceChildren();
  const { factor, unit } = chart.scale;
  const tone = candle.close >= candle.open ? "up" : "down";
  const parts = /** @type {const} */ ([["O", candle.open], ["H", candle.high], ["L", candle.low], ["C", candle.close]]);
  const figures = parts.map(([name, value]) => h("span", {}, `${name} `, h("span", { class: tone }, price(String(value * factor), unit))));
  const volume = h("span", { class: "legend-volume" }, `Vol ${format.amount(String(candle.volume))} SOL`);
  place.replaceChildren(h("div", {}, ...figures, volume), ...studies(chart, at), ...marks(chart, at));
}

/** @param {Chart} chart @param {number} at */
function studies(chart, at) {
  return chart.studies.said(at).map(({ title, values }) =>
    h("div", { "data-study": title }, title, ...values.map(({ tint, text }) => h("span", { class: `legend-${tint}` }, text))),
  );
}

/** @param {Chart} chart @param {number} at */
function marks(chart, at) {
  return chart.marks.said(at).map((said) => h("div", { class: "legend-mark" }, said));
}

/** The canvas says nothing to a screen reader, so its place does. @param {Chart} chart */
export function describe({ rows, place, box, token, interval }) {
  const last = rows.at(-1);
  const said = last ? `Last price ${format.price(String(last.close))} SOL.` : "No trades.";
  one("[data-canvas]", box).setAttribute("aria-label", `Price chart of ${token.symbol}, ${interval} candles. ${said}`);
  place.dataset.candles = String(rows.length);
  place.dataset.close = last ? String(last.close) : "";
}

/** @param {Chart} chart @param {string} text empty hides it @param {boolean} [loading] */
export function drawState({ box }, text, loading = false) {
  const place = one("[data-state]", box);
  place.hidden = !text;
  place.replaceChildren(...(loading ? [h("span", { class: "spinner", "aria-hidden": "true" })] : []), text);
}
