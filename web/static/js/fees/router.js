/** A router's page: what the chain says of it now, claims, edits and their time lock. */

import { api, post } from "../api.js";
import { copied, h, one, problem, sol, toast, wallet } from "../dom.js";
import * as format from "../format.js";
import { run } from "../transactions.js";
import * as session from "../wallet/session.js";
import { landed, parse, percent, putShares, watchSum, written } from "./shares.js";

const router = one("#router-page").dataset.router ?? "";
const path = `/api/fees/routers/${router}`;
const area = /** @type {HTMLTextAreaElement} */ (one("#router-shares"));

/** @type {any} */
let state = null;

async function refresh() {
  try {
    state = await api(path);
    problem(null, one("#router-problem"), "");
    show();
  } catch (error) {
    one("#router-body").replaceChildren();
    problem(null, one("#router-problem"), error instanceof Error ? error.message : String(error));
  }
}

function show() {
  const proposed = state.proposal ? [proposal()] : [];
  one("#router-body").replaceChildren(facts(), ...proposed, recipients(), tokens());
  const own = session.address() === state.owner && !(state.fixed && state.applied_at);
  one("#router-owner").hidden = !own;
  one("#shares-fix").hidden = !state.applied_at;
  if (own && !area.value) area.value = written(state.shares.filter((/** @type {{bps: number}} */ share) => share.bps));
  watchSum(area);
}

/** @param {string} title @param {...(Node | string)} content */
function panel(title, ...content) {
  return h("section", { class: "panel", "aria-label": title }, h("div", { class: "panel-head" }, h("h2", {}, title)), ...content);
}

/** @param {string} name @param {Node | string} value */
function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function facts() {
  const changes = state.fixed ? "Never: they are fixed" : `After ${format.duration(state.delay_seconds)}`;
  const list = h(
    "dl",
    { class: "facts panel-body" },
    fact("Owner", wallet(state.owner)),
    fact("Shares change", changes),
    fact("Received", sol(state.income)),
    fact("Paid", sol(state.paid)),
    fact("Waiting to be claimed", sol(state.waiting)),
  );
  return panel("Figures", list);
}

function recipients() {
  if (!state.shares.length) return panel("Recipients", h("p", { class: "empty" }, "No recipients yet: its owner still has to write them."));
  const rows = state.shares.map((/** @type {any} */ share) =>
    h(
      "tr",
      { "data-wallet": share.wallet },
      h("td", {}, copied(share.wallet, "recipient")),
      h("td", { class: "num" }, share.bps ? percent(share.bps) : "left"),
      h("td", { class: "num" }, sol(share.claimable)),
      h("td", { class: "num" }, act("Claim", "Claim a share of fees", "claim", { recipient: share.wallet }, share.claimable === "0")),
    ),
  );
  const head = h("tr", {}, ...["Wallet", "Share", "Claimable", ""].map((name, place) => h("th", { scope: "col", class: place ? "num" : "" }, name)));
  return panel("Recipients", h("div", { class: "table-scroll" }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows))));
}

function proposal() {
  const { shares, effective_at } = state.proposal;
  const list = shares.map((/** @type {any} */ share) => h("li", { class: "claim" }, copied(share.wallet, "recipient"), h("span", { class: "num" }, percent(share.bps))));
  const until = h("strong", { class: "num", id: "time-lock", "data-until": effective_at ?? "" });
  const text = effective_at ? h("p", { class: "panel-body" }, "They hold as soon as somebody applies them, ", until, ".") : h("p", { class: "panel-body" }, "They are still being written.");
  const early = !effective_at || Date.parse(effective_at) > Date.now();
  const apply = act("Apply", "Apply the new shares", "apply", {}, early);
  apply.id = "apply-shares";
  const owner = session.address() === state.owner ? [act("Cancel", "Cancel the proposed shares", "cancel", {}, false, "owner")] : [];
  return panel("Proposed shares", text, h("ul", {}, ...list), h("div", { class: "panel-body row wrap" }, apply, ...owner));
}

function tokens() {
  const list = state.tokens.map((/** @type {string} */ mint) =>
    h("li", { class: "claim" }, h("a", { class: "mono cut", href: `/token/${mint}`, title: mint }, format.address(mint)), act("Collect", "Collect a token's fees", "collect", { mint }, false)),
  );
  return panel("Tokens", list.length ? h("ul", {}, ...list) : h("p", { class: "empty" }, "No token pays this router yet."));
}

/**
 * A button that sends one transaction.
 * @param {string} label @param {string} title @param {string} what the API's word @param {Record<string, unknown>} body
 * @param {boolean} disabled @param {"payer" | "owner"} [role]
 */
function act(label, title, what, body, disabled, role = "payer") {
  const button = h("button", { class: "button tiny primary", type: "button", disabled }, label);
  button.addEventListener("click", () => void send(button, title, what, body, role));
  return button;
}

/** @param {HTMLButtonElement} button @param {string} title @param {string} what @param {Record<string, unknown>} body @param {string} role */
async function send(button, title, what, body, role) {
  const who = session.address();
  if (!who) {
    toast("Connect a wallet first: it pays the network's fee.");
    return;
  }
  button.disabled = true;
  const entry = await run({ title, href: `/router/${router}`, build: () => post(`${path}/${what}`, { [role]: who, ...body }) });
  button.disabled = false;
  if (landed(entry)) await refresh();
}

/** The time lock counts down, and lets go by itself. */
function tick() {
  const place = document.querySelector("#time-lock");
  const until = Date.parse(/** @type {HTMLElement | null} */ (place)?.dataset.until ?? "");
  if (!place || Number.isNaN(until)) return;
  const seconds = Math.ceil((until - Date.now()) / 1000);
  const text = seconds > 0 ? `in ${clock(seconds)}` : "from now on";
  if (place.textContent !== text) place.textContent = text;
  if (seconds <= 0) one("#apply-shares").removeAttribute("disabled");
}

/** @param {number} seconds */
function clock(seconds) {
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400];
  const parts = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60].map((part) => String(part).padStart(2, "0"));
  return `${days ? `${days} d ` : ""}${parts.join(":")}`;
}

one("#shares-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const owner = session.address();
  const button = /** @type {HTMLButtonElement} */ (one("#shares-propose"));
  problem(area, one("#shares-problem"), "");
  button.disabled = true;
  try {
    if (owner && (await putShares(router, owner, parse(area.value)))) await refresh();
  } catch (error) {
    problem(area, one("#shares-problem"), error instanceof Error ? error.message : String(error));
  }
  button.disabled = false;
});

one("#shares-fix").addEventListener("click", () => {
  if (!confirm("Nobody will ever be able to change these shares or take a token out. Fix them?")) return;
  void send(/** @type {HTMLButtonElement} */ (one("#shares-fix")), "Fix the router's shares", "fix", {}, "owner");
});

one("#adopt-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (one("#adopt-mint"));
  const mint = input.value.trim();
  const wrong = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(mint) ? "" : "This is no token's address: copy it again.";
  problem(input, one("#adopt-problem"), wrong);
  if (!wrong) void send(/** @type {HTMLButtonElement} */ (one("#adopt-submit")), "Hand a token to the router", "adopt", { mint }, "payer");
});

session.watch(() => state && show());
setInterval(tick, 500);
void refresh();
