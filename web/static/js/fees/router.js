/** A router's page: what the chain says of it now, claims, edits and their time locks. */

import { api } from "../api.js";
import { copied, h, one, problem, sol, wallet } from "../dom.js";
import * as format from "../format.js";
import * as session from "../wallet/session.js";
import { afterwards, button, path } from "./acts.js";
import { left } from "./clock.js";
import { startForms } from "./owner.js";
import { percent } from "./shares.js";
import { tokens } from "./tokens.js";

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
  one("#router-body").replaceChildren(facts(), ...proposed, recipients(), panel("Tokens", tokens(state)));
  showForms(state);
}

/** @param {string} title @param {...(Node | string)} content */
function panel(title, ...content) {
  return h("section", { class: "panel", "aria-label": title }, h("div", { class: "panel-head" }, h("h2", {}, title)), ...content);
}

/** @param {string} name @param {...(Node | string)} value */
function fact(name, ...value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
}

function facts() {
  const changes = state.fixed && state.applied_at ? "Never: they are fixed" : `After ${format.duration(state.delay_seconds)}`;
  const unwrap = button({ label: "Unwrap", title: "Unwrap SOL for the recipients", what: "unwrap", kind: "ghost" });
  const wrapped = state.wrapped === "0" ? [] : [fact("Sent as wrapped SOL", sol(state.wrapped), " ", unwrap)];
  const list = h(
    "dl",
    { class: "facts panel-body" },
    fact("Owner", wallet(state.owner)),
    ...(state.pending_owner ? [fact("Offered to", wallet(state.pending_owner), ...accepting())] : []),
    fact("Shares change", changes),
    fact("Received", sol(state.income)),
    fact("Paid", sol(state.paid)),
    fact("Waiting to be claimed", sol(state.waiting)),
    ...wrapped,
  );
  return panel("Figures", list);
}

/** The button of the wallet to which the router was offered. */
function accepting() {
  if (session.address() !== state.pending_owner) return [];
  return [" ", button({ label: "Become its owner", title: "Become the router's owner", what: "accept", role: "new_owner" })];
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
      h("td", { class: "num" }, claiming(share)),
    ),
  );
  const head = h("tr", {}, ...["Wallet", "Share", "Claimable", ""].map((name, place) => h("th", { scope: "col", class: place ? "num" : "" }, name)));
  return panel("Recipients", h("div", { class: "table-scroll" }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows))));
}

/** @param {{wallet: string, claimable: string}} share */
function claiming({ wallet: recipient, claimable }) {
  return button({ label: "Claim", title: "Claim a share of fees", what: "claim", body: { recipient }, disabled: claimable === "0" });
}

function proposal() {
  const { shares, effective_at } = state.proposal;
  const list = shares.map((/** @type {any} */ share) => h("li", { class: "claim" }, copied(share.wallet, "recipient"), h("span", { class: "num" }, percent(share.bps))));
  const until = h("span", { id: "time-lock" }, ...(effective_at ? [left(effective_at)] : []));
  const text = effective_at
    ? h("p", { class: "panel-body" }, "Anybody may make them hold ", until, ". The owner may cancel until that is done.")
    : h("p", { class: "panel-body" }, "They are still being written. Only the owner can go on or throw them away.");
  const apply = button({ label: "Apply", title: "Apply the new shares", what: "apply", disabled: !effective_at, from: effective_at });
  const cancel = button({ label: "Cancel", title: "Cancel the proposed shares", what: "cancel", role: "owner", kind: "ghost" });
  const acts = h("div", { class: "panel-body row wrap" }, apply, ...(session.address() === state.owner ? [cancel] : []));
  return panel("Proposed shares", text, h("ul", {}, ...list), acts);
}

const showForms = startForms(refresh);
afterwards(refresh);
session.watch(() => state && show());
void refresh();
