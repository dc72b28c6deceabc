/** What stands in SOL, in US dollars beside it: worked out anew as both move, hidden while nobody knows the price. */

import { api } from "./api.js";
import { all } from "./dom.js";
import * as format from "./format.js";

const EVERY_MS = 20_000;
/** @type {string | null} US dollars per SOL */
let rate = null;

/** Have every `[data-usd]` of the page follow the price of SOL. */
export function keepDollars() {
  void refresh();
  setInterval(() => document.hidden || void refresh(), EVERY_MS);
  document.addEventListener("visibilitychange", () => document.hidden || void refresh());
}

async function refresh() {
  const told = await api("/api/prices/sol").catch(() => null);
  rate = told ? told.price_usd : null;
  for (const element of all("[data-usd]")) showDollars(element);
}

/**
 * Show in an element what some SOL is in dollars.
 * @param {HTMLElement | null} element @param {string} [sol] what it stands for from now on, as decimal text
 */
export function showDollars(element, sol) {
  if (!element) return;
  if (sol !== undefined) element.dataset.usd = sol;
  if (rate === null) {
    element.hidden = true;
    return;
  }
  const [amount, price] = [format.parse(element.dataset.usd || "0"), format.parse(rate)];
  const value = format.units(amount.digits * price.digits, amount.scale + price.scale);
  const text = `$${element.dataset.kind === "price" ? format.price(value) : format.amount(value)}`;
  if (element.textContent !== text) element.textContent = text;
  element.title = `${format.exact(value)} US dollars`;
  element.hidden = false;
}
