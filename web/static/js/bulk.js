/**
 * Transfers and burns by a list: checked as a whole, built, signed at once, sent, and followed line by line.
 *
 * The operation lives on the server and stands in the address of the page, so that a reload goes on with it.
 *
 * @typedef {"planned" | "sent" | "confirmed" | "failed"} State
 * @typedef {{index: number, action: "transfer" | "burn", mint: string, recipient: string | null, amount: string,
 *   status: State, signature: string | null, error: {message: string} | null}} Item
 * @typedef {{number: number, items: number[], status: string, transaction: string | null}} Part
 * @typedef {{mint: string, symbol: string, decimals: number, tokens: string}} Token
 * @typedef {{id: string, payer: string, counts: Record<State, number>, tokens: Token[], items: Item[], transactions: Part[],
 *   cost: {rent: string, network: string, total: string, accounts: number, transactions: number}}} Operation
 */

import { ApiError, api, post } from "./api.js";
import { toBase64 } from "./base58.js";
import { amount, explorerLink, h, one, sol, wallet } from "./dom.js";
import * as format from "./format.js";
import { openChoice } from "./wallet/dialog.js";
import * as session from "./wallet/session.js";

const POLL_MS = 800;
const STATES = { planned: "To be signed", sent: "Sent", confirmed: "Done", failed: "Failed" };
const MANY = (/** @type {number} */ count, /** @type {string} */ word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** @type {Operation | null} */
let operation = null;
let working = false;
let following = false;

const csv = () => /** @type {HTMLTextAreaElement} */ (one("#bulk-csv"));
const mint = () => /** @type {HTMLInputElement} */ (one("#bulk-mint"));
const file = () => /** @type {HTMLInputElement} */ (one("#bulk-file"));
const sign = () => /** @type {HTMLButtonElement} */ (one("#bulk-sign"));
const check = () => /** @type {HTMLButtonElement} */ (one("#bulk-check"));

/** @param {string} message @param {{line?: number, index?: number, message: string}[]} [lines] */
function complain(message, lines = []) {
  one("#bulk-problem").hidden = !message;
  one("#bulk-problem-text").textContent = message;
  one("#bulk-problem-lines").replaceChildren(
    ...lines.map((each) => h("li", {}, h("span", { class: "strong num" }, `Line ${each.line ?? (each.index ?? 0) + 1}: `), each.message)),
  );
  csv().setAttribute("aria-invalid", String(Boolean(message)));
}

function countLines() {
  const lines = csv().value.split("\n").filter((line) => line.trim() && !line.trim().startsWith("#"));
  one("#bulk-lines").textContent = lines.length ? MANY(lines.length, "line") : "";
}

/** Ask whether all of the list can be done; nothing is signed yet. */
async function begin() {
  const payer = session.address();
  if (!payer) {
    openChoice();
    return;
  }
  complain("");
  busy(true);
  try {
    const token = mint().value.trim();
    take(await post("/api/batch-operations", { payer, csv: csv().value, ...(token ? { mint: token } : {}) }));
    history.replaceState(null, "", `?operation=${operation?.id}`);
    one("#operation-title").scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    complain(error.message, error.details.items);
  } finally {
    busy(false);
  }
}

/** Have what is not done built, sign it with one question, and send it. */
async function go() {
  if (!operation || working) return;
  if (session.address() !== operation.payer) {
    notice("Connect the wallet that this list was checked for.", "warn");
    return;
  }
  busy(true);
  notice("");
  try {
    take(await post(`/api/batch-operations/${operation.id}/build`, {}));
    const waiting = operation.transactions.flatMap(({ transaction }) => (transaction ? [transaction] : []));
    if (waiting.length) {
      const signed = await session.signAll(waiting);
      take(await post(`/api/batch-operations/${operation.id}/submit`, { transactions: signed.map(toBase64) }));
    }
  } catch (error) {
    notice(error instanceof Error ? error.message : "It could not be prepared. Nothing was sent.", "danger");
  } finally {
    busy(false);
  }
  void follow();
}

/** Ask about what was sent until all of it is done or failed. */
async function follow() {
  if (following) return;
  following = true;
  while (operation?.counts.sent) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const asked = operation?.id;
    const fresh = asked ? await api(`/api/batch-operations/${asked}`).catch(() => null) : null;
    if (fresh && fresh.id === operation?.id && !working) take(fresh);
  }
  following = false;
}

/** @param {Operation} fresh */
function take(fresh) {
  operation = fresh;
  one("#bulk-list").hidden = true;
  one("#bulk-operation").hidden = false;
  const { counts, items } = fresh;
  const open = counts.planned + counts.failed;
  one("#operation-title").textContent = counts.confirmed === items.length ? "All done" : counts.confirmed + counts.sent ? "Under way" : "Before you sign";
  one("#bulk-counts").textContent = `${counts.confirmed} of ${items.length} done${counts.sent ? `, ${counts.sent} sent` : ""}${counts.failed ? `, ${counts.failed} failed` : ""}`;
  facts(fresh);
  const names = new Map(fresh.tokens.map((token) => [token.mint, token]));
  one("#bulk-items").replaceChildren(...items.map((item) => row(item, names)));
  sign().hidden = open === 0;
  sign().textContent = counts.failed && !counts.planned ? `Try ${MANY(counts.failed, "line")} again` : `Sign ${MANY(open, "line")}`;
}

/** What it takes, before it is signed. @param {Operation} shown */
function facts({ tokens, cost, payer }) {
  const fact = (/** @type {string} */ name, /** @type {Node | string} */ value) => h("div", {}, h("dt", {}, name), h("dd", { class: "num" }, value));
  one("#bulk-facts").replaceChildren(
    fact("From", wallet(payer, null)),
    ...tokens.map((token) => fact("Takes", amount(token.tokens, token.symbol || `${token.mint.slice(0, 4)}…`))),
    fact("Transactions", String(cost.transactions)),
    fact(cost.accounts ? `Deposits for ${MANY(cost.accounts, "new account")}` : "Deposits", sol(cost.rent)),
    fact("Network fees, at least", sol(cost.network)),
    fact("In all", sol(cost.total)),
  );
}

/** @param {Item} item @param {Map<string, Token>} names */
function row(item, names) {
  const token = names.get(item.mint);
  const value = format.units(item.amount, token?.decimals ?? 0);
  return h(
    "tr",
    { "data-state": item.status },
    h("td", { class: "num quiet" }, String(item.index + 1)),
    h("td", {}, item.recipient ? wallet(item.recipient, null) : h("span", { class: "soft" }, "Burned")),
    h("td", { class: "num" }, amount(value, token?.symbol ?? "")),
    h(
      "td",
      {},
      h("span", { class: "state" }, STATES[item.status]),
      item.signature && item.status !== "planned" ? h("span", { class: "small" }, " ", explorerLink(item.signature)) : null,
      item.error ? h("p", { class: "small soft reason" }, item.error.message) : null,
    ),
  );
}

/** @param {string} text @param {"" | "warn" | "danger"} [tone] */
function notice(text, tone = "") {
  const place = one("#bulk-notice");
  place.hidden = !text;
  place.className = `notice ${tone}`;
  place.textContent = text;
}

/** @param {boolean} on */
function busy(on) {
  working = on;
  for (const button of [sign(), check()]) {
    button.disabled = on;
    button.setAttribute("aria-busy", String(on));
  }
}

/** Back to the form; the list that was typed is still there. */
function another() {
  operation = null;
  one("#bulk-list").hidden = false;
  one("#bulk-operation").hidden = true;
  notice("");
  history.replaceState(null, "", location.pathname);
}

/** An operation that the address names goes on where it stood. */
async function resume() {
  const id = new URLSearchParams(location.search).get("operation");
  if (!id) return;
  try {
    take(await api(`/api/batch-operations/${encodeURIComponent(id)}`));
    void follow();
  } catch (error) {
    complain(error instanceof ApiError ? error.message : "This operation could not be read. Try again.");
  }
}

one("#bulk-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!working) void begin();
});
file().addEventListener("change", async () => {
  csv().value = (await file().files?.[0]?.text()) ?? csv().value;
  file().value = "";
  complain("");
  countLines();
});
csv().addEventListener("input", () => {
  complain("");
  countLines();
});
one("#bulk-sign").addEventListener("click", () => void go());
one("#bulk-new").addEventListener("click", another);
countLines();
void resume();
