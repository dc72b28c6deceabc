/** How a token's row is drawn: the twin of web/templates/parts/screener_rows.html. */

import { amount, change, h, price, replace, sol, time } from "../dom.js";
import * as format from "../format.js";
import { star } from "../watch.js";

/** @typedef {{key: string, title: string, field: string, form: string}} Column */

/**
 * What stands in a cell.
 * @param {string} form @param {any} value
 * @returns {Node | string}
 */
function content(form, value) {
  if (value === null || value === undefined) return "\u2014";
  if (form === "price") return price(value);
  if (form === "change") return change(value);
  if (form === "sol") return sol(value, "");
  if (form === "share") return format.share(value);
  if (form === "ago") return time(new Date(value * 1000).toISOString());
  return amount(value);
}

/** @param {import("./store.js").Store} store @param {number} number @param {Column} column @param {string} window */
function valueOf(store, number, column, window) {
  return store.shown(number, column.field.replace("{window}", window));
}

/** @param {string | null} image @param {string} symbol */
function avatar(image, symbol) {
  if (!image) return h("span", { class: "avatar letter", "aria-hidden": "true" }, symbol.slice(0, 2));
  const size = { width: 28, height: 28, loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" };
  return h("img", { class: "avatar", src: image, alt: "", ...size });
}

/** A row. @param {import("./store.js").Store} store @param {number} number @param {Column[]} columns @param {string} window */
export function drawRow(store, number, columns, window) {
  const [mint, name, symbol, image] = ["mint", "name", "symbol", "image"].map((column) => store.shown(number, column));
  return h(
    "tr",
    { "data-mint": mint },
    h("td", { class: "star-cell" }, star(mint, name)),
    h(
      "td",
      { class: "token-column" },
      h(
        "div",
        { class: "token-cell" },
        avatar(image, symbol),
        h("a", { class: "cut", href: `/token/${mint}` }, h("span", { class: "strong" }, symbol), " ", h("span", { class: "quiet small" }, name)),
      ),
    ),
    ...columns.map((column) =>
      h("td", { class: "num", "data-cell": column.key }, content(column.form, valueOf(store, number, column, window))),
    ),
  );
}

/** Mend the cells that changed, each with a flash. @param {HTMLElement} row @param {import("./store.js").Store} store @param {number} number @param {Column[]} columns @param {string} window @param {"" | "up" | "down"} tone */
export function mendRow(row, store, number, columns, window, tone) {
  for (const column of columns) {
    const cell = row.querySelector(`[data-cell="${column.key}"]`);
    const next = content(column.form, valueOf(store, number, column, window));
    const text = typeof next === "string" ? next : next.textContent;
    if (cell && cell.textContent !== text) replace(cell, next, tone);
  }
}
