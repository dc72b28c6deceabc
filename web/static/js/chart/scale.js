/** What the price axis counts in: the price or the market value, in SOL or in US dollars. */

import * as format from "../format.js";

/** @typedef {{of: "price" | "cap", in: "SOL" | "USD", log: boolean}} Axis */

const NOTHING_BESIDE = 1e-6;
const DIGITS = 7;

export class Scale {
  /** @type {Axis} */
  axis = { of: "price", in: "SOL", log: false };
  /** @type {number | null} US dollars per SOL */
  rate = null;
  /** The largest value in view of the data: what is tiny beside it is zero. */
  highest = 0;

  /** @param {number} circulating whole tokens */
  constructor(circulating) {
    this.circulating = circulating;
  }

  /** What a price in SOL is multiplied by. */
  get factor() {
    return (this.axis.of === "cap" ? this.circulating : 1) * (this.inDollars ? /** @type {number} */ (this.rate) : 1);
  }

  /** Without a fresh price of SOL nobody knows dollars. */
  get inDollars() {
    return this.axis.in === "USD" && this.rate !== null;
  }

  get unit() {
    return this.inDollars ? "USD" : "SOL";
  }

  /** A value of the axis for people. @param {number} value */
  text(value) {
    const sign = this.inDollars ? "$" : "";
    return sign + format.price(String(value));
  }

  /** A difference of two values, or an average of them. @param {number} value */
  signed(value) {
    if (Math.abs(value) < this.highest * NOTHING_BESIDE) return "0";
    return value < 0 ? `\u2212${this.text(-value)}` : this.text(value);
  }

  /** The axis reaches below zero and rounds near it; neither is a price. @param {number} value */
  label(value) {
    if (value < 0) return "";
    return value < this.highest * NOTHING_BESIDE ? "0" : this.text(value);
  }

  /** The smallest step that the axis tells apart. */
  get step() {
    return this.highest > 0 ? 10 ** Math.max(-15, Math.floor(Math.log10(this.highest)) - DIGITS) : 1e-15;
  }
}
