/** The box for filters: what may come next is offered, what is wrong is marked where it stands. */

import { all, h, maybe } from "../dom.js";
import { ExpressionError, KEYWORDS, operatorsOf, words } from "./parser.js";

const MOST = 8;

/** @typedef {import("./parser.js").Field} Field */
/** @typedef {{text: string, title: string}} Offer */

/**
 * What may stand where the caret is.
 * @param {string} text @param {number} caret @param {Map<string, Field>} fields
 * @returns {{from: number, offers: Offer[]}}
 */
export function offersAt(text, caret, fields) {
  const before = text.slice(0, caret);
  const typed = /[A-Za-z_][A-Za-z0-9_]*$/.exec(before)?.[0] ?? "";
  const from = caret - typed.length;
  if (!typed && /[^\s(<>=!~]$/.test(before)) return { from, offers: [] };
  let known;
  try {
    known = words(before.slice(0, from));
  } catch {
    return { from, offers: [] };
  }
  const last = known.at(-2);
  const field = fields.get(known.at(-3)?.text.toLowerCase() ?? "");
  const offers = following(last, field, fields);
  const begin = typed.toLowerCase();
  const found = offers.filter((offer) => offer.text.startsWith(begin) && offer.text !== begin);
  if (found.length || !begin) return { from, offers: found.slice(0, MOST) };
  return { from, offers: offers.filter((offer) => offer.text.includes(begin) && offer.text !== begin).slice(0, MOST) };
}

/** @param {import("./parser.js").Word | undefined} last @param {Field | undefined} field @param {Map<string, Field>} fields @returns {Offer[]} */
function following(last, field, fields) {
  const names = [...fields.values()].map(({ name, title }) => ({ text: name, title }));
  const word = last?.text.toLowerCase() ?? "";
  if (!last || ["and", "or", "not", "("].includes(word)) return names;
  const asked = last.kind === "name" ? fields.get(word) : undefined;
  if (asked && !field) return [...operatorsOf(asked), "in"].map((text) => ({ text, title: asked.title }));
  if (field && /^(<=|>=|!=|==|<|>|=|~|contains)$/.test(word)) {
    if (field.choices.length) return field.choices.map((text) => ({ text, title: field.title }));
    return names.filter(({ text }) => fields.get(text)?.units === field.units && text !== field.name);
  }
  return KEYWORDS.slice(0, 2).map((text) => ({ text, title: "" }));
}

/**
 * Wire the box.
 * @param {HTMLInputElement} input @param {HTMLElement} list @param {Map<string, Field>} fields
 */
export function startSuggesting(input, list, fields) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  let from = 0;

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const open = () => {
    const found = offersAt(input.value, input.selectionStart ?? input.value.length, fields);
    from = found.from;
    if (!found.offers.length) return close();
    list.replaceChildren(...found.offers.map((offer, place) => option(offer, place)));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  /** @param {string} text */
  const take = (text) => {
    const caret = input.selectionStart ?? input.value.length;
    input.setRangeText(`${text} `, from, caret, "end");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    open();
  };
  input.addEventListener("input", open);
  input.addEventListener("focus", open);
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => {
    const chosen = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]"));
    event.preventDefault();
    if (chosen) take(chosen.dataset.text || "");
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (list.hidden) input.blur();
      return close();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(list, input, event.key === "ArrowDown" ? 1 : -1);
    }
    const chosen = maybe('[aria-selected="true"]', list);
    if (chosen && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      take(chosen.dataset.text || "");
    }
  });
}

/** @param {Offer} offer @param {number} place */
function option({ text, title }, place) {
  const attributes = { role: "option", id: `offer-${place}`, "data-text": text, "aria-selected": "false", class: "offer" };
  return h("p", attributes, h("span", { class: "mono" }, text), h("span", { class: "small quiet" }, title));
}

/** @param {HTMLElement} list @param {HTMLInputElement} input @param {1 | -1} step */
function move(list, input, step) {
  const options = all("[role=option]", list);
  const now = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const next = now < 0 ? (step > 0 ? 0 : options.length - 1) : (now + step + options.length) % options.length;
  for (const [place, each] of options.entries()) each.setAttribute("aria-selected", String(place === next));
  input.setAttribute("aria-activedescendant", options[next].id);
}

/**
 * Mark where a filter goes wrong, or nothing.
 * @param {HTMLInputElement} input @param {HTMLElement} mark @param {HTMLElement} words
 * @param {ExpressionError | {message: string, column?: number, length?: number} | null} error
 */
export function markProblem(input, mark, words, error) {
  words.hidden = !error;
  mark.hidden = !error?.column;
  if (!error) {
    words.textContent = "";
    input.removeAttribute("aria-invalid");
    return;
  }
  input.setAttribute("aria-invalid", "true");
  words.textContent = error.column ? `${error.message} (at ${error.column})` : error.message;
  if (!error.column) return;
  const start = error.column - 1;
  const length = error.length ?? 1;
  const text = input.value.padEnd(start + length, " ");
  mark.replaceChildren(
    h("span", {}, text.slice(0, start)),
    h("mark", {}, text.slice(start, start + length)),
  );
  mark.scrollLeft = input.scrollLeft;
}
