/**
 * The curve's part of the form: its presets, which of its fields are asked for, and what they come to
 * in the words of the API. The server makes segments of them.
 */

import { api } from "../api.js";
import { all, h, icon, maybe, one } from "../dom.js";
import * as format from "../format.js";

/** What each preset fills in. */
const PRESETS = /** @type {Record<string, Record<string, string>>} */ ({
  classic: { shape: "classic", classic_raise: "" },
  gentle: { shape: "linear", terms: "raise_multiple", raise_amount: "85", multiple: "3" },
  growing: { shape: "exponential", terms: "raise_multiple", raise_amount: "85", multiple: "10" },
  early: { shape: "logarithmic", terms: "raise_multiple", raise_amount: "85", multiple: "5" },
  same: { shape: "fixed", fixed_terms: "raise", raise_amount: "85" },
  goals: { shape: "exponential", terms: "caps", currency: "USD" },
});
/** What a preset fills in; the market values of one come with the page. @param {string} name */
function preset(name) {
  const [start, end] = (maybe("[data-goals]")?.dataset.goals ?? "").split(",");
  const caps = name === "goals" ? { start_market_cap: start, end_market_cap: end } : {};
  return { currency: "SOL", ...PRESETS[name], ...caps };
}
const TERMS = /** @type {Record<string, string[]>} */ ({
  raise_multiple: ["raise_amount", "multiple"],
  caps: ["start_market_cap", "end_market_cap"],
  cap_raise: ["start_market_cap", "raise_amount"],
});
const FIXED_TERMS = /** @type {Record<string, string[]>} */ ({ raise: ["raise_amount"], cap: ["start_market_cap"] });
const AMOUNTS = ["classic_raise", "raise_amount", "start_market_cap", "end_market_cap"];
const OPTIONAL = ["terms", "fixed_terms", "sol_price_usd", "multiple", ...AMOUNTS];
/** A price that stays needs room above the supply in 64 bits. */
const FIXED_DECIMALS = "6";
const USUAL_DECIMALS = "9";

/** A term of the curve that cannot be read. */
export class TermError extends Error {
  /** @param {string} field @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** @param {string} name @returns {HTMLInputElement} */
function input(name) {
  return /** @type {HTMLInputElement} */ (one(`#f-${name}`));
}

/** @param {string} name */
function text(name) {
  return input(name).value.trim();
}

/** The fields that the chosen shape asks for. */
function asked() {
  const shape = text("shape");
  if (shape === "classic") return ["classic_raise"];
  if (shape === "points") return ["start_market_cap"];
  return shape === "fixed" ? FIXED_TERMS[text("fixed_terms")] : TERMS[text("terms")];
}

/** Show what belongs to the chosen shape, and name its currency. */
export function showShape() {
  const shape = text("shape");
  const dollars = text("currency") === "USD";
  const shown = new Set(asked());
  if (shape === "fixed") shown.add("fixed_terms");
  else if (shape !== "classic" && shape !== "points") shown.add("terms");
  if (dollars) shown.add("sol_price_usd");
  for (const name of OPTIONAL) /** @type {HTMLElement} */ (input(name).closest(".field")).hidden = !shown.has(name);
  one("#points-fields").hidden = shape !== "points";
  one("#h-shape").textContent = /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (input("shape"))).selectedOptions[0]?.dataset.hint ?? "";
  for (const name of AMOUNTS) {
    const suffix = maybe(".suffix", /** @type {HTMLElement} */ (input(name).parentElement));
    if (suffix) suffix.textContent = text("currency");
  }
  for (const place of all("[data-currency]")) place.textContent = text("currency");
  for (const button of all("[data-curve]")) button.setAttribute("aria-pressed", String(matches(button.dataset.curve ?? "")));
}

/** @param {string} name */
function matches(name) {
  return Object.entries(preset(name)).every(([field, value]) => text(field) === value);
}

/** The curve in the words of the API; raises TermError at what cannot be read. */
export function curve() {
  const shape = text("shape");
  const usd = text("currency") === "USD" ? { sol_price_usd: decimal("sol_price_usd") } : {};
  if (shape === "points") return { kind: "points", points: points(), ...usd };
  if (shape === "classic" && !text("classic_raise")) return { kind: "classic" };
  const terms = asked().map((name) => [name === "classic_raise" ? "raise_amount" : name, decimal(name)]);
  return { kind: shape, ...Object.fromEntries(terms), ...usd };
}

/** Where the API's name of a term stands in the form now. @param {string} name */
export function fieldOf(name) {
  if (name === "raise_amount" && text("shape") === "classic") return "classic_raise";
  const field = maybe(`#f-${CSS.escape(name)}`)?.closest(".field");
  return OPTIONAL.includes(name) && /** @type {HTMLElement} */ (field).hidden ? "curve" : name;
}

/** @param {string} name */
function decimal(name) {
  return written(text(name), name, "Write a number above zero.");
}

/** A number as the API reads it, without grouping. @param {string} typed @param {string} field @param {string} message */
function written(typed, field, message) {
  const found = format.typed(typed, 18);
  if (found === null || found === 0n) throw new TermError(field, message);
  const digits = String(found).padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, "");
}

function points() {
  const rows = all("#pieces tr").map((row, place) => {
    const [sold, cap] = ["share", "cap"].map((name) => /** @type {HTMLInputElement} */ (one(`[data-piece="${name}"]`, row)).value);
    const bps = format.typed(sold, 2);
    const message = `Point ${place + 1} needs a number in both places.`;
    if (bps === null) throw new TermError("curve", message);
    return { sold_bps: Number(bps), market_cap: written(cap, "curve", message) };
  });
  return [{ sold_bps: 0, market_cap: decimal("start_market_cap") }, ...rows];
}

/** @param {() => void} changed hears of every change that is not typed @param {string} [sold] @param {string} [cap] */
export function addPoint(changed, sold = "", cap = "") {
  const row = h(
    "tr",
    {},
    h("td", {}, h("input", { class: "input num", "data-piece": "share", inputmode: "decimal", value: sold, "aria-label": "When sold, per cent" })),
    h("td", {}, h("input", { class: "input num", "data-piece": "cap", inputmode: "decimal", value: cap, "aria-label": "Market cap there" })),
    h("td", {}, h("button", { class: "icon-button", type: "button", "aria-label": "Remove this point", click: () => { row.remove(); changed(); } }, icon("close"))),
  );
  one("#pieces").append(row);
}

/** Wire the curve's part of the form. @param {() => void} changed */
export function startShape(changed) {
  addPoint(changed, "50", "60");
  addPoint(changed, "100", "410");
  one("#add-piece").addEventListener("click", () => {
    addPoint(changed);
    changed();
  });
  input("shape").addEventListener("change", suitDecimals);
  input("currency").addEventListener("change", () => void fillPrice(changed));
  for (const button of all("[data-curve]")) {
    button.addEventListener("click", () => {
      for (const [name, value] of Object.entries(preset(button.dataset.curve ?? "classic"))) input(name).value = value;
      suitDecimals();
      changed();
      void fillPrice(changed);
    });
  }
}

/** What SOL costs now, where it is known and nobody wrote a price or is about to; the form is worked out anew with it. @param {() => void} changed */
async function fillPrice(changed) {
  if (text("currency") !== "USD" || text("sol_price_usd")) return;
  const found = await api("/api/prices/sol").catch(() => null);
  if (!found?.price_usd || text("sol_price_usd") || document.activeElement === input("sol_price_usd")) return;
  input("sol_price_usd").value = found.price_usd;
  changed();
}

/** One price for all needs fewer decimals; every other shape gets the usual ones back. */
function suitDecimals() {
  const [from, to] = text("shape") === "fixed" ? [USUAL_DECIMALS, FIXED_DECIMALS] : [FIXED_DECIMALS, USUAL_DECIMALS];
  if (text("decimals") === from) input("decimals").value = to;
}

/** The shape's name for summaries. */
export function shapeName() {
  return /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (input("shape"))).selectedOptions[0]?.textContent ?? "";
}
