/** Older rows of a list, page by page, as the server renders them. */

import { part } from "./api.js";
import { maybe, one, rendered, toast } from "./dom.js";

/** @param {string} place where rows go @param {string} link leads to the next part */
export function pageOlder(place, link) {
  maybe(link)?.addEventListener("click", async (event) => {
    event.preventDefault();
    const more = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    try {
      const { html, next } = await part(more.getAttribute("href") || "");
      one(place).append(rendered(html));
      if (next) more.href = next;
      else more.closest(".more")?.remove();
    } catch (error) {
      toast(error instanceof Error ? error.message : "Older rows could not be loaded.");
    }
  });
}
