/** Time locks that count down and let go by themselves. */

import { all, h } from "../dom.js";

const DAY = 86_400;

/** How long a lock still holds. @param {string} iso */
export function left(iso) {
  const place = h("strong", { class: "num", "data-until": iso, title: iso });
  show(place);
  return place;
}

/** @param {HTMLElement} place */
function show(place) {
  const seconds = Math.ceil((Date.parse(place.dataset.until ?? "") - Date.now()) / 1000);
  const text = seconds > 0 ? `in ${clock(seconds)}` : "from now on";
  if (place.textContent !== text) place.textContent = text;
}

/** @param {number} seconds */
function clock(seconds) {
  const [days, rest] = [Math.floor(seconds / DAY), seconds % DAY];
  const parts = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60].map((part) => String(part).padStart(2, "0"));
  return `${days ? `${days} d ` : ""}${parts.join(":")}`;
}

function tick() {
  all("[data-until]").forEach(show);
  for (const button of all("button[data-from]")) {
    if (Date.parse(button.dataset.from ?? "") > Date.now()) continue;
    button.removeAttribute("disabled");
    delete button.dataset.from;
  }
}

setInterval(tick, 500);
