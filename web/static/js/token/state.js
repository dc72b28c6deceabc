/**
 * What this page knows of its token, kept true by live events.
 */

import { embedded } from "../dom.js";
import * as format from "../format.js";

/**
 * @typedef {{
 *   mint: string, symbol: string, name: string, decimals: number, supply: string, circulating_supply: string, creator: string, status: string,
 *   price_sol: string, sold: string, sale_supply: string, quote_reserve: string, raise_target: string,
 *   liquidity: string, venue: "curve" | "amm" | "raydium",
 *   protocol_fee_bps: number, creator_fee_bps: number, volume_24h: string, trades_24h: number, head: number,
 *   high_24h: string, low_24h: string, launched_at: string,
 *   room_head: number, room_more: boolean, room_first: number | null
 * }} TokenData
 * @typedef {{
 *   signature: string, instruction: number, inner: number, side: "buy" | "sell", trader: string, base_amount: string,
 *   quote_amount: string, price: string, sold: string, quote_reserve: string, trader_balance: string | null,
 *   traded_at: string, venue: "curve" | "amm" | "raydium", liquidity: string
 * }} Trade
 * @typedef {Trade & {price_before?: string}} LiveTrade a trade as it is told live
 */

/** @type {TokenData} */
export const token = embedded("token-data");

/** SOL per whole token as exact decimal text. @param {string} price lamports per base unit */
export function inSol(price) {
  const { digits, scale } = format.parse(price);
  return format.units(digits, scale + 9 - token.decimals);
}

/** SOL that what circulates is worth. @param {string} priceSol */
export function marketCap(priceSol) {
  const { digits, scale } = format.parse(priceSol);
  return format.units(digits * BigInt(token.circulating_supply), scale + token.decimals);
}

/** Sold part of the sale in basis points. */
export function progressBps() {
  return token.sale_supply === "0" ? 0 : Number((BigInt(token.sold) * 10_000n) / BigInt(token.sale_supply));
}

/** Which of two decimal texts is larger, as sorting wants it. @param {string} a @param {string} b */
function compared(a, b) {
  const [left, right] = [format.parse(a), format.parse(b)];
  const scale = Math.max(left.scale, right.scale);
  const difference = left.digits * 10n ** BigInt(scale - left.scale) - right.digits * 10n ** BigInt(scale - right.scale);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** Take a trade into what is known. @param {Trade} trade */
export function apply(trade) {
  token.sold = trade.sold;
  token.quote_reserve = trade.quote_reserve;
  token.liquidity = trade.liquidity;
  token.price_sol = inSol(trade.price);
  token.volume_24h = String(BigInt(token.volume_24h) + BigInt(trade.quote_amount));
  token.trades_24h += 1;
  if (compared(token.price_sol, token.high_24h) > 0) token.high_24h = token.price_sol;
  if (compared(token.price_sol, token.low_24h) < 0) token.low_24h = token.price_sol;
}

/** Figures that cannot be counted back are taken as the server has them. @param {TokenData} fresh */
export function reset({ price_sol, sold, quote_reserve, liquidity, volume_24h, trades_24h, high_24h, low_24h }) {
  Object.assign(token, { price_sol, sold, quote_reserve, liquidity, volume_24h, trades_24h, high_24h, low_24h });
}

/** What names a trade once and for all. @param {{signature: string, instruction: number, inner: number}} trade */
export function keyOf({ signature, instruction, inner }) {
  return `${signature}:${instruction}:${inner}`;
}

/** Lamports of the raise that came in; all of them stay so when they have gone into the pool. */
export function raised() {
  return token.sold === token.sale_supply ? token.raise_target : token.quote_reserve;
}

/** Lamports, without fees, that are missing until everything is sold. */
export function left() {
  return BigInt(token.raise_target) - BigInt(raised());
}

/** An amount of this token's base units, for people. @param {string | bigint} base */
export function tokens(base) {
  return format.units(base, token.decimals);
}
