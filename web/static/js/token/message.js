/**
 * How one line of the room is drawn: the twin of templates/parts/message.html.
 *
 * @typedef {{emoji: string, count: number, authors: string[]}} Reaction
 * @typedef {{
 *   id: string, kind: "said" | "alert", client_id: string, seq: number, author: string, author_name: string | null, badges: string[], body: string,
 *   reply_to: string | null, created_at: string, edited_at: string | null, deleted: boolean, reactions: Reaction[]
 * }} Message
 */

import { amount, h, icon, maybe, one, sol, time, wallet } from "../dom.js";
import * as format from "../format.js";
import { keyOf, token, tokens } from "./state.js";

const BADGES = /** @type {Record<string, string>} */ ({ creator: "Creator", holder: "Holder", "top-holder": "Top holder" });
const WEB_ADDRESS = /https?:\/\/[^\s<>"'`]{3,512}/g;
const EXCERPT = 120;

/** The line of a message, if it is shown. @param {string} id @returns {HTMLElement | null} */
export function lineOf(id) {
  return maybe(`#message-${CSS.escape(id)}`);
}

/** @param {Message} message @returns {HTMLElement} */
export function drawMessage(message) {
  if (message.kind === "alert" && !message.deleted) return drawAlert(message);
  return h(
    "li",
    {
      class: "message",
      id: `message-${message.id}`,
      "data-id": message.id,
      "data-seq": message.seq,
      "data-author": message.author,
      "data-at": message.created_at,
    },
    message.reply_to ? quoted(message.reply_to) : null,
    h("div", { class: "message-head" }, ...author(message), time(message.created_at), message.edited_at ? edited() : null),
    message.deleted ? gone() : h("p", { class: "message-body" }, ...linked(message.body)),
    h("div", { class: "reactions" }, ...message.reactions.map(drawReaction)),
  );
}

/** The line of an alert of the creator's. @param {Message} message */
function drawAlert(message) {
  return h(
    "li",
    { class: "system", id: `message-${message.id}`, "data-id": message.id, "data-seq": message.seq, "data-at": message.created_at },
    icon("bell"),
    h("span", { class: "cut", title: "An alert of the creator's" }, message.body),
    time(message.created_at),
  );
}

/** @param {Message} message */
function author(message) {
  const name = wallet(message.author, message.author_name);
  name.classList.add("author");
  return [name, ...message.badges.map((badge) => h("span", { class: `who ${badge}` }, BADGES[badge] ?? badge))];
}

/** @param {string} id of the message that is answered */
function quoted(id) {
  const parent = lineOf(id);
  const text = parent
    ? `${maybe(".author", parent)?.textContent}: ${(maybe(".message-body", parent)?.textContent ?? "").slice(0, EXCERPT)}`
    : "an earlier message";
  return h("a", { class: "quoted cut", href: `#message-${id}` }, text);
}

function gone() {
  return h("p", { class: "message-body quiet" }, "Message deleted");
}

function edited() {
  return h("span", { class: "quiet small edited" }, "edited");
}

/** Text with its web addresses as links; everything else stays text. @param {string} text */
export function linked(text) {
  /** @type {(string | Node)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(WEB_ADDRESS)) {
    const href = match[0].replace(/[.,:;!?)]+$/, "");
    parts.push(text.slice(end, match.index), h("a", { href, rel: "noopener noreferrer nofollow ugc", target: "_blank" }, href));
    end = match.index + href.length;
  }
  return [...parts, text.slice(end)];
}

/** @param {Reaction} reaction */
export function drawReaction({ emoji, count, authors }) {
  return h(
    "button",
    { type: "button", class: "reaction", "data-emoji": emoji, "data-authors": authors.join(" "), "aria-label": `${emoji}, ${count}` },
    `${emoji} `,
    h("span", { class: "num" }, count),
  );
}

/** A message has new words. @param {string} id @param {string} body */
export function editLine(id, body) {
  const line = lineOf(id);
  if (!line) return;
  const place = maybe(".message-body, .editor", line);
  place?.replaceWith(h("p", { class: "message-body" }, ...linked(body)));
  if (!maybe(".edited", line)) one(".message-head", line).append(edited());
}

/** A message was taken back. @param {string} id */
export function deleteLine(id) {
  const line = lineOf(id);
  if (!line) return;
  maybe(".message-body, .editor", line)?.replaceWith(gone());
  maybe(".reactions", line)?.replaceChildren();
  maybe(".message-tools", line)?.remove();
}

/** Someone put or took an emoji. @param {{id: string, emoji: string, author: string, added: boolean, count: number}} change */
export function react({ id, emoji, author: who, added, count }) {
  const line = lineOf(id);
  if (!line) return;
  const place = one(".reactions", line);
  const old = maybe(`[data-emoji="${CSS.escape(emoji)}"]`, place);
  const before = (old?.dataset.authors ?? "").split(" ").filter((name) => name && name !== who);
  const authors = added ? [...before, who] : before;
  if (count === 0) old?.remove();
  else if (old) old.replaceWith(drawReaction({ emoji, count, authors }));
  else place.append(drawReaction({ emoji, count, authors }));
}

/** A trade as a quiet line. @param {import("./state.js").Trade} trade @returns {HTMLElement} */
export function drawTraded(trade) {
  const bought = trade.side === "buy";
  return h(
    "li",
    { class: "system", "data-trade": keyOf(trade), "data-at": trade.traded_at },
    h("span", { class: bought ? "up" : "down" }, icon(bought ? "up" : "down")),
    h(
      "span",
      { class: "cut" },
      h("a", { class: "mono", href: `/wallet/${trade.trader}` }, format.address(trade.trader)),
      bought ? " bought " : " sold ",
      amount(tokens(trade.base_amount), token.symbol),
      " for ",
      sol(trade.quote_amount),
    ),
    time(trade.traded_at),
  );
}
