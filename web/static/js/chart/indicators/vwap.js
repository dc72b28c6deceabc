/**
 * Volume-weighted average price since midnight UTC: all SOL of the day's trades by all tokens of them.
 *
 * Every trade is known, so nothing stands for a candle's price: this is the average that the day's traders paid.
 */

const DAY = 86_400;

/** @typedef {{day: number, quote: number, base: number, value: number | null}} State */

/**
 * @param {readonly import("../candles.js").Candle[]} rows @param {number} at @param {State | undefined} before
 * @returns {State}
 */
export function weighted(rows, at, before) {
  const { time, volume, base: traded } = rows[at];
  const day = Math.floor(time / DAY);
  const same = before?.day === day ? before : undefined;
  const [quote, base] = [(same?.quote ?? 0) + volume, (same?.base ?? 0) + traded];
  return { day, quote, base, value: base > 0 ? quote / base : null };
}
