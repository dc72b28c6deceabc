/**
 * How numbers, times and addresses are written for people: the twin of web/formats.py.
 *
 * Values come in as decimal text or BigInt, never as a float of money; both twins read
 * tests/vectors/formats.json.
 */

const MINUS = "\u2212";
const NOTHING = "\u2014";
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
const SCALES = /** @type {const} */ ([[12, "T"], [9, "B"], [6, "M"], [3, "K"]]);
const COUNTED_ZEROS = 4;
const SIGNIFICANT = 4;
const DAY = 86_400;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @typedef {string | bigint | number} Numeric */
/**
 * `digits` times ten to the minus `scale`.
 * @typedef {{negative: boolean, digits: bigint, scale: number}} Fixed
 */

/**
 * @param {Numeric} value decimal text, with or without an exponent
 * @returns {Fixed}
 */
export function parse(value) {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(value).trim());
  if (!match) throw new RangeError(`not a number: ${value}`);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  let digits = BigInt(whole + fraction || "0");
  let scale = fraction.length - Number(exponent);
  if (scale < 0) {
    digits *= 10n ** BigInt(-scale);
    scale = 0;
  }
  return { negative: sign === "-", digits, scale };
}

/** @param {Fixed} number @returns {number} the power of ten of its first digit */
function magnitude({ digits, scale }) {
  return digits.toString().length - 1 - scale;
}

/**
 * @param {Fixed} number
 * @param {number} places digits kept after the point; may be negative
 * @param {boolean} up half to even when true, cut when false
 * @returns {Fixed}
 */
function quantize({ negative, digits, scale }, places, up) {
  if (places >= scale) return { negative, digits: digits * 10n ** BigInt(places - scale), scale: places };
  const step = 10n ** BigInt(scale - places);
  let kept = digits / step;
  const twice = (digits % step) * 2n;
  if (up && (twice > step || (twice === step && kept % 2n === 1n))) kept += 1n;
  return { negative, digits: kept, scale: places };
}

/** @param {Fixed} number @param {boolean} up @returns {Fixed} */
function significant(number, up) {
  const places = SIGNIFICANT - 1 - magnitude(number);
  const rounded = quantize(number, places, up);
  return rounded.digits.toString().length > SIGNIFICANT ? quantize(number, places - 1, up) : rounded;
}

/** @param {Fixed} number @returns {Fixed} */
function trimmed({ negative, digits, scale }) {
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return { negative, digits, scale };
}

/** @param {Fixed} number @param {boolean} [grouped] @returns {string} without its sign */
function plain({ digits, scale }, grouped = true) {
  const whole = scale < 0 ? (digits * 10n ** BigInt(-scale)).toString() : digits.toString().padStart(scale + 1, "0");
  const cut = scale > 0 ? whole.length - scale : whole.length;
  const left = whole.slice(0, cut);
  const right = scale > 0 ? `.${whole.slice(cut)}` : "";
  return (grouped ? left.replace(/\B(?=(\d{3})+$)/g, ",") : left) + right;
}

/** @param {Fixed} number @param {string} text */
function signed(number, text) {
  return number.negative && text !== "0" ? MINUS + text : text;
}

/** @param {string} text digits with a point */
function counted(text) {
  const match = /^0\.(0+)([1-9]\d*)$/.exec(text);
  if (!match || match[1].length < COUNTED_ZEROS) return text;
  const count = [...String(match[1].length)].map((digit) => SUBSCRIPTS[Number(digit)]).join("");
  return `0.0${count}${match[2]}`;
}

/** @param {Fixed} number @param {boolean} up @param {boolean} trim */
function compact(number, up, trim) {
  const high = magnitude(number);
  let place = SCALES.findIndex(([power]) => high >= power);
  let scaled = significant({ ...number, scale: number.scale + SCALES[place][0] }, up);
  if (magnitude(scaled) >= 3 && place > 0) {
    place -= 1;
    scaled = significant({ ...number, scale: number.scale + SCALES[place][0] }, up);
  }
  return signed(number, plain(trim ? trimmed(scaled) : scaled) + SCALES[place][1]);
}

/** A price in four significant digits, half to even. @param {Numeric | null | undefined} value */
export function price(value) {
  if (value === null || value === undefined) return NOTHING;
  const number = parse(value);
  if (number.digits === 0n) return "0";
  if (magnitude(number) >= 4) return compact(number, true, false);
  return signed(number, counted(plain(significant(number, true))));
}

/** An amount in whole units, cut and never rounded up. @param {Numeric | null | undefined} value */
export function amount(value) {
  if (value === null || value === undefined) return NOTHING;
  const number = parse(value);
  const high = magnitude(number);
  if (number.digits !== 0n && high >= 4) return compact(number, false, true);
  const cut = number.digits === 0n || high >= 0 ? quantize(number, high >= 1 ? 2 : 3, false) : significant(number, false);
  return signed(number, counted(plain(trimmed(cut))));
}

/**
 * Base units as an exact decimal text of whole units.
 * @param {Numeric} base @param {number} decimals
 */
export function units(base, decimals) {
  const number = parse(base);
  const text = plain(trimmed({ ...number, scale: number.scale + decimals }), false);
  return number.negative && number.digits !== 0n ? `-${text}` : text;
}

/** Lamports as an amount of SOL, without the unit. @param {Numeric | null | undefined} lamports */
export function sol(lamports) {
  return lamports === null || lamports === undefined ? NOTHING : amount(units(lamports, 9));
}

/** Every digit, in groups of three. @param {Numeric | null | undefined} value */
export function exact(value) {
  if (value === null || value === undefined) return NOTHING;
  const number = parse(value);
  return signed(number, plain(trimmed(number)));
}

/** Basis points as a percentage that carries its sign. @param {number | null | undefined} bps */
export function percent(bps) {
  if (bps === null || bps === undefined) return NOTHING;
  const number = parse(Math.abs(bps));
  const part = { ...number, scale: number.scale + 2 };
  const high = magnitude(part);
  const text = high >= 4 ? compact(part, false, true) : plain(quantize(part, high < 1 ? 2 : high < 2 ? 1 : 0, true));
  return `${bps > 0 ? "+" : bps < 0 ? MINUS : ""}${text}%`;
}

/** Basis points as a part of a whole, unsigned. @param {number | null | undefined} bps */
export function share(bps) {
  return bps === null || bps === undefined ? NOTHING : `${units(bps, 2)}%`;
}

/** Four and four characters of an address. @param {string | null | undefined} text */
export function address(text) {
  if (!text) return NOTHING;
  return text.length <= 9 ? text : `${text.slice(0, 4)}…${text.slice(-4)}`;
}

/** How long ago, under a day; else the date. @param {Date} moment @param {Date} now */
export function ago(moment, now) {
  const seconds = Math.max(0, Math.floor((now.getTime() - moment.getTime()) / 1000));
  if (seconds < DAY) return duration(seconds);
  const year = moment.getUTCFullYear() === now.getUTCFullYear() ? "" : ` ${moment.getUTCFullYear()}`;
  return `${moment.getUTCDate()} ${MONTHS[moment.getUTCMonth()]}${year}`;
}

/** A span of time in its largest unit. @param {number} seconds */
export function duration(seconds) {
  for (const [size, unit] of /** @type {const} */ ([[DAY, "d"], [3600, "h"], [60, "min"]])) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return `${seconds} s`;
}

/** A moment in full. @param {Date | null | undefined} value */
export function moment(value) {
  return value ? `${value.toISOString().slice(0, 19).replace("T", " ")} UTC` : NOTHING;
}

/**
 * What a person typed, in base units; null when it is no amount that this token can have.
 * A lone comma is a point where it can mean nothing else; `1,234` could be either, so it is refused.
 * @param {string} text @param {number} decimals @returns {bigint | null}
 */
export function typed(text, decimals) {
  let clean = text.replace(/[\s_']/g, "");
  if (/^(0|\d{4,})?,\d+$|^\d+,(\d{1,2}|\d{4,})$/.test(clean)) clean = clean.replace(",", ".");
  else if (/^\d{1,3}(,\d{3})+\.\d*$|^\d{1,3}(,\d{3}){2,}$/.test(clean)) clean = clean.replaceAll(",", "");
  if (!/^(\d+\.?\d*|\.\d+)$/.test(clean)) return null;
  const { digits, scale } = trimmed(parse(clean));
  return scale > decimals ? null : digits * 10n ** BigInt(decimals - scale);
}
