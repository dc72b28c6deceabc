/** Volume by price: how much of the candles in view was traded at each height. */

/**
 * `up` and `down` are the volumes of candles that rose and fell; `from` is included, `to` only in the last row.
 * @typedef {{from: number, to: number, up: number, down: number}} Row
 */

/**
 * A candle's volume is spread evenly from its low to its high.
 * @param {readonly import("../candles.js").Candle[]} rows @param {number} count @returns {Row[]} lowest first, none where nothing is
 */
export function profile(rows, count) {
  if (!rows.length) return [];
  const low = rows.reduce((least, row) => Math.min(least, row.low), Infinity);
  const high = rows.reduce((most, row) => Math.max(most, row.high), -Infinity);
  const height = (high - low) / count;
  if (!(height > 0)) return [];
  const found = Array.from({ length: count }, (_, place) => ({ from: low + place * height, to: low + (place + 1) * height, up: 0, down: 0 }));
  for (const row of rows) spread(found, row, low, height);
  return found;
}

/** @param {Row[]} found @param {import("../candles.js").Candle} row @param {number} low @param {number} height */
function spread(found, row, low, height) {
  const side = row.close >= row.open ? "up" : "down";
  const place = (/** @type {number} */ price) => Math.min(found.length - 1, Math.max(0, Math.floor((price - low) / height)));
  const [first, last] = [place(row.low), place(row.high)];
  const whole = row.high - row.low;
  for (let at = first; at <= last; at += 1) {
    const part = Math.min(row.high, found[at].to) - Math.max(row.low, found[at].from);
    found[at][side] += whole > 0 ? row.volume * (Math.max(0, part) / whole) : row.volume;
  }
}

/** The row in which most was traded. @param {readonly Row[]} rows @returns {Row | undefined} */
export function busiest(rows) {
  return rows.reduce((/** @type {Row | undefined} */ most, row) => (!most || row.up + row.down > most.up + most.down ? row : most), undefined);
}
