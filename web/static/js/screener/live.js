/** What a trade changes of a token's row, until the server's figures say the same. */

import { parse } from "../format.js";

/**
 * Count a trade.
 * @param {import("./store.js").Store} store @param {any} trade
 * @returns {number | null} the token's number; null when it is not known here
 */
export function countTrade(store, trade) {
  const number = store.byMint.get(trade.mint);
  if (number === undefined) return null;
  const { digits, scale } = parse(trade.price);
  const before = Number(store.shown(number, "price"));
  const price = `${digits}e${Number(store.shown(number, "decimals")) - 9 - scale}`;
  store.set(number, "price", price);
  const cap = digits * BigInt(store.shown(number, "circulating"));
  store.set(number, "market_cap", String(cap / 10n ** BigInt(scale)));
  store.set(number, "liquidity", trade.liquidity);
  store.set(number, "last_trade_at", Math.floor(Date.parse(trade.traded_at) / 1000));
  for (const column of store.columns) {
    if (/^volume_/.test(column)) store.set(number, column, String(BigInt(store.shown(number, column)) + BigInt(trade.quote_amount)));
    else if (/^trades_/.test(column)) store.set(number, column, store.shown(number, column) + 1);
    else if (/^change_/.test(column)) store.set(number, column, moved(store.shown(number, column), before, Number(price)));
  }
  return number;
}

/** A change in basis points once the price has moved on. @param {number} bps @param {number} before @param {number} after */
function moved(bps, before, after) {
  const began = before / (1 + bps / 10_000);
  return began > 0 ? Math.round((after / began - 1) * 10_000) : bps;
}
