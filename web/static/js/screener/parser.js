/**
 * Filters as the page itself applies them: the twin of launchpad/screener/parsing.py.
 *
 * A filter becomes a function over rows. Both twins read tests/vectors/screener.json.
 */

const MAX_LENGTH = 1000;
const MAX_DEPTH = 16;
const MAX_COMPARISONS = 50;
const MAX_VALUES = 50;
const MAX_DIGITS = 30;
const MAX_TEXT = 64;
const WORDS =
  /\s+|(?<address>[1-9A-HJ-NP-Za-km-z]{32,44})(?![A-Za-z0-9_.])|(?<number>\$?-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[A-Za-z%]*)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<text>"[^"]*"|'[^']*')|(?<sign><=|>=|!=|==|<|>|=|~|\(|\)|,)/y;
export const KEYWORDS = ["and", "or", "not", "in", "contains"];
/** @type {Record<string, number>} */
const MANY = { "": 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12 };
/** @type {Record<string, number>} */
const SPANS = { "": 1, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
/** @type {Record<string, [Record<string, number>, string]>} */
const UNITS = { seconds: [SPANS, "s, m, h, d or w"], percent: [{ "": 1, "%": 1 }, "%"], score: [{ "": 1 }, "nothing"] };
/** @type {Record<string, number>} what one of a filter is on the wire */
const SCALES = { sol: 1e9, percent: 100 };
/** @type {Record<string, string>} */
const EXAMPLES = { seconds: "30m or 2h", percent: "5%", price: "0.000001 or $0.01", sol: "1000 or $50K", count: "100", score: "50" };

/** @typedef {{name: string, kind: string, units: string, title: string, choices: string[], sorts: boolean}} Field */
/** @typedef {{kind: "name" | "number" | "text" | "sign" | "end", text: string, column: number, length: number}} Word */
/** A field's value in a row: figures as numbers in the wire's units. @typedef {(field: string) => any} Row */
/** @typedef {(row: Row) => boolean} Test */

/** Where a filter went wrong, and what would be known there. */
export class ExpressionError extends Error {
  /** @param {string} message @param {number} column from 1 @param {number} [length] @param {readonly string[]} [known] */
  constructor(message, column, length = 1, known = []) {
    super(message);
    this.column = column;
    this.length = Math.max(length, 1);
    this.known = known;
  }
}

/** The words of a text and one for its end. @param {string} text @returns {Word[]} */
export function words(text) {
  if ([...text].length > MAX_LENGTH) {
    throw new ExpressionError(`The filter is longer than ${MAX_LENGTH} characters: make it shorter.`, MAX_LENGTH + 1);
  }
  /** @type {Word[]} */
  const found = [];
  WORDS.lastIndex = 0;
  let place = 0;
  while (place < text.length) {
    WORDS.lastIndex = place;
    const match = WORDS.exec(text);
    if (!match) {
      const char = text[place];
      const quote = char === '"' || char === "'";
      const message = quote ? "This quote is never closed: end the text with the same sign." : `The sign ${char} means nothing here.`;
      throw new ExpressionError(message, place + 1);
    }
    const groups = match.groups ?? {};
    const kind = groups.number ? "number" : groups.text ? "text" : groups.sign ? "sign" : groups.name || groups.address ? "name" : "";
    if (kind) {
      const written = kind === "text" ? match[0].slice(1, -1) : match[0];
      found.push({ kind, text: written, column: place + 1, length: match[0].length });
    }
    place += match[0].length;
  }
  return [...found, { kind: "end", text: "", column: text.length + 1, length: 1 }];
}

/** @param {Word} word */
function told(word) {
  return word.kind === "end" ? "the end" : word.text.slice(0, 64) || "an empty text";
}

/** @param {Field} field */
function isNumber(field) {
  return !["choice", "address", "text"].includes(field.kind);
}

/** What a field may be compared by. @param {Field} field */
export function operatorsOf(field) {
  if (isNumber(field)) return [">", ">=", "<", "<=", "=", "!="];
  return field.kind === "text" ? ["=", "!=", "~"] : ["=", "!="];
}

/**
 * Read a filter.
 * @param {string} text @param {Map<string, Field>} fields @param {number | null} solUsd
 * @returns {{test: Test, fields: Set<string>, dollars: boolean}} raises ExpressionError
 */
export function parse(text, fields, solUsd) {
  const found = words(text);
  const reading = new Reading(found, fields, solUsd);
  const test = found.length > 1 ? reading.whole() : () => true;
  return { test, fields: reading.asked, dollars: reading.dollars };
}

class Reading {
  /** @param {Word[]} found @param {Map<string, Field>} fields @param {number | null} solUsd */
  constructor(found, fields, solUsd) {
    this.words = found;
    this.fields = fields;
    this.solUsd = solUsd;
    this.place = 0;
    this.depth = 0;
    this.comparisons = 0;
    /** @type {Set<string>} */
    this.asked = new Set();
    this.dollars = false;
  }

  get next() {
    return this.words[this.place];
  }

  take() {
    const word = this.next;
    if (word.kind !== "end") this.place += 1;
    return word;
  }

  /** @param {string} text */
  takes(text) {
    const word = this.next;
    const found = (word.kind === "name" || word.kind === "sign") && word.text.toLowerCase() === text;
    if (found) this.place += 1;
    return found;
  }

  /** @returns {Test} */
  whole() {
    const test = this.either();
    const word = this.next;
    if (word.kind === "end") return test;
    throw new ExpressionError(`Here ${told(word)} cannot follow: use and, or, or nothing.`, word.column, word.length, ["and", "or"]);
  }

  /** @returns {Test} */
  either() {
    const parts = [this.both()];
    while (this.takes("or")) parts.push(this.both());
    return parts.length === 1 ? parts[0] : (row) => parts.some((part) => part(row));
  }

  /** @returns {Test} */
  both() {
    const parts = [this.single()];
    while (this.takes("and")) parts.push(this.single());
    return parts.length === 1 ? parts[0] : (row) => parts.every((part) => part(row));
  }

  /** @returns {Test} */
  single() {
    const start = this.next;
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      throw new ExpressionError(`Brackets and nots go deeper than ${MAX_DEPTH}: write it flatter.`, start.column, start.length);
    }
    let test;
    if (this.takes("not")) {
      const part = this.single();
      test = (/** @type {Row} */ row) => !part(row);
    } else test = this.takes("(") ? this.bracket(start) : this.comparison();
    this.depth -= 1;
    return test;
  }

  /** @param {Word} opened @returns {Test} */
  bracket(opened) {
    const test = this.either();
    const word = this.next;
    if (this.takes(")")) return test;
    if (word.kind === "end") throw new ExpressionError("This bracket is never closed: add ) after it.", opened.column, 1, [")"]);
    throw new ExpressionError(`Here ${told(word)} cannot follow: use and, or, or ).`, word.column, word.length, ["and", "or", ")"]);
  }

  /** @returns {Test} */
  comparison() {
    const field = this.field();
    this.comparisons += 1;
    if (this.comparisons > MAX_COMPARISONS) {
      const word = this.words[this.place - 1];
      throw new ExpressionError(`A filter compares at most ${MAX_COMPARISONS} times: leave some out.`, word.column, word.length);
    }
    const place = this.place;
    if (this.takes("not")) {
      if (this.next.text.toLowerCase() === "in") {
        this.take();
        const part = this.list(field);
        return (row) => !part(row);
      }
      this.place = place;
    }
    if (this.takes("in")) return this.list(field);
    const operator = this.operator(field);
    return compared(field, operator, this.value(field, true));
  }

  /** @returns {Field} */
  field() {
    const word = this.take();
    const name = word.text.toLowerCase();
    const known = [...this.fields.keys()];
    if (word.kind !== "name" || KEYWORDS.includes(name)) {
      throw new ExpressionError(`Here belongs a field, such as volume_24h or holders, not ${told(word)}.`, word.column, word.length, known);
    }
    const field = this.fields.get(name);
    if (!field) {
      throw new ExpressionError(`There is no field called ${word.text.slice(0, 64)} to filter by.`, word.column, word.length, known);
    }
    this.asked.add(name);
    return field;
  }

  /** @param {Field} field */
  operator(field) {
    const word = this.take();
    const allowed = operatorsOf(field);
    const written = word.kind === "sign" || word.kind === "name" ? word.text.toLowerCase() : "";
    const operator = written === "==" ? "=" : written === "contains" ? "~" : written;
    if (allowed.includes(operator)) return operator;
    const message = `After ${field.name} belongs one of ${allowed.join(" ")} or in, not ${told(word)}.`;
    throw new ExpressionError(message, word.column, word.length, [...allowed, "in"]);
  }

  /** @param {Field} field @returns {Test} */
  list(field) {
    const word = this.next;
    if (!this.takes("(")) throw new ExpressionError("After in belongs a list in brackets.", word.column, word.length, ["("]);
    /** @type {Test[]} */
    const tests = [];
    for (;;) {
      const start = this.next;
      tests.push(compared(field, "=", this.value(field, false)));
      if (tests.length > MAX_VALUES) {
        throw new ExpressionError(`A list holds at most ${MAX_VALUES} values.`, start.column, start.length);
      }
      const after = this.next;
      if (this.takes(")")) return (row) => tests.some((test) => test(row));
      if (!this.takes(",")) {
        throw new ExpressionError(`In a list belongs , or ), not ${told(after)}.`, after.column, after.length, [",", ")"]);
      }
    }
  }

  /** @param {Field} field @param {boolean} others whether another field may stand there @returns {Row extends any ? (row: Row) => any : never} */
  value(field, others) {
    const word = this.take();
    if (isNumber(field)) {
      if (word.kind === "number") {
        const amount = this.amount(field, word);
        return () => amount;
      }
      if (others && word.kind === "name") return this.other(field, word);
      throw new ExpressionError(numberWanted(field, word), word.column, word.length);
    }
    const text = field.kind === "choice" ? choice(field, word) : freeText(field, word);
    return () => text;
  }

  /** @param {Field} field @param {Word} word */
  amount(field, word) {
    const [, dollar, digits, unit] = /^(\$?)(-?[0-9.]+)([A-Za-z%]*)$/.exec(word.text) ?? [];
    if (digits.length > MAX_DIGITS) throw new ExpressionError(`A number has at most ${MAX_DIGITS} digits.`, word.column, word.length);
    if (dollar && field.kind !== "sol" && field.kind !== "price") {
      throw new ExpressionError(`${field.name} is no amount of money: leave out the $.`, word.column, word.length);
    }
    const [factors, words] = UNITS[field.kind] ?? [MANY, "K, M, B or T"];
    const factor = factors[unit.toLowerCase()];
    if (factor === undefined) {
      const place = word.column + word.text.length - unit.length;
      const known = Object.keys(factors).filter(Boolean);
      throw new ExpressionError(`After a number of ${field.name} may stand ${words}, not ${unit}.`, place, unit.length, known);
    }
    if (dollar) this.dollars = true;
    const whole = Number(digits) * factor * (SCALES[field.kind] ?? 1);
    // Products like 0.019 times 10^12 come out a hair beside what they mean.
    return Number((dollar ? whole / (this.solUsd || Number.NaN) : whole).toPrecision(14));
  }

  /** @param {Field} field @param {Word} word */
  other(field, word) {
    const other = this.fields.get(word.text.toLowerCase());
    const alike = [...this.fields.values()].filter((each) => each.units === field.units).map((each) => each.name);
    if (!other) throw new ExpressionError(numberWanted(field, word), word.column, word.length, alike);
    if (other.units !== field.units) {
      throw new ExpressionError(`${field.name} and ${other.name} cannot be compared: their units differ.`, word.column, word.length, alike);
    }
    this.asked.add(other.name);
    return (/** @type {Row} */ row) => row(other.name);
  }
}

/** @param {Field} field @param {Word} word */
function numberWanted(field, word) {
  return `After ${field.name} belongs a number, such as ${EXAMPLES[field.kind]}, not ${told(word)}.`;
}

/** @param {Field} field @param {Word} word */
function choice(field, word) {
  const text = word.text.toLowerCase();
  if ((word.kind === "text" || word.kind === "name") && field.choices.includes(text)) return text;
  throw new ExpressionError(`${field.name} is one of ${field.choices.join(", ")}.`, word.column, word.length, field.choices);
}

/** @param {Field} field @param {Word} word */
function freeText(field, word) {
  if (word.kind === "sign" || word.kind === "end") {
    throw new ExpressionError(`After ${field.name} belongs a text in quotes.`, word.column, word.length);
  }
  if (!word.text || word.text.length > MAX_TEXT || /[\p{Cc}\p{Cf}]/u.test(word.text)) {
    const message = `A text has 1 to ${MAX_TEXT} characters, none of them control characters.`;
    throw new ExpressionError(message, word.column, word.length);
  }
  if (field.kind === "address" && !/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(word.text)) {
    throw new ExpressionError("This is no Solana address: copy it again.", word.column, word.length);
  }
  return field.kind === "text" ? word.text.toLowerCase() : word.text;
}

/** @type {Record<string, (left: any, right: any) => boolean>} */
const COMPARE = {
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  "=": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "~": (left, right) => left.includes(right),
};

/** @param {Field} field @param {string} operator @param {(row: Row) => any} value @returns {Test} */
function compared(field, operator, value) {
  const compare = COMPARE[operator];
  if (field.kind === "text") return (row) => compare(String(row(field.name)).toLowerCase(), value(row));
  return (row) => compare(row(field.name), value(row));
}
