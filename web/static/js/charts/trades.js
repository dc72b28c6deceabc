/** Live trades for the charts of a page: one subscription a token, however many charts show it. */

import { maybe, price } from "../dom.js";
import { follow } from "../live.js";

/** @typedef {import("./cell.js").Cell} Cell */
/** @typedef {() => import("../chart/chart.js").Chart | null} Getter */

/** @type {Map<string, Map<Cell, Getter>>} */
const followed = new Map();

/** Tell a cell's chart of a token's trades from now on, and of no others. @param {string} mint @param {Cell} cell @param {Getter} chart */
export function followTrades(mint, cell, chart) {
  for (const cells of followed.values()) cells.delete(cell);
  const known = followed.get(mint);
  if (known) {
    known.set(cell, chart);
    return;
  }
  followed.set(mint, new Map([[cell, chart]]));
  follow(`token:${mint}`, { onEvent: ({ type, data }) => take(mint, type, data) });
}

/** @param {string} mint @param {string} type @param {any} data */
function take(mint, type, data) {
  for (const [cell, chart] of followed.get(mint) ?? []) {
    if (type === "trade.retracted") void chart()?.load(false);
    if (type !== "trade") continue;
    chart()?.trade(data);
    const last = chart()?.rows.at(-1);
    if (last) maybe("[data-token] .num", cell.box)?.replaceChildren(price(String(last.close)), " SOL");
  }
}
