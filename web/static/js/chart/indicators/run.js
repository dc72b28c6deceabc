/** An indicator run over candles: all states are kept, so that a change at the end costs one step. */

import { KINDS } from "./kinds.js";

/** @typedef {import("../candles.js").Candle} Candle */

export class Run {
  /** @type {any[]} one state a candle */
  states = [];

  /** @param {import("./kinds.js").Study} study */
  constructor(study) {
    this.study = study;
    this.step = KINDS[study.kind].step;
  }

  /** Work everything out. @param {readonly Candle[]} rows */
  reset(rows) {
    this.states = [];
    for (let at = 0; at < rows.length; at += 1) this.#at(rows, at);
  }

  /** The last candle changed, or one came after it. @param {readonly Candle[]} rows */
  last(rows) {
    if (rows.length > this.states.length + 1 || rows.length < this.states.length) return this.reset(rows);
    this.#at(rows, rows.length - 1);
  }

  /** @param {readonly Candle[]} rows @param {number} at */
  #at(rows, at) {
    if (this.step && at >= 0) this.states[at] = this.step(rows, at, this.states[at - 1], this.study.options);
  }

  /** @param {number} at @param {string} key @returns {number | null} */
  value(at, key) {
    return this.states[at]?.[key] ?? null;
  }
}
