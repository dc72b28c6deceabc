/**
 * The tokens that the page knows, by column: what is shown stays as it came, what is compared is a number.
 */

/** @typedef {{columns: string[], data: any[][], meta: {total: number, hasMore: boolean}, head: number, sol_usd: string | null}} Answer */

/** Columns whose values are words. */
const WORDS = new Set(["mint", "name", "symbol", "image", "status", "venue", "creator"]);

export class Store {
  /** @param {Answer} answer */
  constructor(answer) {
    this.total = answer.meta.total;
    this.isWhole = !answer.meta.hasMore;
    this.head = answer.head;
    this.solUsd = answer.sol_usd === null ? null : Number(answer.sol_usd);
    this.rows = answer.data;
    /** @type {Map<string, number>} */
    this.places = new Map(answer.columns.map((name, place) => [name, place]));
    this.columns = answer.columns;
    /** @type {Map<string, number>} */
    this.byMint = new Map(answer.data.map((row, number) => [row[0], number]));
  }

  get length() {
    return this.rows.length;
  }

  /** Whether it has every one of these. @param {Iterable<string>} fields */
  has(fields) {
    return [...fields].every((name) => this.places.has(name) || name === "age" || name === "idle");
  }

  /** What came of a token. @param {number} number @param {string} column */
  shown(number, column) {
    return this.rows[number][this.places.get(column) ?? -1];
  }

  /** The same to be compared. @param {number} number @param {string} field @returns {any} */
  compared(number, field) {
    const now = Date.now() / 1000;
    if (field === "age") return now - this.shown(number, "launched_at");
    if (field === "idle") return now - (this.shown(number, "last_trade_at") ?? this.shown(number, "launched_at"));
    const value = this.shown(number, field);
    return WORDS.has(field) ? value : Number(value ?? 0);
  }

  /** The numbers of the tokens that pass. @param {import("./parser.js").Test} test */
  passing(test) {
    const found = [];
    for (let number = 0; number < this.rows.length; number += 1) {
      if (test((field) => this.compared(number, field))) found.push(number);
    }
    return found;
  }

  /** Put numbers in order; equal ones by mint, as the server does. @param {number[]} numbers @param {string} field @param {boolean} descending */
  sort(numbers, field, descending) {
    const keys = new Map(numbers.map((number) => [number, this.compared(number, field)]));
    const sign = descending ? -1 : 1;
    return numbers.sort((a, b) => sign * (/** @type {any} */ (keys.get(a)) - /** @type {any} */ (keys.get(b)) || this.#mints(a, b)));
  }

  /** @param {number} a @param {number} b */
  #mints(a, b) {
    return this.rows[a][0] < this.rows[b][0] ? -1 : 1;
  }

  /** Whether one token stands before another. @param {number} a @param {number} b @param {string} field @param {boolean} descending */
  inOrder(a, b, field, descending) {
    const difference = this.compared(a, field) - this.compared(b, field);
    return descending ? difference >= 0 : difference <= 0;
  }

  /** Change a value. @param {number} number @param {string} column @param {any} value */
  set(number, column, value) {
    const place = this.places.get(column);
    if (place !== undefined) this.rows[number][place] = value;
  }

  /** Take newer values of some tokens. @param {Answer} answer @returns {number[]} those that it changed */
  refresh(answer) {
    const changed = [];
    for (const row of answer.data) {
      const number = this.byMint.get(row[0]);
      if (number === undefined) continue;
      let differs = false;
      for (const [place, name] of answer.columns.entries()) {
        if (this.shown(number, name) === row[place]) continue;
        this.set(number, name, row[place]);
        differs = true;
      }
      if (differs) changed.push(number);
    }
    return changed;
  }
}
