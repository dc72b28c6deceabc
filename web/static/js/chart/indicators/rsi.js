/** Relative strength index with Wilder's averages: 0 to 100. */

/** @typedef {{count: number, up: number, down: number, value: number | null}} State */

/**
 * @param {readonly import("../candles.js").Candle[]} rows @param {number} at @param {State | undefined} before
 * @param {{length: number}} options @returns {State}
 */
export function strength(rows, at, before, { length }) {
  if (!before || at === 0) return { count: 0, up: 0, down: 0, value: null };
  const change = rows[at].close - rows[at - 1].close;
  const [gain, loss] = [Math.max(change, 0), Math.max(-change, 0)];
  const count = before.count + 1;
  // The first averages are plain means; until then `up` and `down` are sums.
  if (count < length) return { count, up: before.up + gain, down: before.down + loss, value: null };
  const [up, down] =
    count === length
      ? [(before.up + gain) / length, (before.down + loss) / length]
      : [(before.up * (length - 1) + gain) / length, (before.down * (length - 1) + loss) / length];
  return { count, up, down, value: share(up, down) };
}

/** @param {number} up @param {number} down */
function share(up, down) {
  // Where nothing moved neither side is stronger.
  return up + down === 0 ? 50 : (100 * up) / (up + down);
}
