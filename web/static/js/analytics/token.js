/** A token's analytics, alive: circles of holders, and sections that are fetched anew while it is traded. */

import { api } from "../api.js";
import { keepDollars } from "../dollars.js";
import { embedded, one } from "../dom.js";
import { follow } from "../live.js";
import { drawBubbles, shownOf } from "./bubbles.js";
import { keepFresh } from "./sections.js";

const MOVED_MS = 3_000;
const HOLDERS_MS = 30_000;
/** What may be replaced. */
const SECTIONS = ["analytics-summary", "activity", "depth", "traders", "risks"];
/** Holders who hide the others by their size, beyond this share of the supply. */
const CROWDING_BPS = 6_000;

const page = embedded("analytics-data");
const choice = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (one("#bubbles-all")));

function draw() {
  const shown = shownOf(page.largest, choice.checked);
  if (shown.length) drawBubbles(one("#bubbles"), shown, page.roles, page);
  else one("#bubbles").replaceChildren("Nobody but the curve, pools and locks holds any yet.");
  one("#bubbles").hidden = false;
}

async function refreshHolders() {
  if (document.hidden) return;
  const found = await api(`/api/v1/tokens/${page.mint}/distribution`).catch(() => null);
  if (!found || JSON.stringify(found.largest) === JSON.stringify(page.largest)) return;
  page.largest = found.largest;
  draw();
}

const escrows = page.largest.filter((/** @type {any} */ one) => !shownOf([one], false).length);
const crowded = escrows.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.share_bps, 0);
choice.checked = page.largest.length > 0 && (crowded < CROWDING_BPS || escrows.length === page.largest.length);
choice.addEventListener("change", draw);
draw();
keepDollars();
const stirred = keepFresh(page.part, SECTIONS, MOVED_MS, 500);
follow(`token:${page.mint}`, { onEvent: stirred, onStale: stirred });
setInterval(() => void refreshHolders(), HOLDERS_MS);
document.addEventListener("visibilitychange", () => document.hidden || void refreshHolders());
