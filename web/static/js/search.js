/** Answers under the search field as one types; without this module the form leads to a page of results. */

import { part } from "./api.js";
import { all, h, one, rendered, settled } from "./dom.js";

/** Wire the search field of the header. */
export function startSearch() {
  const form = one(".search");
  const input = /** @type {HTMLInputElement} */ (one("input", form));
  const list = h("div", { class: "found", id: "found", role: "listbox", "aria-label": "Tokens found", hidden: true });
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "found");

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const look = settled(150, async () => {
    const term = input.value.trim();
    if (!term) return close();
    const { html } = await part(`/search?part=found&q=${encodeURIComponent(term)}`).catch(() => ({ html: "" }));
    // A later letter may have overtaken this answer.
    if (term !== input.value.trim() || !html) return;
    list.replaceChildren(rendered(html));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  });
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(list, input, event.key === "ArrowDown" ? 1 : -1);
    }
    const chosen = /** @type {HTMLAnchorElement | null} */ (list.querySelector('[aria-selected="true"]'));
    if (event.key === "Enter" && chosen && !list.hidden) {
      event.preventDefault();
      location.assign(chosen.href);
    }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(/** @type {Node} */ (event.target))) close();
  });
}

/** @param {HTMLElement} list @param {HTMLInputElement} input @param {1 | -1} step */
function move(list, input, step) {
  const options = all("[role=option]", list);
  if (!options.length) return;
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = now < 0 ? (step > 0 ? 0 : options.length - 1) : (now + step + options.length) % options.length;
  for (const [place, option] of options.entries()) option.setAttribute("aria-selected", String(place === next));
  input.setAttribute("aria-activedescendant", options[next].id);
}
