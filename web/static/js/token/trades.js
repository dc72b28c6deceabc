/** The table of trades: live ones on top, older ones on demand. Draws what parts/trade_rows.html draws. */

import { all, amount, explorerLink, h, maybe, one, price, sol, time, wallet } from "../dom.js";
import { inSol, keyOf, tokens } from "./state.js";

const KEPT = 300;

/** Whether the page shows a trade already. @param {import("./state.js").Trade} trade */
export function isShown(trade) {
  return Boolean(maybe(`#trades tr[data-trade="${CSS.escape(keyOf(trade))}"]`));
}

/** @param {import("./state.js").Trade} trade */
export function addTrade(trade) {
  maybe("#no-trades")?.remove();
  const body = one("#trades");
  body.prepend(row(trade));
  for (const old of all("tr", body).slice(KEPT)) old.remove();
}

/** A fork took it back. @param {{signature: string, instruction: number, inner: number}} trade */
export function dropTrade(trade) {
  for (const place of all(`[data-trade="${CSS.escape(keyOf(trade))}"]`)) place.remove();
}

/** @param {import("./state.js").Trade} trade */
function row(trade) {
  const tone = trade.side === "buy" ? "up" : "down";
  return h(
    "tr",
    { "data-trade": keyOf(trade), class: `flash-${tone}` },
    h("td", {}, time(trade.traded_at)),
    h("td", {}, h("span", { class: `side ${tone}` }, trade.side === "buy" ? "Buy" : "Sell")),
    h("td", { class: "num" }, sol(trade.quote_amount, "")),
    h("td", { class: "num" }, amount(tokens(trade.base_amount))),
    h("td", { class: "num hide-phone" }, price(inSol(trade.price))),
    h("td", { class: "num" }, wallet(trade.trader)),
    h("td", { class: "num hide-phone" }, explorerLink(trade.signature)),
  );
}
