/** Moving average convergence and divergence: a fast average less a slow one, and the average of that. */

import { exponentialOf } from "./average.js";

/** @typedef {import("./average.js").ExponentialState} Average */
/** @typedef {{fast: Average, slow: Average, mean: Average | undefined, macd: number | null, signal: number | null, histogram: number | null}} State */

/**
 * @param {readonly import("../candles.js").Candle[]} rows @param {number} at @param {State | undefined} before
 * @param {{fast: number, slow: number, signal: number}} options @returns {State}
 */
export function convergence(rows, at, before, options) {
  const fast = exponentialOf(rows[at].close, before?.fast, options.fast);
  const slow = exponentialOf(rows[at].close, before?.slow, options.slow);
  const macd = fast.value === null || slow.value === null ? null : fast.value - slow.value;
  // The signal begins to count with the first value of the line that it averages.
  const mean = macd === null ? undefined : exponentialOf(macd, before?.mean, options.signal);
  const signal = mean?.value ?? null;
  return { fast, slow, mean, macd, signal, histogram: macd === null || signal === null ? null : macd - signal };
}
