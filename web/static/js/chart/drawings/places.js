/**
 * Where a time stands among candles, and what time stands at a place.
 *
 * Candles without trades are left out, so between two of them time runs as fast as it must; before the
 * first and behind the last it runs by the interval.
 */

import { placeOf } from "../candles.js";

/** @typedef {readonly import("../candles.js").Candle[]} Rows */

/** The place, with a fraction, of a time. @param {Rows} rows @param {number} seconds of the interval @param {number} time */
export function placeAt(rows, seconds, time) {
  if (!rows.length) return 0;
  const at = placeOf(rows, time);
  if (at < 0) return (time - rows[0].time) / seconds;
  if (at === rows.length - 1) return at + (time - rows[at].time) / seconds;
  return at + (time - rows[at].time) / (rows[at + 1].time - rows[at].time);
}

/** The time at a place. @param {Rows} rows @param {number} seconds of the interval @param {number} place */
export function timeAt(rows, seconds, place) {
  if (!rows.length) return 0;
  const last = rows.length - 1;
  const at = Math.min(last, Math.max(0, Math.floor(place)));
  const step = place < 0 || at === last ? seconds : rows[at + 1].time - rows[at].time;
  return Math.max(0, Math.round(rows[at].time + (place - at) * step));
}
