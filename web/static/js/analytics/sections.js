/** Sections of a page that the server draws, fetched anew while things move and now and then when they do not. */

import { part } from "../api.js";
import { maybe, rendered } from "../dom.js";

const QUIET_MS = 60_000;

/**
 * Keep sections as the server draws them now. What holds the focus or an open table stays as it is.
 * @param {string} path of the part of the page that holds them @param {string[]} ids
 * @param {number} movedMs how long at least between two fetches @param {number} checkMs
 * @param {(old: HTMLElement, fresh: HTMLElement) => boolean} [same] whether there is nothing to replace
 * @param {(id: string) => void} [replaced] called after a section was
 * @returns {() => void} to be called when something moved
 */
export function keepFresh(path, ids, movedMs, checkMs, same = (old, fresh) => old.isEqualNode(fresh), replaced = () => {}) {
  let moved = false;
  let asked = Date.now();
  let busy = false;

  async function refresh() {
    const age = Date.now() - asked;
    if (busy || document.hidden || age < movedMs || (!moved && age < QUIET_MS)) return;
    busy = true;
    moved = false;
    asked = Date.now();
    const { html } = await part(path).catch(() => ({ html: "" }));
    const page = rendered(html);
    for (const id of ids) {
      const [old, fresh] = [maybe(`#${id}`), maybe(`#${id}`, page)];
      if (!old || !fresh || isInUse(old) || same(old, fresh)) continue;
      old.replaceWith(fresh);
      replaced(id);
    }
    busy = false;
  }

  setInterval(() => void refresh(), checkMs);
  return () => {
    moved = true;
  };
}

/** @param {HTMLElement} section */
function isInUse(section) {
  return section.contains(document.activeElement) || maybe("details[open]", section) !== null;
}
