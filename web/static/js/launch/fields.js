/** The fields of the launch form, read one by one. */

import { isAddress } from "../base58.js";
import { maybe, one } from "../dom.js";
import * as format from "../format.js";

const DAY = 86_400;

/** Something typed that cannot be used; stands at its field. */
export class FieldError extends Error {
  /** @param {string} field @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** @param {string} name */
export function value(name) {
  return /** @type {HTMLInputElement} */ (one(`#launch-form [name="${name}"]`)).value.trim();
}

/** The chosen one of some radio buttons. @param {string} name */
export function choice(name) {
  return /** @type {HTMLInputElement | null} */ (maybe(`#launch-form [name="${name}"]:checked`))?.value ?? "";
}

/** @param {string} name */
export function ticked(name) {
  return /** @type {HTMLInputElement} */ (one(`#launch-form [name="${name}"]`)).checked;
}

/** What a field says, in units of its last decimal. @param {string} name @param {number} decimals @param {string} message */
export function number(name, decimals, message) {
  const found = format.typed(value(name), decimals);
  if (found === null) throw new FieldError(name, message);
  return found;
}

/** @param {string} name an address, or empty @returns {string | null} */
export function addressOrNone(name) {
  const text = value(name);
  if (text && !isAddress(text)) throw new FieldError(name, "This is no Solana address: copy it again.");
  return text || null;
}

/** Seconds of whole days. @param {string} name */
export function days(name) {
  const found = number(name, 0, "Write a whole number of days.");
  if (found > 3650n) throw new FieldError(name, "At most ten years, that is 3650 days.");
  return Number(found) * DAY;
}
