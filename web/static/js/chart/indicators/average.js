/** Moving averages of closes, each step in constant time. */

/** @typedef {import("../candles.js").Candle} Candle */
/** @typedef {{sum: number, value: number | null}} SimpleState */
/** @typedef {{count: number, sum: number, value: number | null}} ExponentialState */

/**
 * The mean of the last `length` closes.
 * @param {readonly Candle[]} rows @param {number} at @param {SimpleState | undefined} before
 * @param {{length: number}} options @returns {SimpleState}
 */
export function simple(rows, at, before, { length }) {
  const sum = (before?.sum ?? 0) + rows[at].close - (at >= length ? rows[at - length].close : 0);
  return { sum, value: at >= length - 1 ? sum / length : null };
}

/**
 * The exponential average of any series; it starts as the mean of the first `length` values.
 * @param {number} next @param {ExponentialState | undefined} before @param {number} length @returns {ExponentialState}
 */
export function exponentialOf(next, before, length) {
  const count = (before?.count ?? 0) + 1;
  const sum = (before?.sum ?? 0) + next;
  if (count < length) return { count, sum, value: null };
  if (count === length) return { count, sum: 0, value: sum / length };
  const value = /** @type {number} */ (before?.value);
  return { count, sum: 0, value: value + (2 / (length + 1)) * (next - value) };
}

/**
 * @param {readonly Candle[]} rows @param {number} at @param {ExponentialState | undefined} before
 * @param {{length: number}} options
 */
export function exponential(rows, at, before, { length }) {
  return exponentialOf(rows[at].close, before, length);
}
