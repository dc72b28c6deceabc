/** Which kind of token the launch form makes. */

import { maybe, one } from "../dom.js";
import { choice } from "./fields.js";

const USUAL = "token-2022";

/** @typedef {{standard: string, title: string, summary: string, available: boolean, reason: string | null}} Standard */

/** The kind of token as the API takes it, under its name; nothing for the usual one. */
export function standard() {
  return isClassic() ? { standard: "spl" } : {};
}

/** Whether a mint of the classic Token program is wanted. */
export function isClassic() {
  return choice("standard") === "spl";
}

/** Offer the kinds that this cluster has, and say why another is not to be had. @param {Standard[]} offered */
export function offerStandards(offered) {
  for (const { standard: kind, available } of offered) {
    const radio = /** @type {HTMLInputElement | null} */ (maybe(`#launch-form [name="standard"][value="${kind}"]`));
    if (!radio) continue;
    radio.disabled = !available;
    if (!available && radio.checked) /** @type {HTMLInputElement} */ (one(`#launch-form [name="standard"][value="${USUAL}"]`)).checked = true;
  }
  one("#h-standard").textContent = offered.map(({ reason }) => reason ?? "").join(" ").trim();
}
