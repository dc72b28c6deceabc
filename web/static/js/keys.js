/** Keyboard shortcuts, and the list of them. */

import { h, icon, maybe, one } from "./dom.js";

/** @type {Map<string, {title: string, action: () => void}>} */
const shortcuts = new Map();

/** Offer a key on this page. @param {string} key @param {string} title @param {() => void} action */
export function shortcut(key, title, action) {
  shortcuts.set(key, { title, action });
}

function openHelp() {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "keys-title", close: () => dialog.remove() },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "keys-title" }, "Keyboard"),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => dialog.close() }, icon("close")),
    ),
    h(
      "dl",
      { class: "dialog-body facts" },
      ...[...shortcuts].map(([key, { title }]) => h("div", {}, h("dt", {}, title), h("dd", {}, h("kbd", {}, key)))),
      h("div", {}, h("dt", {}, "Close what is open"), h("dd", {}, h("kbd", {}, "Esc"))),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {EventTarget | null} target whether keys typed there are text */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Begin to listen. */
export function startKeys() {
  shortcut("/", "Search", () => one("input[type=search]").focus());
  shortcut("?", "This list", openHelp);
  maybe("#keys-button")?.addEventListener("click", openHelp);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const found = shortcuts.get(event.key);
    if (!found) return;
    event.preventDefault();
    found.action();
  });
}
