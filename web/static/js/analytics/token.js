/** A token's analytics, alive: circles of holders, and sections that are fetched anew while it is traded. */

import { api, part } from "../api.js";
import { keepDollars } from "../dollars.js";
import { embedded, maybe, one, rendered } from "../dom.js";
import { follow } from "../live.js";
import { drawBubbles, shownOf } from "./bubbles.js";

const MOVED_MS = 3_000;
const QUIET_MS = 60_000;
const HOLDERS_MS = 30_000;
/** What may be replaced; what holds the focus or an open table stays as it is. */
const SECTIONS = ["analytics-summary", "activity", "depth", "traders", "risks"];
/** Holders who hide the others by their size, beyond this share of the supply. */
const CROWDING_BPS = 6_000;

const page = embedded("analytics-data");
const choice = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (one("#bubbles-all")));
let moved = false;
let asked = Date.now();
let busy = false;

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

async function refresh() {
  const age = Date.now() - asked;
  if (busy || document.hidden || age < MOVED_MS || (!moved && age < QUIET_MS)) return;
  busy = true;
  moved = false;
  asked = Date.now();
  const { html } = await part(page.part).catch(() => ({ html: "" }));
  const fresh = rendered(html);
  for (const id of SECTIONS) replaceSection(id, maybe(`#${id}`, fresh));
  busy = false;
}

/** @param {string} id @param {HTMLElement | null} fresh */
function replaceSection(id, fresh) {
  const old = maybe(`#${id}`);
  const inUse = old?.contains(document.activeElement) || maybe("details[open]", old ?? undefined);
  if (!old || !fresh || inUse || old.isEqualNode(fresh)) return;
  old.replaceWith(fresh);
}

const escrows = page.largest.filter((/** @type {any} */ one) => !shownOf([one], false).length);
const crowded = escrows.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.share_bps, 0);
choice.checked = page.largest.length > 0 && (crowded < CROWDING_BPS || escrows.length === page.largest.length);
choice.addEventListener("change", draw);
draw();
keepDollars();
const stirred = () => {
  moved = true;
};
follow(`token:${page.mint}`, { onEvent: stirred, onStale: stirred });
setInterval(() => void refresh(), 500);
setInterval(() => void refreshHolders(), HOLDERS_MS);
document.addEventListener("visibilitychange", () => document.hidden || void refreshHolders());
