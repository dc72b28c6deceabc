/**
 * The intervals of charts and where their buckets start: the twin of launchpad/markets/intervals.py.
 *
 * Buckets start in UTC: weeks on Monday, months on the first.
 */

const MONDAY = 4 * 86_400; // the first one of Unix time
const DAY = 86_400;

/** Seconds of each interval; of a month those of an average one. */
export const SECONDS = /** @type {const} */ ({
  "1s": 1,
  "5s": 5,
  "15s": 15,
  "30s": 30,
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "30m": 1800,
  "1h": 3600,
  "4h": 14_400,
  "12h": 43_200,
  "1d": DAY,
  "1w": 7 * DAY,
  "1M": 2_629_746,
});
/** @typedef {keyof typeof SECONDS} Interval */

/** @param {string | null | undefined} text @returns {text is Interval} */
export function isInterval(text) {
  return Object.hasOwn(SECONDS, text ?? "");
}

/** Start of the bucket that a Unix second belongs to. @param {Interval} interval @param {number} moment */
export function startOf(interval, moment) {
  if (interval === "1M") {
    const day = new Date(moment * 1000);
    return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1) / 1000;
  }
  const past = (moment - MONDAY) % SECONDS[interval];
  return moment - (past < 0 ? past + SECONDS[interval] : past);
}

/** What shows a token of this age best: a young one with its whole life in view. @param {number} seconds @returns {Interval} */
export function fitting(seconds) {
  return seconds < 1200 ? "5s" : seconds < 21_600 ? "1m" : seconds < DAY ? "5m" : "15m";
}
