/** What runs on every page: theme, search, keys, copying, the live mark, wallets, transactions. */

import { all, keepTimesFresh, maybe, one, toast } from "./dom.js";
import { startKeys } from "./keys.js";
import { watchState } from "./live.js";
import { startSearch } from "./search.js";
import { startTransactions } from "./transactions.js";
import { startWallets } from "./wallet/dialog.js";
import * as session from "./wallet/session.js";

const YEAR = 365 * 86_400;

function startTheme() {
  const flip = () => {
    const light = getComputedStyle(document.documentElement).colorScheme === "light";
    const chosen = light ? "dark" : "light";
    document.documentElement.dataset.theme = chosen;
    // A cookie, so that the server paints the right theme first.
    document.cookie = `theme=${chosen}; Path=/; Max-Age=${YEAR}; SameSite=Lax${location.protocol === "https:" ? "; Secure" : ""}`;
    document.dispatchEvent(new CustomEvent("theme-changed"));
  };
  for (const button of all("[data-theme-switch]")) button.addEventListener("click", flip);
}

function startCopying() {
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-copy]"));
    if (!button) return;
    navigator.clipboard
      .writeText(button.dataset.copy || "")
      .then(() => toast("Copied"))
      .catch(() => toast(button.dataset.copy || ""));
  });
}

/** Popovers open beside what opened them. */
function startPopovers() {
  document.addEventListener(
    "toggle",
    (event) => {
      const box = /** @type {HTMLElement} */ (event.target);
      if (!box.matches?.(".popover:popover-open")) return;
      const opener = all(`[popovertarget="${box.id}"]`)[0];
      if (!opener) return;
      const place = opener.getBoundingClientRect();
      const left = Math.min(Math.max(8, place.left), innerWidth - box.offsetWidth - 8);
      const below = place.bottom + 6 + box.offsetHeight < innerHeight;
      box.style.left = `${left}px`;
      box.style.top = `${below ? place.bottom + 6 : Math.max(8, place.top - box.offsetHeight - 6)}px`;
    },
    true,
  );
}

function startLiveMark() {
  const words = { idle: "No live data on this page", live: "Live", waiting: "Connecting", offline: "Offline" };
  watchState((state) => {
    const mark = maybe(".network");
    if (mark) {
      mark.dataset.live = state;
      mark.title = words[state];
    }
    one("#offline-bar").hidden = state !== "offline";
  });
}

/** Only who is signed in has alerts, and needs what follows them. */
function startAlerts() {
  let begun = false;
  session.watch(() => {
    if (begun || !session.signedInAs()) return;
    begun = true;
    void import("./alerts/bell.js").then(({ startBell }) => startBell());
  });
}

startTheme();
startCopying();
startPopovers();
startKeys();
startSearch();
startLiveMark();
keepTimesFresh();
if (maybe("[data-star]")) void import("./watch.js").then(({ startWatching }) => startWatching());
startTransactions();
startAlerts();
void startWallets();
if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
