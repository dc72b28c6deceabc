/** What the connected wallet has for this trade, what it lacks, and how to get it. */

import { api } from "../api.js";
import { h, one } from "../dom.js";
import * as format from "../format.js";
import { balanceOf, faucetButton, hasFaucet } from "../wallet/balance.js";
import * as session from "../wallet/session.js";
import { token, tokens } from "./state.js";

/** Base units; null while nobody can tell. @type {{sol: bigint | null, base: bigint | null}} */
const held = { sol: null, base: null };

/** Lamports of the wallet. */
export function heldSol() {
  return held.sol;
}

/** Base units of the token. */
export function heldBase() {
  return held.base;
}

/** A trade of ours said how much of the token is left. @param {string} base */
export function nowHolds(base) {
  held.base = BigInt(base);
}

/** Ask for both balances; resolves to false when the wallet changed meanwhile. */
export async function readBalances() {
  const address = session.address();
  const [lamports, base] = address ? await Promise.all([balanceOf(address), baseBalance(address)]) : [null, null];
  if (address !== session.address()) return false;
  held.sol = lamports === null ? null : BigInt(lamports);
  held.base = base;
  return true;
}

/** @param {string} address @returns {Promise<bigint | null>} */
async function baseBalance(address) {
  try {
    const { data } = await api(`/api/v1/portfolio/${address}?limit=100`);
    const position = data.find((/** @type {{mint: string}} */ kept) => kept.mint === token.mint);
    return BigInt(position?.balance ?? 0);
  } catch {
    return null;
  }
}

/** What is there to pay with. @param {"buy" | "sell"} side */
export function showHeld(side) {
  const base = side === "buy" ? held.sol : held.base;
  const text = base === null ? "" : side === "buy" ? `${format.sol(base)} SOL` : `${format.amount(tokens(base))} ${token.symbol}`;
  one("#trade-balance").textContent = text && `You have ${text}`;
}

/**
 * What the wallet lacks for a quoted trade.
 * @param {"buy" | "sell"} side @param {any} quote
 * @returns {{sentence: string, sol: boolean} | null} null when nothing, or when its balance is not known
 */
export function shortfall(side, quote) {
  if (side === "sell" && held.base !== null && BigInt(quote.amount_in) > held.base) {
    return { sentence: `You have ${format.amount(tokens(held.base))} ${token.symbol}.`, sol: false };
  }
  if (held.sol === null) return null;
  const fees = BigInt(quote.fees.network) + BigInt(quote.fees.priority ?? 0) + BigInt(quote.fees.tip) + BigInt(quote.fees.account_rent) + BigInt(quote.fees.passing_deposit);
  const needs = side === "buy" ? BigInt(quote.worst_in) + fees : fees;
  if (needs <= held.sol) return null;
  return { sentence: `This needs ${format.sol(needs)} SOL with fees; you have ${format.sol(held.sol)} SOL.`, sol: true };
}

/** Offer SOL where some is lacking: before anything is typed if there is none at all. @param {boolean} lacking */
export function offerSol(lacking) {
  const place = one("#trade-funds");
  const empty = held.sol === 0n;
  const address = session.address() ?? "";
  const hidden = !lacking && !empty;
  if (hidden && place.contains(document.activeElement)) one("#trade-amount").focus();
  place.hidden = hidden;
  const key = `${address} ${empty}`;
  if (hidden || place.dataset.key === key) return;
  place.dataset.key = key;
  const give = hasFaucet
    ? faucetButton()
    : h("button", { class: "button tiny", type: "button", "data-copy": address, title: address }, "Copy address");
  const text = !hasFaucet ? "Send SOL to your wallet first." : empty ? "No SOL yet. Play money is free." : "Play money is free here.";
  place.replaceChildren(h("p", { class: "small" }, text), give);
}
