/** The page of a batch launch: what comes in is drawn anew by the server, one's own deposit is kept beside it. */

import { api, part, post } from "./api.js";
import { amount, embedded, maybe, one, problem, rendered, replace, settled, sol } from "./dom.js";
import * as format from "./format.js";
import { follow } from "./live.js";
import { run } from "./transactions.js";
import { balanceOf } from "./wallet/balance.js";
import { openChoice } from "./wallet/dialog.js";
import * as session from "./wallet/session.js";

/** @type {{mint: string, symbol: string, decimals: number, head: number}} */
const batch = embedded("batch-data");
const SECOND = 1000;
const HERE = `/batch/${batch.mint}`;
/** The wallet's deposit and what it can do now. @type {{amount: string, next: string | null, base_amount: string | null, refund: string | null} | null} */
let mine = null;

const input = /** @type {HTMLInputElement} */ (one("#deposit-amount"));
const button = (/** @type {string} */ name) => /** @type {HTMLButtonElement} */ (one(`#batch-${name}`));

/** @returns {string} open, due, settled or failed, as the server drew it */
function status() {
  return one("[data-status]").dataset.status ?? "";
}

/** Draw everything that others change, at most twice a second. */
const refresh = settled(500, async () => {
  const { html } = await part(`${HERE}?part=live`).catch(() => ({ html: "" }));
  if (html) one("#batch-live").replaceChildren(rendered(html));
  await refreshMine();
});

/** What the wallet has in it, and the buttons that fit. */
async function refreshMine() {
  const wallet = session.address();
  const found = wallet ? await api(`/api/batches/wallets/${wallet}`).catch(() => null) : null;
  if (wallet !== session.address()) return;
  if (!wallet || found) mine = found?.data.find((/** @type {{mint: string}} */ each) => each.mint === batch.mint) ?? null;
  show();
  if (wallet && status() === "open") {
    const lamports = await balanceOf(wallet);
    one("#deposit-balance").textContent = lamports === null ? "" : `You have ${format.sol(lamports)} SOL`;
  }
}

function show() {
  const wallet = session.address();
  const now = status();
  one("#deposit-form").hidden = !wallet || now !== "open";
  button("connect").hidden = Boolean(wallet);
  button("withdraw").hidden = mine?.next !== "withdraw";
  button("settle").hidden = !wallet || now !== "due";
  button("claim").hidden = mine?.next !== "claim";
  one("#mine-state").textContent = sentence(wallet);
}

/** @param {string | null | undefined} wallet */
function sentence(wallet) {
  if (!wallet) return "Connect a wallet to see your deposit.";
  if (!mine) return status() === "open" ? "You have not deposited yet." : "This wallet has nothing in this batch.";
  const put = `${format.sol(mine.amount)} SOL`;
  if (mine.next === "claim") return `You deposited ${put}. Your tokens wait: ${got()}.`;
  if (mine.next === null) return `You deposited ${put} and claimed ${got()}.`;
  if (mine.next === "wait") return `You deposited ${put}. It can no longer be taken back; it buys when the window ends.`;
  if (mine.next === "settle") return `You deposited ${put}. The window is over: anybody can settle the batch.`;
  return status() === "failed" ? `You deposited ${put}. Take all of it back.` : `You deposited ${put}.`;
}

function got() {
  const tokens = `${format.amount(format.units(mine?.base_amount ?? "0", batch.decimals))} ${batch.symbol}`;
  return BigInt(mine?.refund ?? 0) > 0n ? `${tokens}, and ${format.sol(mine?.refund ?? "0")} SOL come back` : tokens;
}

/** What the typed amount would come to now; the newest answer counts. */
let asked = 0;
const quote = settled(200, async () => {
  const turn = ++asked;
  const lamports = format.typed(input.value, 9) ?? 0n;
  const wallet = session.address();
  const found = await api(`/api/batches/${batch.mint}/quote?amount=${lamports}${wallet ? `&wallet=${wallet}` : ""}`).catch(() => null);
  if (!found || turn !== asked) return;
  const place = (/** @type {string} */ name) => maybe(`[data-quote="${name}"]`);
  replace(place("base"), found.now.fails ? "Nothing: below the minimum" : amount(format.units(found.base_amount, batch.decimals), batch.symbol));
  replace(place("refund"), sol(found.refund));
  replace(place("share"), format.share(found.share_bps));
});

/**
 * One transaction of this page.
 * @param {HTMLButtonElement} pressed @param {string} title @param {string} path @param {Record<string, unknown>} body
 */
async function act(pressed, title, path, body) {
  if (!session.address()) return openChoice();
  pressed.disabled = true;
  const entry = await run({ title, href: HERE, build: () => post(`/api/batches/${path}`, { mint: batch.mint, ...body }) });
  pressed.disabled = false;
  refresh();
  return entry;
}

async function deposit() {
  const lamports = format.typed(input.value, 9);
  const place = one("#deposit-problem");
  if (!lamports) return problem(input, place, "Enter an amount of SOL above zero.");
  problem(input, place, "");
  const submit = /** @type {HTMLButtonElement} */ (one("#deposit-submit"));
  const entry = await act(submit, `Deposit of ${format.sol(lamports)} SOL in ${batch.symbol}`, "deposit", {
    wallet: session.address(),
    amount: String(lamports),
  });
  // What was typed stays where it did not go through.
  if (entry?.state === "confirmed" || entry?.state === "finalized") input.value = "";
  quote();
}

function tick() {
  const place = maybe("#countdown");
  if (!place) return;
  const left = Math.ceil((new Date(place.dataset.closes ?? "").getTime() - Date.now()) / SECOND);
  if (left <= 0) refresh();
  place.textContent = left > 0 ? `${clock(left)} left` : "The window is over";
}

/** @param {number} seconds */
function clock(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return format.duration(seconds);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

one("#deposit-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void deposit();
});
input.addEventListener("input", quote);
button("connect").addEventListener("click", openChoice);
button("withdraw").addEventListener("click", (event) => {
  const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
  void act(pressed, `Deposit of ${batch.symbol} taken back`, "withdraw", { wallet: session.address() });
});
button("settle").addEventListener("click", (event) => {
  const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
  void act(pressed, `Settlement of ${batch.symbol}`, "settle", { payer: session.address() });
});
button("claim").addEventListener("click", (event) => {
  const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
  void act(pressed, `Claim of ${batch.symbol}`, "claim", { wallet: session.address() });
});
session.watch(() => void refreshMine().then(quote));
follow(`token:${batch.mint}`, {
  after: batch.head,
  onEvent: ({ type }) => {
    if (type === "batch") {
      refresh();
      quote();
    }
  },
});
setInterval(tick, SECOND);
tick();
quote();
void refreshMine();
