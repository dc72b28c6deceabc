/**
 * Every indicator that a chart offers: its name, what can be set, what it draws.
 *
 * `step(rows, at, before, options)` is the state at a candle out of the state before it, so that the open
 * candle is worked out anew as often as it changes and the next one costs no more.
 */

import { exponential, simple } from "./average.js";
import { convergence } from "./macd.js";
import { strength } from "./rsi.js";
import { weighted } from "./vwap.js";

/**
 * @typedef {{name: string, value: number, least: number, most: number}} Option
 * @typedef {{key: string, name: string, form: "line" | "columns"}} Line
 * @typedef {{
 *   name: string, short: string, options: Record<string, Option>, pane: "price" | "own" | "profile",
 *   lines: Line[], levels?: number[], range?: [number, number],
 *   step?: (rows: readonly import("../candles.js").Candle[], at: number, before: any, options: any) => any
 * }} Kind
 * @typedef {"sma" | "ema" | "vwap" | "rsi" | "macd" | "profile"} KindName
 * @typedef {{kind: KindName, options: Record<string, number>}} Study one indicator with its settings
 */

const length = (/** @type {number} */ value) => ({ length: { name: "Length", value, least: 1, most: 500 } });
const span = (/** @type {string} */ name, /** @type {number} */ value) => ({ name, value, least: 1, most: 500 });
const one = (/** @type {string} */ name) => [{ key: "value", name, form: /** @type {const} */ ("line") }];

/** @type {Record<KindName, Kind>} */
export const KINDS = {
  sma: { name: "Moving average", short: "MA", options: length(20), pane: "price", lines: one("MA"), step: simple },
  ema: { name: "Exponential moving average", short: "EMA", options: length(20), pane: "price", lines: one("EMA"), step: exponential },
  vwap: { name: "Volume-weighted average price of the day", short: "VWAP", options: {}, pane: "price", lines: one("VWAP"), step: weighted },
  rsi: {
    name: "Relative strength index",
    short: "RSI",
    options: length(14),
    pane: "own",
    lines: one("RSI"),
    levels: [30, 70],
    range: [0, 100],
    step: strength,
  },
  macd: {
    name: "Convergence and divergence of averages",
    short: "MACD",
    options: { fast: span("Fast", 12), slow: span("Slow", 26), signal: span("Signal", 9) },
    pane: "own",
    lines: [
      { key: "histogram", name: "Histogram", form: "columns" },
      { key: "macd", name: "MACD", form: "line" },
      { key: "signal", name: "Signal", form: "line" },
    ],
    step: convergence,
  },
  profile: {
    name: "Volume by price, of what is in view",
    short: "Volume profile",
    options: { rows: { name: "Rows", value: 24, least: 4, most: 100 } },
    pane: "profile",
    lines: [],
  },
};

/** The most that one chart shows at once. */
export const MOST = 10;

/** An indicator as it is at first. @param {KindName} kind @returns {Study} */
export function fresh(kind) {
  const options = Object.entries(KINDS[kind].options).map(([name, { value }]) => [name, value]);
  return { kind, options: Object.fromEntries(options) };
}

/** What is kept or came in an address, put right: unknown kinds go, numbers stay in their bounds. @param {unknown} given @returns {Study[]} */
export function checked(given) {
  if (!Array.isArray(given)) return [];
  return given.filter((study) => Object.hasOwn(KINDS, study?.kind)).slice(0, MOST).map(bounded);
}

/** @param {{kind: KindName, options?: Record<string, unknown>}} study @returns {Study} */
function bounded({ kind, options }) {
  const entries = Object.entries(KINDS[kind].options).map(([name, { value, least, most }]) => {
    const number = Math.round(Number(options?.[name] ?? value));
    return [name, Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : value];
  });
  return { kind, options: Object.fromEntries(entries) };
}

/** What an indicator is called on the chart: `MACD 12 26 9`. @param {Study} study */
export function titled({ kind, options }) {
  return [KINDS[kind].short, ...Object.values(options)].join(" ");
}
