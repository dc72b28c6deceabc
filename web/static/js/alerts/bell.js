/** The bell of every page: how many alerts are unread, and those that fire while one looks. */

import { api } from "../api.js";
import { maybe, one, toast } from "../dom.js";
import { follow, unfollow } from "../live.js";
import * as session from "../wallet/session.js";

const MOST_SHOWN = 99;

let owner = "";
let unread = 0;

/** Follow whoever is signed in, and nobody else. */
export function startBell() {
  session.watch(() => {
    const now = session.signedInAs() ?? "";
    if (now === owner) return;
    if (owner) unfollow(`user:${owner}`);
    owner = now;
    one("#alerts-link").hidden = !owner;
    if (!owner) return;
    follow(`user:${owner}`, { onEvent: fired, onStale: () => void count(), onJoined: () => void count() });
  });
  document.addEventListener("alerts-read", (event) => show(/** @type {CustomEvent} */ (event).detail));
}

async function count() {
  const found = await api("/api/v1/alerts/triggered?limit=1").catch(() => null);
  if (found) show(found.unread);
}

/** @param {number} number */
function show(number) {
  unread = number;
  const badge = one("#alerts-link .badge");
  badge.hidden = unread === 0;
  badge.textContent = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread);
  one("#alerts-link").setAttribute("aria-label", unread ? `Alerts, ${unread} unread` : "Alerts");
}

/** @param {import("../live.js").Envelope} event */
function fired(event) {
  if (event.type !== "alert.triggered") return;
  show(unread + 1);
  if (!maybe("#alerts-page")) toast(event.data.message);
  document.dispatchEvent(new CustomEvent("alert-fired", { detail: event.data }));
}
