/** A wallet's page: the balance on chain, claims, and older trades. */

import { part, post } from "./api.js";
import { startDevices } from "./devices.js";
import { amount, maybe, one, rendered, toast } from "./dom.js";
import * as format from "./format.js";
import { pageOlder } from "./older.js";
import { run } from "./transactions.js";
import { balanceOf } from "./wallet/balance.js";
import * as session from "./wallet/session.js";

const UNLOCKS_MS = 5000;
const TOLD_TRIES = 20;
const TOLD_PAUSE_MS = 300;

const page = maybe("#wallet-page");
/** A claim is under way, so nothing under its button may change. */
let claiming = false;

/** A guest who signs in gets the page that was asked for. */
function startGuest() {
  const before = session.signedInAs();
  session.watch(() => {
    if (!before && session.signedInAs()) location.assign(location.pathname === "/claims" ? "/claims" : "/portfolio");
  });
}

/** @param {string} wallet */
async function showBalance(wallet) {
  const lamports = await balanceOf(wallet);
  one("#sol-balance").replaceChildren(lamports === null ? "not known just now" : amount(format.units(lamports, 9), "SOL"));
}

/** @param {HTMLButtonElement} button */
async function claim(button) {
  const wallet = session.address();
  if (!wallet) {
    toast("Connect the wallet of this portfolio first.");
    return;
  }
  button.disabled = true;
  claiming = true;
  const fees = button.dataset.claim === "fees";
  const entry = await run({
    title: fees ? "Claim creator fees" : "Claim vested tokens",
    href: "/portfolio",
    build: () =>
      fees
        ? post("/api/claims/creator-fees", { creator: wallet, mint: button.dataset.mint })
        : post("/api/claims/vesting", { beneficiary: wallet, schedule: button.dataset.schedule }),
  });
  if (entry.state === "confirmed" || entry.state === "finalized") {
    await untilTold(button);
    location.reload();
  }
  claiming = false;
  button.disabled = false;
}

/** @param {HTMLElement} button what names it on a newer page */
function selectorOf({ dataset }) {
  return dataset.schedule ? `[data-schedule="${dataset.schedule}"]` : `[data-claim="fees"][data-mint="${dataset.mint}"]`;
}

/** The chain has it; the page follows as soon as it is indexed. @param {HTMLElement} button */
async function untilTold(button) {
  for (let tries = 0; tries < TOLD_TRIES; tries += 1) {
    const fresh = maybe(selectorOf(button), await newest());
    if (fresh?.dataset.amount !== button.dataset.amount) return;
    await new Promise((resolve) => setTimeout(resolve, TOLD_PAUSE_MS));
  }
}

/** This page as the server draws it now. */
async function newest() {
  const { html } = await part(location.pathname + location.search).catch(() => ({ html: "" }));
  return rendered(html);
}

/** What is released grows with time alone. */
async function refreshUnlocks() {
  const old = maybe("#unlocks");
  if (!old || claiming || document.hidden) return;
  const fresh = maybe("#unlocks", await newest());
  if (!fresh || claiming || fresh.isEqualNode(old)) return;
  const focused = /** @type {HTMLElement | null} */ (old.contains(document.activeElement) ? document.activeElement : null);
  old.replaceWith(fresh);
  if (focused) maybe(selectorOf(focused), fresh)?.focus();
}

if (page) {
  void showBalance(page.dataset.wallet ?? "");
  document.addEventListener("balance-changed", () => void showBalance(page.dataset.wallet ?? ""));
  pageOlder("#wallet-trades", "#more-trades");
  page.addEventListener("click", (event) => {
    const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest("[data-claim]"));
    if (button) void claim(button);
  });
  setInterval(() => void refreshUnlocks(), UNLOCKS_MS);
  startDevices();
} else {
  startGuest();
}
