/** The claims page: everything that waits, told by the chain and the index, signed one by one or at once. */

import { api, post } from "./api.js";
import { amount, embedded, h, one, replace, sol, toast } from "./dom.js";
import * as format from "./format.js";
import { run } from "./transactions.js";
import * as session from "./wallet/session.js";

const TOLD_TRIES = 20;
const TOLD_PAUSE_MS = 300;
const AGAIN_MS = 5_000;
// As many transactions as a wallet shows on one sheet without hiding any.
const MOST_AT_ONCE = 8;

/**
 * @typedef {object} Claim
 * @property {string} kind
 * @property {string} subject
 * @property {string | null} mint
 * @property {string} name
 * @property {string} amount
 * @property {string} unit
 * @property {number} decimals
 * @property {{amount: string, unit: string, decimals: number} | null} besides
 * @property {string} path
 * @property {Record<string, string>} body
 */

const wallet = one("#claims-page").dataset.wallet ?? "";
const together = /** @type {HTMLButtonElement} */ (one("#claim-all"));
/** @type {Record<string, {title: string, explains: string}>} */
const words = embedded("claim-words");
/** @type {Claim[]} */
let claims = [];
let working = false;

/** @param {Claim} claim */
const titleOf = ({ kind, name }) => `${words[kind].title}: ${name}`;
/** @param {Claim} claim */
const keyOf = ({ path, body }) => `${path} ${JSON.stringify(body)}`;

/** What waits now; the list stays as it was where nobody answers. */
async function read() {
  const found = await api(`/api/claims?wallet=${wallet}`);
  claims = found.data;
  one("#incomplete").hidden = found.complete;
  if (!found.complete) setTimeout(() => void show(), AGAIN_MS);
  return found;
}

async function show() {
  const found = await read().catch(() => null);
  one("#waiting").removeAttribute("aria-busy");
  if (!found) {
    one("#incomplete").hidden = false;
    setTimeout(() => void show(), AGAIN_MS);
    return;
  }
  replace(one("#waiting-sol"), sol(found.lamports));
  one("#claims").replaceChildren(...claims.map(row));
  one("#nothing").hidden = claims.length > 0;
  together.hidden = claims.length < 2;
  together.textContent = claims.length > MOST_AT_ONCE ? `Claim ${MOST_AT_ONCE} at once` : "Claim all";
  enable();
}

/** @param {Claim} claim */
function row(claim) {
  const { kind, subject, mint, name, besides } = claim;
  const href = mint ? `/token/${mint}` : kind === "router" ? `/router/${subject}` : null;
  const about = href ? h("a", { href }, name) : h("span", { class: "soft" }, name);
  const pledged = besides ? ` And ${format.amount(format.units(besides.amount, besides.decimals))} ${besides.unit} that you pledged.` : "";
  const text = h("div", { class: "cut" }, h("span", { class: "strong" }, words[kind].title), " ", about, h("p", { class: "small quiet" }, words[kind].explains, pledged));
  const much = h("span", { class: "num strong", "data-amount": "" }, amount(format.units(claim.amount, claim.decimals), claim.unit));
  const button = h("button", { class: "button tiny primary", type: "button", disabled: true, "aria-label": `Claim ${titleOf(claim)}` }, "Claim");
  button.addEventListener("click", () => void take([claim]));
  return h("li", { class: "claim", "data-kind": kind }, text, much, button);
}

/** Sign and send; what is claimed leaves the list. @param {Claim[]} chosen */
async function take(chosen) {
  if (session.address() !== wallet) {
    toast("Connect the wallet of these claims first.");
    return;
  }
  if (working || !chosen.length) return;
  working = true;
  enable();
  const title = chosen.length === 1 ? titleOf(chosen[0]) : `Claim ${chosen.length} at once`;
  const entry = await run({ title, href: "/claims", build: () => build(chosen) });
  if (entry.state === "confirmed" || entry.state === "finalized") await untilTold(chosen);
  working = false;
  await show();
}

/** The chain has it; the list follows as soon as it is indexed. @param {Claim[]} chosen */
async function untilTold(chosen) {
  const claimed = new Set(chosen.map(keyOf));
  for (let tries = 0; tries < TOLD_TRIES; tries += 1) {
    const found = await read().catch(() => null);
    if (found && !claims.some((claim) => claimed.has(keyOf(claim)))) return;
    await new Promise((resolve) => setTimeout(resolve, TOLD_PAUSE_MS));
  }
}

/** All of them unsigned, the last one as the transaction that the others go before. @param {Claim[]} chosen */
async function build(chosen) {
  const built = await Promise.all(chosen.map(({ path, body }) => post(path, body)));
  const last = built[built.length - 1];
  return { ...last, before: built.slice(0, -1).map(({ transaction }) => transaction) };
}

/** Nothing can be asked for while something is, or before the wallet of this page is signed in. */
function enable() {
  const able = !working && session.signedInAs() === wallet;
  for (const button of [...one("#claims").querySelectorAll("button"), together]) button.disabled = !able;
}

together.addEventListener("click", () => void take(claims.slice(0, MOST_AT_ONCE)));
session.watch(enable);
void show();
