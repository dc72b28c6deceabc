/** What a wallet can pay with, and play money for it where the cluster gives some. */

import { ApiError, api, post } from "../api.js";
import { embedded, h, toast } from "../dom.js";
import * as session from "./session.js";

const AIRDROP_LAMPORTS = 10_000_000_000;
const ARRIVAL_TRIES = 20;
const ARRIVAL_PAUSE_MS = 300;

/** Whether this cluster gives play money away. @type {boolean} */
export const hasFaucet = embedded("site").local;

/** @param {string} address @returns {Promise<string | null>} lamports, or null while nobody can tell */
export async function balanceOf(address) {
  try {
    return (await api(`/api/v1/portfolio/${address}?limit=1`)).sol_balance;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** Ten SOL for a wallet; resolves once the chain shows them. @param {string} address */
export async function getPlayMoney(address) {
  const before = await balanceOf(address);
  await post("/api/local/airdrop", { address, lamports: String(AIRDROP_LAMPORTS) });
  for (let tries = 0; tries < ARRIVAL_TRIES; tries += 1) {
    const now = await balanceOf(address);
    if (now !== null && now !== before) break;
    await new Promise((resolve) => setTimeout(resolve, ARRIVAL_PAUSE_MS));
  }
  document.dispatchEvent(new CustomEvent("balance-changed"));
}

/**
 * A button that funds the connected wallet: to stand wherever something fails for want of SOL.
 * @param {string} [kind] its class, besides `button`
 * @param {(error: Error) => void} [failed] hears why nothing came
 */
export function faucetButton(kind = "tiny primary", failed = (error) => toast(error.message)) {
  const button = h("button", { class: `button ${kind}`, type: "button" }, "Get 10 SOL");
  button.addEventListener("click", async () => {
    const address = session.address();
    if (!address) return;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      await getPlayMoney(address);
    } catch (error) {
      failed(error instanceof Error ? error : new Error("The faucet did not answer. Try again."));
    }
    button.disabled = false;
    button.removeAttribute("aria-busy");
  });
  return button;
}
