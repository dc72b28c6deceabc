/**
 * Every transaction of this browser, as what it is: preparing, waiting for the wallet, sent,
 * confirmed, finalized, failed or cancelled. The list survives a reload, and goes on asking the
 * chain about what was still open. Nothing is called a success before the chain says so.
 *
 * @typedef {"preparing" | "waiting" | "sent" | "confirmed" | "finalized" | "failed" | "cancelled"} State
 * @typedef {{
 *   id: string, title: string, state: State, at: number, href?: string, signature?: string, message?: string,
 *   code?: string, explorer?: string, again?: Record<string, unknown>
 * }} Entry
 */

import { ApiError, api, post } from "./api.js";
import { encode, toBase64 } from "./base58.js";
import { copied, h, icon, maybe, one, time } from "./dom.js";
import { faucetButton, hasFaucet } from "./wallet/balance.js";
import { DeclinedError, signAll } from "./wallet/session.js";

const STORE = "launchpad.transactions";
const KEPT = 30;
const POLL_MS = 600;
const OPEN = /** @type {State[]} */ (["preparing", "waiting", "sent", "confirmed"]);
const NAMES = {
  preparing: "Preparing",
  waiting: "Waiting for your wallet",
  sent: "Sent, waiting for the chain",
  confirmed: "Confirmed",
  finalized: "Finalized",
  failed: "Failed",
  cancelled: "Cancelled",
};
const SHOWN_AFTER_END_MS = 6000;
const LOST_AFTER_MS = 120_000;

/** @type {Entry[]} newest first */
let entries = read();
/** What this page itself is working on; others may belong to another tab. @type {Set<string>} */
const mine = new Set();
/** Small cards at the edge of the page. @type {Map<string, HTMLElement>} */
const cards = new Map();
/** @type {Set<(entry: Entry) => void>} */
const watchers = new Set();
/** What a retry does, by kind. @type {Map<string, (again: any) => void>} */
const retries = new Map();

/** @param {(entry: Entry) => void} watcher hears every change of every entry */
export function watchTransactions(watcher) {
  watchers.add(watcher);
}

/** How to begin again what failed: quotes anew. @param {string} kind @param {(again: any) => void} retry */
export function onRetry(kind, retry) {
  retries.set(kind, retry);
}

/**
 * Build, sign, send and follow one transaction, and what has to be on chain before it.
 *
 * All are signed at once, then sent one after the other: each waits until the one before is confirmed.
 * @param {{
 *   title: string, href?: string, again?: Record<string, unknown>,
 *   build: () => Promise<{
 *     transaction: string, before?: string[], last_valid_block_height?: number, executor?: string, title?: string, href?: string
 *   }>
 * }} job `build` is asked for the unsigned transactions; its `title` and `href` may say what it came to
 * @returns {Promise<Entry>} when it is confirmed, failed or cancelled
 */
export async function run({ title, href, again, build }) {
  const entry = /** @type {Entry} */ ({ id: crypto.randomUUID?.() ?? String(Math.random()), title, state: "preparing", at: Date.now(), href, again });
  mine.add(entry.id);
  entries = [entry, ...entries].slice(0, KEPT);
  save(entry);
  try {
    const built = await build();
    update(entry, { state: "waiting", title: built.title ?? title, href: built.href ?? href });
    const before = built.before ?? [];
    const [signed, ...earlier] = (await signAll([...before, built.transaction])).reverse();
    await sendBefore(entry, earlier.reverse(), built.last_valid_block_height);
    // Known before it is sent, so that a reload in between can still ask the chain.
    update(entry, { state: "sent", signature: signatureOf(signed) });
    const answer = await post("/api/transactions", {
      transaction: toBase64(signed),
      last_valid_block_height: built.last_valid_block_height,
      ...(built.executor ? { executor: built.executor } : {}),
    });
    update(entry, { signature: answer.signature });
  } catch (error) {
    settleFailure(entry, error);
  }
  if (entry.state === "sent") await follow(entry);
  return entry;
}

/**
 * Send what the transaction builds on. What of it is on chain stays there, so a retry needs less.
 * @param {Entry} entry @param {Uint8Array[]} earlier signed @param {number} [height] last valid block height
 */
async function sendBefore(entry, earlier, height) {
  for (const [place, signed] of earlier.entries()) {
    update(entry, { state: "preparing", message: `Step ${place + 1} of ${earlier.length + 1} is on its way: what the last step builds on.` });
    const { signature } = await post("/api/transactions", { transaction: toBase64(signed), last_valid_block_height: height });
    await landed(signature);
  }
  if (earlier.length) update(entry, { message: "" });
}

/** Wait until a transaction is confirmed; an Error says why it failed. @param {string} signature */
async function landed(signature) {
  for (const started = Date.now(); ; await pause(POLL_MS)) {
    const answer = await api(`/api/transactions/${signature}`).catch(() => null);
    if (answer?.status === "confirmed" || answer?.status === "finalized") return;
    if (answer?.status === "failed" || answer?.status === "expired") throw new Error(`The first step failed, the last was not sent. ${reasonOf(answer)}`);
    if (Date.now() - started > LOST_AFTER_MS) throw new Error("The first step never arrived, so the last was not sent. Nothing is lost: try again.");
  }
}

/** @param {Entry} entry @param {unknown} error */
function settleFailure(entry, error) {
  if (error instanceof DeclinedError) {
    update(entry, { state: "cancelled", message: error.message });
  } else if (error instanceof ApiError && error.code === "OFFLINE" && entry.state === "sent") {
    // It may have arrived: only the chain can tell, so it stays open and is asked about.
    update(entry, { message: "The connection broke while sending. The chain is asked whether it arrived." });
  } else {
    const message = error instanceof Error ? error.message : "It could not be prepared. Nothing was sent.";
    update(entry, { state: "failed", message, code: error instanceof ApiError ? error.code : undefined });
  }
}

/** @param {Uint8Array} signed its first signature names a transaction */
function signatureOf(signed) {
  return encode(signed.subarray(1, 65));
}

/**
 * Ask about a sent transaction until it is confirmed or failed; finality is awaited in the background.
 * @param {Entry} entry
 */
async function follow(entry) {
  while (entry.state === "sent") {
    await ask(entry);
    if (entry.state === "sent") await pause(POLL_MS);
  }
  if (entry.state === "confirmed") void followToEnd(entry);
}

/** @param {Entry} entry */
async function followToEnd(entry) {
  while (entry.state === "confirmed") {
    await pause(POLL_MS * 4);
    await ask(entry);
  }
  mine.delete(entry.id);
}

/** @param {Entry} entry */
async function ask(entry) {
  try {
    const answer = await api(`/api/transactions/${entry.signature}`);
    if (answer.status === "sent") return;
    const failed = answer.status === "failed" || answer.status === "expired";
    update(entry, {
      state: failed ? "failed" : answer.status,
      explorer: answer.links?.explorer,
      message: failed ? reasonOf(answer) : "",
      code: answer.error?.code,
    });
  } catch (error) {
    const unknown = error instanceof ApiError && error.status === 404;
    if (unknown && Date.now() - entry.at > LOST_AFTER_MS) {
      update(entry, { state: "failed", message: "It never reached the chain, so nothing was taken." });
    }
    // Everything else passes: offline, a restart. The chain keeps what it has.
  }
}

/** @param {{status: string, error: {code?: string, message?: string} | null}} answer */
function reasonOf(answer) {
  if (answer.status === "expired") return "It was not taken up in time, so nothing was taken. Try again.";
  return answer.error?.message ?? "The program refused it, so nothing was taken but the network fee.";
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @param {Entry} entry @param {Partial<Entry>} changes */
function update(entry, changes) {
  Object.assign(entry, changes);
  save(entry);
}

/** @param {Entry} entry */
function save(entry) {
  const others = read().filter(({ id }) => !entries.some((known) => known.id === id));
  entries = [...entries, ...others].sort((a, b) => b.at - a.at).slice(0, KEPT);
  localStorage.setItem(STORE, JSON.stringify(entries));
  show(entry);
  for (const watcher of watchers) watcher(entry);
}

/** @returns {Entry[]} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(STORE) || "[]");
  } catch {
    return [];
  }
}

/** @param {Entry} entry draw or refresh its card, the dialog's list and the badge */
function show(entry) {
  const old = cards.get(entry.id);
  if (old?.isConnected || mine.has(entry.id)) {
    const card = draw(entry, true);
    if (old?.isConnected) old.replaceWith(card);
    else if (!old) one("#toasts").prepend(card);
    cards.set(entry.id, card);
    // What went wrong stays until its reader puts it away.
    const settled = !OPEN.includes(entry.state) || entry.state === "confirmed";
    if (settled && entry.state !== "failed") setTimeout(() => card.remove(), SHOWN_AFTER_END_MS);
  }
  const open = entries.filter(({ state }) => state === "preparing" || state === "waiting" || state === "sent").length;
  const badge = one("#transactions-button .badge");
  badge.hidden = open === 0;
  badge.textContent = String(open);
  const list = maybe("#transactions-list");
  if (list) list.replaceChildren(...drawAll());
}

/** @param {Entry} entry @param {boolean} closable @returns {HTMLElement} */
function draw(entry, closable) {
  const working = entry.state === "preparing" || entry.state === "waiting" || entry.state === "sent";
  const mark = { confirmed: "check", finalized: "check", failed: "alert", cancelled: "close" }[/** @type {string} */ (entry.state)];
  const retry = entry.again && retries.get(String(entry.again.kind));
  const card = h(
    "div",
    { class: "transaction", "data-state": entry.state, "data-id": entry.id },
    h("span", { class: "state-icon" }, working ? h("span", { class: "spinner", "aria-hidden": "true" }) : icon(mark ?? "check")),
    h("div", {}, h("div", { class: "strong" }, entry.title), h("div", { class: "soft" }, NAMES[entry.state])),
    closable
      ? h("button", { class: "icon-button tiny", type: "button", "aria-label": "Hide", click: () => card.remove() }, icon("close"))
      : h("span", { class: "small quiet" }, time(new Date(entry.at).toISOString())),
    entry.message ? h("p", { class: "detail" }, entry.message) : null,
    h(
      "div",
      { class: "actions" },
      entry.href ? h("a", { class: "link", href: entry.href }, "Open") : null,
      entry.explorer ? h("a", { class: "link", href: entry.explorer, rel: "noopener", target: "_blank" }, "Explorer") : null,
      entry.signature ? copied(entry.signature, "signature", "quiet") : null,
      entry.state === "failed" && entry.code === "INSUFFICIENT_FUNDS" && hasFaucet ? faucetButton() : null,
      entry.state === "failed" && retry
        ? h("button", { class: "text-button small", type: "button", click: () => retry(entry.again) }, "Quote again")
        : null,
    ),
  );
  return card;
}

function drawAll() {
  if (!entries.length) return [h("p", { class: "empty" }, "Transactions that you sign here are listed here, also after a reload.")];
  return entries.map((entry) => draw(entry, false));
}

function openList() {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "transactions-title", close: () => dialog.remove() },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "transactions-title" }, "Transactions"),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => dialog.close() }, icon("close")),
    ),
    h("div", { class: "dialog-body", id: "transactions-list" }, ...drawAll()),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** Take up what an earlier page left open. */
function resume() {
  for (const entry of entries) {
    if (entry.state === "sent" || entry.state === "confirmed") {
      if (entry.state === "sent") mine.add(entry.id);
      void follow(entry).then(() => (entry.state === "confirmed" ? null : mine.delete(entry.id)));
    } else if (entry.state === "preparing" || entry.state === "waiting") {
      const message = entry.message
        ? "The page was left before the last step. What the first one put on chain stays there: try again."
        : "The page was left before your wallet signed. Nothing was sent.";
      update(entry, { state: "cancelled", message });
    }
    if (entry.state === "sent") show(entry);
  }
}

/** Begin: wire the button, go on with what was open, hear of other tabs. */
export function startTransactions() {
  one("#transactions-button").addEventListener("click", openList);
  window.addEventListener("storage", (event) => {
    if (event.key !== STORE) return;
    const own = entries.filter(({ id }) => mine.has(id));
    entries = [...own, ...read().filter(({ id }) => !mine.has(id))].sort((a, b) => b.at - a.at);
    if (entries[0]) show(entries[0]);
  });
  resume();
}
