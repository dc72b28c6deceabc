/** The claims page: what only the chain knows is added, and everything is signed one by one or at once. */

import { api, part, post } from "./api.js";
import { all, h, maybe, one, rendered, replace, sol, toast } from "./dom.js";
import { run } from "./transactions.js";
import * as session from "./wallet/session.js";

const TOLD_TRIES = 20;
const TOLD_PAUSE_MS = 300;
const MOST_AT_ONCE = 8;

const page = one("#claims-page");
const wallet = page.dataset.wallet ?? "";
let working = false;

/** @typedef {{path: string, body: Record<string, unknown>, title: string}} Claim */

const shown = () => all(".claim").filter((row) => !row.hidden);
const buttons = () => shown().map((row) => /** @type {HTMLButtonElement} */ (one("button", row)));

/** @param {HTMLElement} button @returns {Claim} */
function claimOf({ dataset }) {
  return { path: dataset.path ?? "", body: JSON.parse(dataset.body ?? "{}"), title: dataset.title ?? "Claim" };
}

/** What all of it comes to, and whether there is anything. */
function sum() {
  const rows = shown();
  const lamports = all("[data-lamports]", one("#claims")).reduce((total, { dataset }) => total + BigInt(dataset.lamports ?? 0), 0n);
  const total = one("#waiting-sol");
  replace(total, sol(BigInt(total.dataset.lamports ?? 0) + lamports));
  one("#nothing").hidden = rows.length > 0;
  one("#claim-all").hidden = rows.length < 2;
  one("#claim-all").textContent = rows.length > MOST_AT_ONCE ? `Claim ${MOST_AT_ONCE} at once` : "Claim all";
}

/** Rows that wait for an answer of the chain: shown once it says that there is something. */
async function askRows() {
  for (const button of all("[data-ask]")) {
    const { path, body } = claimOf(button);
    const built = await post(path, body).catch(() => null);
    if (!built || built.amount === "0") continue;
    const row = /** @type {HTMLElement} */ (button.closest(".claim"));
    one("[data-amount]", row).replaceChildren(h("span", { "data-lamports": built.amount }, sol(built.amount)));
    row.hidden = false;
    sum();
  }
}

/** @param {string} kind @param {string} explains @param {string} lamports @param {Claim} claim */
function add(kind, explains, lamports, { path, body, title }) {
  const button = h("button", { class: "button tiny primary", type: "button", "data-path": path, "data-body": JSON.stringify(body), "data-title": title }, "Claim");
  const text = h("div", { class: "cut" }, h("span", { class: "strong" }, title), h("p", { class: "small quiet" }, explains));
  const amount = h("span", { class: "num strong", "data-lamports": lamports }, sol(lamports));
  one("#claims").append(h("li", { class: "claim", "data-kind": kind }, text, amount, button));
  sum();
}

/** What a referrer earned, if the wallet is one. */
async function askReferrer() {
  const body = { referrer: wallet };
  const built = await post("/api/claims/referrer-fees", body).catch(() => null);
  if (built && built.amount !== "0") add("referrer", "For trades that you brought.", built.amount, { path: "/api/claims/referrer-fees", body, title: "Referrer fees" });
}

/** Shares of fee routers that pay this wallet. */
async function askRouters() {
  const { data } = await api(`/api/fees/routers?wallet=${wallet}`).catch(() => ({ data: [] }));
  for (const { address } of data.slice(0, MOST_AT_ONCE)) {
    const router = await api(`/api/fees/routers/${address}`).catch(() => null);
    const share = router?.shares.find((/** @type {{wallet: string}} */ one) => one.wallet === wallet);
    if (!share || share.claimable === "0") continue;
    const claim = { path: `/api/fees/routers/${address}/claim`, body: { payer: wallet, recipient: wallet }, title: "Share of a fee router" };
    add("router", `Router ${address.slice(0, 4)}…${address.slice(-4)}`, share.claimable, claim);
  }
}

/** Sign and send; what is claimed leaves the list. @param {HTMLButtonElement[]} chosen */
async function claim(chosen) {
  if (session.address() !== wallet) {
    toast("Connect the wallet of these claims first.");
    return;
  }
  if (working || !chosen.length) return;
  busy(true);
  const claims = chosen.map(claimOf);
  const entry = await run({ title: claims.length === 1 ? claims[0].title : `Claim ${claims.length} at once`, href: "/claims", build: () => build(claims) });
  if (entry.state === "confirmed" || entry.state === "finalized") {
    await untilTold(claims);
    location.reload();
    return;
  }
  busy(false);
}

/** The chain has it; the page follows as soon as it is indexed. @param {Claim[]} claims */
async function untilTold(claims) {
  const claimed = new Set(claims.map(({ body }) => JSON.stringify(body)));
  for (let tries = 0; tries < TOLD_TRIES; tries += 1) {
    const { html } = await part("/claims").catch(() => ({ html: "" }));
    const waiting = all("[data-body]", rendered(html)).map((button) => JSON.stringify(claimOf(button).body));
    if (html && !waiting.some((body) => claimed.has(body))) return;
    await new Promise((resolve) => setTimeout(resolve, TOLD_PAUSE_MS));
  }
}

/** All of them unsigned, the last one as the transaction that the others go before. @param {Claim[]} claims */
async function build(claims) {
  const built = [];
  for (const { path, body } of claims) built.push(await post(path, body));
  const last = built[built.length - 1];
  return { ...last, before: built.slice(0, -1).map(({ transaction }) => transaction) };
}

/** @param {boolean} on @param {boolean} [off] whether nothing can be claimed yet */
function busy(on, off = false) {
  working = on;
  for (const button of [...buttons(), /** @type {HTMLButtonElement} */ (one("#claim-all"))]) button.disabled = on || off;
}

page.addEventListener("click", (event) => {
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest("[data-path]"));
  if (button) void claim([button]);
});
maybe("#claim-all")?.addEventListener("click", () => void claim(buttons().slice(0, MOST_AT_ONCE)));
sum();
/** Nothing can be asked for before the session of this page is known again. */
let asked = false;
session.watch(() => {
  const known = session.signedInAs() === wallet;
  busy(working, !known);
  if (!known || asked) return;
  asked = true;
  for (const ask of [askRows, askReferrer, askRouters]) void ask();
});
