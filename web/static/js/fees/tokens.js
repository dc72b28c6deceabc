/** A router's tokens: what they owe it, and how one of them leaves. */

import { h, sol, wallet } from "../dom.js";
import * as session from "../wallet/session.js";
import { button } from "./acts.js";
import { left } from "./clock.js";

/**
 * @typedef {object} Release
 * @property {string | null} new_creator
 * @property {string} effective_at
 */
/**
 * @typedef {object} Token
 * @property {string} mint
 * @property {string} name
 * @property {string} symbol
 * @property {boolean} held
 * @property {string} owed
 * @property {Release | null} release
 * @property {string | null} offered_to
 */

/** @param {{tokens: Token[], owner: string}} router */
export function tokens({ tokens: every, owner }) {
  if (!every.length) return h("p", { class: "empty" }, "No token pays this router yet.");
  return h("ul", {}, ...every.map((token) => row(token, session.address() === owner)));
}

/** @param {Token} token @param {boolean} owns */
function row(token, owns) {
  const { mint, name, symbol, owed } = token;
  const title = h("a", { class: "strong", href: `/token/${mint}`, title: mint }, name, " ", h("span", { class: "quiet" }, symbol));
  const text = h("div", { class: "cut" }, title, ...state(token));
  const collect = button({ label: "Collect", title: `Collect the fees of ${name}`, what: "collect", body: { mint }, disabled: owed === "0", kind: "ghost" });
  const acts = h("div", { class: "row wrap acts" }, ...(token.held ? [h("span", { class: "num strong" }, sol(owed)), collect] : []), ...steps(token, owns));
  return h("li", { class: "claim", "data-mint": mint }, text, acts);
}

/** Where a token is on its way out, and who may do what. @param {Token} token */
function state({ release, offered_to, held }) {
  const told = [];
  if (release) {
    const goes = release.new_creator ? ["It can be offered to ", wallet(release.new_creator), " "] : ["Its offer can be taken back "];
    told.push(h("p", { class: "small" }, ...goes, left(release.effective_at), "."));
    told.push(h("p", { class: "small quiet" }, "Anybody may carry it out then; the owner may cancel until that is done."));
  }
  if (offered_to) {
    told.push(h("p", { class: "small" }, "Offered to ", wallet(offered_to), ", who becomes its creator by accepting."));
    told.push(h("p", { class: "small quiet" }, "Until then its fees are still the recipients'."));
  }
  if (!held) told.push(h("p", { class: "small quiet" }, "This router is not its creator."));
  return told;
}

/** @param {Token} token @param {boolean} owns */
function steps({ mint, name, release, offered_to, held }, owns) {
  const buttons = [];
  if (release && held) {
    const label = release.new_creator ? "Offer it" : "Take back";
    buttons.push(button({ label, title: `Release ${name}`, what: "leave", body: { mint }, from: release.effective_at }));
  }
  if (release && owns) buttons.push(button({ label: "Cancel", title: `Keep ${name}`, what: "keep", body: { mint }, role: "owner", kind: "ghost" }));
  if (offered_to && offered_to === session.address()) {
    buttons.push(button({ label: "Accept", title: `Become the creator of ${name}`, what: "take", body: { mint }, role: "new_creator" }));
  }
  if (offered_to && owns && !release) {
    const body = { mint, new_creator: null };
    buttons.push(button({ label: "Withdraw", title: `Withdraw the offer of ${name}`, what: "release", body, role: "owner", kind: "ghost" }));
  }
  return buttons;
}

/** The mints that can be let go. @param {Token[]} every */
export function leavable(every) {
  return every.filter(({ held, release }) => held && !release).map(({ mint, name, symbol }) => h("option", { value: mint }, `${name} (${symbol})`));
}
