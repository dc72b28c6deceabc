/** A wallet's page: the balance on chain, claims, and older trades. */

import { post } from "./api.js";
import { all, amount, maybe, one, toast } from "./dom.js";
import * as format from "./format.js";
import { pageOlder } from "./older.js";
import { run } from "./transactions.js";
import { balanceOf } from "./wallet/balance.js";
import * as session from "./wallet/session.js";

const page = maybe("#wallet-page");

/** A guest who signs in gets a portfolio. */
function startGuest() {
  const before = session.signedInAs();
  session.watch(() => {
    if (!before && session.signedInAs()) location.assign("/portfolio");
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
  const fees = button.dataset.claim === "fees";
  const entry = await run({
    title: fees ? "Claim creator fees" : "Claim vested tokens",
    href: "/portfolio",
    build: () =>
      fees
        ? post("/api/claims/creator-fees", { creator: wallet, mint: button.dataset.mint })
        : post("/api/claims/vesting", { beneficiary: wallet, schedule: button.dataset.schedule }),
  });
  if (entry.state === "confirmed" || entry.state === "finalized") location.reload();
  else button.disabled = false;
}

if (page) {
  void showBalance(page.dataset.wallet ?? "");
  document.addEventListener("balance-changed", () => void showBalance(page.dataset.wallet ?? ""));
  pageOlder("#wallet-trades", "#more-trades");
  for (const button of all("[data-claim]")) button.addEventListener("click", () => void claim(/** @type {HTMLButtonElement} */ (button)));
} else {
  startGuest();
}
