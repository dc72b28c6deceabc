/** On a phone the panel that trades is a sheet over the page; elsewhere it stands beside the chart. */

import { all, h, maybe, one } from "../dom.js";

const isSheet = matchMedia("(max-width: 959px)");
const veil = h("div", { class: "trade-veil", click: () => closeSheet() });
/** What had the focus before the sheet took it. @type {HTMLElement | null} */
let opener = null;

/** Wire what closes it. */
export function startSheet() {
  one("#trade").after(veil);
  maybe(".sheet-close")?.addEventListener("click", closeSheet);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closeSheet());
  document.addEventListener("trade-confirmed", closeSheet);
  isSheet.addEventListener("change", closeSheet);
}

/** Bring it up; what lies behind it cannot be reached until it is put away. */
export function openSheet() {
  if (!isSheet.matches || isOpen()) return;
  opener = /** @type {HTMLElement | null} */ (document.activeElement);
  one("#trade").dataset.open = "";
  veil.dataset.open = "";
  for (const place of behind()) place.inert = true;
}

/** Put it away, and go back to where one was. */
export function closeSheet() {
  if (!isOpen()) return;
  delete one("#trade").dataset.open;
  delete veil.dataset.open;
  for (const place of behind()) place.inert = false;
  opener?.focus();
  opener = null;
}

function isOpen() {
  return veil.dataset.open !== undefined;
}

function behind() {
  return all(".header, .token-head, .phone-tabs, .market-column, .centre-column, #room, .trade-bar, .footer");
}
