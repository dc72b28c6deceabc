/**
 * The candles of one token in one interval: fetched in pages from the newest back, kept true by live trades.
 *
 * Prices become floats here and only here: to be drawn, never to be counted with.
 */

import { api } from "../api.js";
import * as format from "../format.js";
import { SECONDS, startOf } from "./intervals.js";

/**
 * SOL per whole token; volumes in SOL and in whole tokens.
 * @typedef {{time: number, open: number, high: number, low: number, close: number, volume: number, base: number}} Candle
 * @typedef {{price: string, price_before?: string, quote_amount: string, base_amount: string, traded_at: string}} Traded
 * @typedef {import("./intervals.js").Interval} Interval
 */

const PAGE = 600;

export class Candles {
  /** What is known, oldest first. @type {Candle[]} */
  rows = [];
  /** @type {string | null} cursor of older candles */
  #older = null;
  #busy = false;
  #turn = 0;

  /** @param {string} mint @param {number} decimals @param {Interval} interval */
  constructor(mint, decimals, interval) {
    this.mint = mint;
    this.decimals = decimals;
    this.interval = interval;
  }

  /**
   * Fetch the newest candles; what was paged in before them stays unless `anew`.
   * @param {boolean} anew @returns {Promise<boolean>} false when something newer was asked for meanwhile
   */
  async load(anew) {
    this.#turn += 1;
    const mine = this.#turn;
    const from = Math.max(0, Math.floor(Date.now() / 1000) - SECONDS[this.interval] * PAGE * 4);
    const answer = await this.#ask(`from=${from}`);
    if (mine !== this.#turn) return false;
    const fresh = answer.data.map((/** @type {any} */ row) => this.#candle(row));
    const first = fresh[0]?.time ?? Infinity;
    const kept = anew || !answer.meta.next ? [] : this.rows.filter(({ time }) => time < first);
    if (!kept.length) this.#older = answer.meta.next;
    this.rows = [...kept, ...fresh];
    return true;
  }

  /** Fetch the page before the first candle; how many came. @returns {Promise<number>} */
  async loadOlder() {
    if (!this.#older || this.#busy) return 0;
    this.#busy = true;
    const mine = this.#turn;
    try {
      const answer = await this.#ask(`from=0&cursor=${encodeURIComponent(this.#older)}`);
      if (mine !== this.#turn) return 0;
      this.#older = answer.meta.next;
      const first = this.rows[0]?.time ?? Infinity;
      const added = answer.data.map((/** @type {any} */ row) => this.#candle(row)).filter((/** @type {Candle} */ { time }) => time < first);
      this.rows = [...added, ...this.rows];
      return added.length;
    } catch {
      this.#older = null;
      return 0;
    } finally {
      this.#busy = false;
    }
  }

  /** @param {string} query @returns {Promise<any>} */
  #ask(query) {
    return api(`/api/v1/tokens/${this.mint}/chart?interval=${this.interval}&limit=${PAGE}&${query}`);
  }

  /** @param {Record<string, string> & {time: number}} row @returns {Candle} */
  #candle(row) {
    return {
      time: row.time,
      open: Number(row.open),
      high: Number(row.high),
      low: Number(row.low),
      close: Number(row.close),
      volume: Number(format.units(row.volume, 9)),
      base: Number(format.units(row.volume_base, this.decimals)),
    };
  }

  /**
   * Merge a live trade into the open candle, or begin the next at the price that the trade met.
   * @param {Traded} trade @returns {"" | "last" | "next"} what changed: nothing where it belongs to a closed candle
   */
  take(trade) {
    // What was told before an upgrade of the server does not say what the trade met.
    const [before, value] = [this.#inSol(trade.price_before ?? trade.price), this.#inSol(trade.price)];
    const volume = Number(format.units(trade.quote_amount, 9));
    const base = Number(format.units(trade.base_amount, this.decimals));
    const time = startOf(this.interval, Math.floor(Date.parse(trade.traded_at) / 1000));
    const last = this.rows.at(-1);
    if (last && time < last.time) return "";
    if (last && time === last.time) {
      last.high = Math.max(last.high, before, value);
      last.low = Math.min(last.low, before, value);
      last.close = value;
      last.volume += volume;
      last.base += base;
      return "last";
    }
    this.rows.push({ time, open: before, high: Math.max(before, value), low: Math.min(before, value), close: value, volume, base });
    return "next";
  }

  /** SOL per whole token. @param {string} price lamports per base unit */
  #inSol(price) {
    const { digits, scale } = format.parse(price);
    return Number(format.units(digits, scale + 9 - this.decimals));
  }
}

/** The place of the last candle that does not start after a time, -1 where all do. @param {readonly Candle[]} rows @param {number} time */
export function placeOf(rows, time) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].time <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
