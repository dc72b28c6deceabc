/** Links of a drawing that tell themselves, to pointer, focus and arrow keys. */

import { one } from "../dom.js";

/**
 * One of the links is reached by Tab, the others from there by arrow keys, Home and End.
 * @param {Element} drawing @param {SVGAElement[]} links in the order of the keys @param {string} tip where they are told
 */
export function rove(drawing, links, tip) {
  links[0]?.setAttribute("tabindex", "0");
  drawing.addEventListener("keydown", (event) => move(/** @type {KeyboardEvent} */ (event), links));
  for (const kind of ["pointerover", "focusin"]) drawing.addEventListener(kind, ({ target }) => tell(target, tip));
}

/** @param {EventTarget | null} target @param {string} tip */
function tell(target, tip) {
  const words = target instanceof Element ? target.closest("a")?.getAttribute("aria-label") : null;
  if (words) one(tip).textContent = words;
}

/** @param {KeyboardEvent} event @param {SVGAElement[]} links */
function move(event, links) {
  const here = links.indexOf(/** @type {SVGAElement} */ (/** @type {unknown} */ (document.activeElement)));
  /** @type {Record<string, number>} */
  const targets = {
    ArrowRight: here + 1,
    ArrowDown: here + 1,
    ArrowLeft: here - 1,
    ArrowUp: here - 1,
    Home: 0,
    End: links.length - 1,
  };
  const link = links[targets[event.key]];
  if (here < 0 || !link) return;
  event.preventDefault();
  for (const each of links) each.setAttribute("tabindex", each === link ? "0" : "-1");
  link.focus();
}
