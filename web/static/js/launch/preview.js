/** What the launch would be and cost, as the server works it out while one types. */

import { amount, h, one, price, replace, sol } from "../dom.js";
import * as format from "../format.js";
import { draw } from "./curve.js";

/** @typedef {{creation_fee: string, first_buy: string, network: string, priority: string, deposits: string, total: string, transactions: number}} Cost */

/** @param {any} preview the API's answer @param {{symbol: string, decimals: number}} token */
export function showPreview(preview, { symbol, decimals }) {
  const { first, median, last, words } = preview.buyers;
  // Where the column beside the form lies under it, the picture is repeated next to its fields.
  for (const place of ["#curve-picture", "#curve-picture-near"]) draw(one(place), preview.points, preview.sale_supply, [first, median, last]);
  one("#curve-picture").setAttribute(
    "aria-label",
    `Price from ${format.price(preview.start_price_sol)} to ${format.price(preview.end_price_sol)} SOL along the curve`,
  );
  one("#fact-start").replaceChildren(price(preview.start_price_sol), " SOL");
  one("#fact-end").replaceChildren(price(preview.end_price_sol), " SOL");
  one("#fact-start-cap").replaceChildren(amount(preview.start_market_cap_sol, "SOL"));
  one("#fact-end-cap").replaceChildren(amount(preview.end_market_cap_sol, "SOL"));
  one("#fact-raise").replaceChildren(sol(preview.raise_target));
  one("#fact-opening").replaceChildren(sol(preview.graduation.total));
  one("#fact-error").textContent = difference(preview.error_bps);
  one("#preview-cap").replaceChildren("starts at ", amount(preview.start_market_cap_sol, "SOL"));
  one("#buyers-words").replaceChildren(...words.map((/** @type {string} */ line) => h("li", {}, line)));
  const buy = preview.first_buy;
  one("#first-buy-gets").textContent = buy ? `About ${format.amount(format.units(buy.amount_out, decimals))} ${symbol || "tokens"}, ${format.share(buy.share_bps)} of the supply.` : "";
  showCost(preview.cost);
}

/** How far prices are from the shape, for people. @param {string | null} bps */
function difference(bps) {
  if (bps === null || Number(bps) < 0.5) return "nothing";
  return `at most ${(Number(bps) / 100).toFixed(2)}%`;
}

/** @param {Cost} cost */
export function showCost({ creation_fee: fee, first_buy: buy, network, priority, deposits, total, transactions }) {
  one("#cost-fee").replaceChildren(sol(fee));
  one("#cost-deposits").replaceChildren(sol(deposits));
  one("#cost-network").replaceChildren(sol(BigInt(network) + BigInt(priority)));
  one("#cost-buy").replaceChildren(buy === "0" ? "None" : sol(buy));
  one("#cost-transactions").textContent = transactions > 1 ? ` of ${transactions} transactions` : "";
  replace(one("#cost-total"), sol(total));
  replace(one("#launch-total"), sol(total));
}

/** Say beside the picture what keeps it from being drawn; empty takes it away. @param {string} message */
export function showProblem(message) {
  const place = one("#curve-problem");
  place.hidden = !message;
  place.textContent = message;
  for (const picture of ["#curve-picture", "#curve-picture-near"]) one(picture).toggleAttribute("data-stale", Boolean(message));
}
