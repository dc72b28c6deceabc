/**
 * The room: what is said comes in order of its number, none missed and none twice.
 *
 * One's own message is shown at once as waiting and becomes real when the room says so; it is
 * matched by `client_id`, so sending again after a broken connection never says it twice.
 */

import { all, h, icon, maybe, one, problem } from "../dom.js";
import * as format from "../format.js";
import { follow, hear, send, tell } from "../live.js";
import { askToSignIn } from "../wallet/dialog.js";
import * as session from "../wallet/session.js";
import * as line from "./message.js";
import { token } from "./state.js";

const EMOJI = ["👍", "❤️", "😂", "🚀", "🔥", "👀", "💎", "😢"];
const HISTORY_PAGE = 50;
const NEAR_PX = 60;
const TYPING_SHOWN_MS = 4000;
const TYPING_TOLD_MS = 3000;
const TRADES_IN_A_ROW = 4;
const LONG_PRESS_MS = 450;

const list = one("#messages");
const jump = one("#jump");
const box = /** @type {HTMLTextAreaElement} */ (one("#message"));
let unread = 0;
let more = token.room_more;
let first = token.room_first;
let loading = false;
/** @type {string | null} the message that is answered */
let replying = null;
/** @type {Map<string, ReturnType<typeof setTimeout>>} who is writing */
const typing = new Map();
let toldTyping = 0;
/** Whether the newest line stays in view when the list is resized. */
let pinned = true;

/** Begin to hear and to talk. */
export function startRoom() {
  follow(`room:${token.mint}`, { after: token.room_head, onEvent: take, onJoined: ({ count }) => presence(count) });
  hear("presence", ({ mint, count }) => mint === token.mint && presence(count));
  hear("typing", ({ mint, author }) => mint === token.mint && someoneTypes(author));
  list.addEventListener("scroll", scrolled);
  new ResizeObserver(() => pinned && toNewest()).observe(list);
  list.addEventListener("click", clicked);
  startTools();
  jump.addEventListener("click", toNewest);
  one("#composer").addEventListener("submit", (event) => {
    event.preventDefault();
    void say();
  });
  box.addEventListener("keydown", composerKey);
  box.addEventListener("input", () => {
    problem(box, one("#composer-problem"), "");
    if (box.value.trim()) tellTyping();
  });
  maybe("#replying button")?.addEventListener("click", () => reply(null));
  session.watch(markOwn);
  toNewest();
}

/** @param {import("../live.js").Envelope} event */
function take({ type, data, seq }) {
  if (type === "message.posted") posted({ ...data, seq, edited_at: null, deleted: false, reactions: [] });
  else if (type === "message.edited") line.editLine(data.id, data.body);
  else if (type === "message.deleted") line.deleteLine(data.id);
  else if (type === "reaction.changed") line.react(data);
  if (type === "reaction.changed") markOwn();
}

/** @param {line.Message} message */
function posted(message) {
  maybe(`[data-client="${CSS.escape(message.client_id)}"]`)?.remove();
  if (line.lineOf(message.id)) return;
  stopTyping(message.author);
  add(line.drawMessage(message), message.author === session.signedInAs());
  markOwn();
}

/** A trade as a line of the room; of many in a row only the last stay. @param {import("./state.js").Trade} trade */
export function roomTrade(trade) {
  add(line.drawTraded(trade), false, false);
  const run = [];
  for (let item = list.lastElementChild; item?.matches(".system"); item = item.previousElementSibling) run.push(item);
  for (const old of run.slice(TRADES_IN_A_ROW)) old.remove();
}

/** @param {HTMLElement} item @param {boolean} own @param {boolean} [counts] whether it is worth a mark when out of sight */
function add(item, own, counts = true) {
  maybe("#no-messages")?.remove();
  const follows = isAtEnd() || own;
  if (!follows && counts) {
    if (unread === 0) {
      clearUnreadMark();
      list.append(h("li", { class: "unread" }, "New"));
    }
    unread += 1;
    showJump();
  }
  list.append(item);
  if (follows) toNewest();
}

function clearUnreadMark() {
  for (const mark of all(".unread", list)) mark.remove();
}

function isAtEnd() {
  return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
}

function toNewest() {
  list.scrollTop = list.scrollHeight;
  unread = 0;
  showJump();
}

function showJump() {
  jump.hidden = isAtEnd() && unread === 0;
  one("span", jump).textContent = unread ? `${unread} new` : "Newest";
}

function scrolled() {
  pinned = isAtEnd();
  if (pinned) unread = 0;
  showJump();
  if (list.scrollTop < NEAR_PX && more && !loading) void loadOlder();
}

async function loadOlder() {
  loading = true;
  const ack = await send("message:history", { mint: token.mint, before: first, limit: HISTORY_PAGE });
  if (ack.ok) {
    const height = list.scrollHeight;
    list.prepend(...ack.messages.map(line.drawMessage));
    list.scrollTop += list.scrollHeight - height;
    first = ack.messages[0]?.seq ?? first;
    more = ack.more;
    markOwn();
  }
  loading = false;
}

/** @param {number} count */
function presence(count) {
  one("#presence").textContent = String(count);
}

/** @param {string} author */
function someoneTypes(author) {
  clearTimeout(typing.get(author));
  typing.set(author, setTimeout(() => stopTyping(author), TYPING_SHOWN_MS));
  showTyping();
}

/** @param {string} author */
function stopTyping(author) {
  clearTimeout(typing.get(author));
  typing.delete(author);
  showTyping();
}

function showTyping() {
  const names = [...typing.keys()].map((name) => format.address(name));
  one("#typing").textContent =
    names.length === 0 ? "" : names.length === 1 ? `${names[0]} is writing` : `${names.length} people are writing`;
}

function tellTyping() {
  if (!session.signedInAs() || Date.now() - toldTyping < TYPING_TOLD_MS) return;
  toldTyping = Date.now();
  tell("typing", { mint: token.mint });
}

/** @param {KeyboardEvent} event */
function composerKey(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    void say();
  } else if (event.key === "Escape") {
    reply(null);
    box.blur();
  }
}

async function say() {
  const body = box.value.trim();
  if (!body) return;
  if (!session.signedInAs()) {
    void askToSignIn();
    return;
  }
  const clientId = clientIdOf(body);
  const waiting = h(
    "li",
    { class: "message waiting own", "data-client": clientId },
    h("div", { class: "message-head" }, h("span", { class: "author" }, "You"), h("span", { class: "quiet small" }, "sending")),
    h("p", { class: "message-body" }, ...line.linked(body)),
  );
  const answered = replying;
  box.value = "";
  reply(null);
  clearUnreadMark();
  add(waiting, true);
  const ack = await send("message:send", { mint: token.mint, body, client_id: clientId, ...(answered ? { reply_to: answered } : {}) });
  if (ack.ok) {
    unsent = null;
    posted(ack.message);
    return;
  }
  waiting.remove();
  // What was typed is never lost; the same id makes a second try harmless.
  if (!box.value) box.value = body;
  problem(box, one("#composer-problem"), ack.message);
  if (ack.error === "AUTH_REQUIRED") void askToSignIn();
}

/** @type {{body: string, id: string} | null} */
let unsent = null;

/** The same words tried again keep their id. @param {string} body */
function clientIdOf(body) {
  if (unsent?.body !== body) unsent = { body, id: uuid() };
  return unsent.id;
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @param {string | null} id */
function reply(id) {
  replying = id;
  const place = one("#replying");
  place.hidden = id === null;
  const parent = id && line.lineOf(id);
  if (parent) one("span", place).textContent = `Replying to ${maybe(".author", parent)?.textContent}`;
  if (id) box.focus();
}

/** Mark one's own messages and reactions; what one may do with each depends on it. */
function markOwn() {
  const me = session.signedInAs();
  for (const item of all(".message[data-author]", list)) item.classList.toggle("own", item.dataset.author === me);
  for (const button of all(".reaction", list)) {
    const mine = Boolean(me) && (button.dataset.authors ?? "").split(" ").includes(/** @type {string} */ (me));
    button.setAttribute("aria-pressed", String(mine));
  }
}

/** @param {Event} event */
function clicked(event) {
  const target = /** @type {Element} */ (event.target);
  const reaction = /** @type {HTMLElement | null} */ (target.closest(".reaction"));
  const item = /** @type {HTMLElement | null} */ (target.closest(".message[data-id]"));
  if (reaction && item) void react(item, reaction.dataset.emoji ?? "", reaction.getAttribute("aria-pressed") !== "true");
  const action = /** @type {HTMLElement | null} */ (target.closest("[data-do]"));
  if (action && item) act(item, action.dataset.do ?? "", action);
}

/** @param {HTMLElement} item @param {string} emoji @param {boolean} on */
async function react(item, emoji, on) {
  if (!session.signedInAs()) {
    void askToSignIn();
    return;
  }
  const ack = await send("message:react", { id: item.dataset.id, emoji, on });
  if (!ack.ok) problem(null, one("#composer-problem"), ack.message);
}

/** Tools appear on the message under the pointer, in focus, or pressed long. */
function startTools() {
  const show = (/** @type {Event} */ event) => {
    const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.(".message[data-id]"));
    if (item && !maybe(".message-tools", item)) giveTools(item);
  };
  list.addEventListener("pointerover", show);
  list.addEventListener("focusin", show);
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  list.addEventListener("touchstart", (event) => {
    timer = setTimeout(() => {
      for (const item of all(".message.pressed", list)) item.classList.remove("pressed");
      show(event);
      /** @type {Element} */ (event.target).closest(".message")?.classList.add("pressed");
    }, LONG_PRESS_MS);
  }, { passive: true });
  for (const end of ["touchend", "touchmove"]) list.addEventListener(end, () => clearTimeout(timer), { passive: true });
}

/** @param {HTMLElement} item */
function giveTools(item) {
  for (const old of all(".message-tools", list)) old.remove();
  const deleted = Boolean(maybe(".message-body.quiet", item));
  if (deleted) return;
  const own = item.dataset.author === session.signedInAs();
  const tool = (/** @type {string} */ name, /** @type {string} */ symbol, /** @type {string} */ label) =>
    h("button", { class: "icon-button tiny", type: "button", "data-do": name, "aria-label": label, title: label }, icon(symbol));
  item.append(
    h(
      "div",
      { class: "message-tools" },
      tool("palette", "smile", "React"),
      tool("reply", "reply", "Reply"),
      own ? tool("edit", "pen", "Edit") : null,
      own ? tool("delete", "bin", "Delete") : null,
    ),
  );
}

/** @param {HTMLElement} item @param {string} what @param {HTMLElement} opener */
function act(item, what, opener) {
  if (what === "reply") reply(item.dataset.id ?? null);
  else if (what === "edit") edit(item);
  else if (what === "delete") void remove(item);
  else if (what === "palette") openPalette(item, opener);
}

/** @param {HTMLElement} item @param {HTMLElement} opener */
function openPalette(item, opener) {
  const palette = h(
    "div",
    { class: "popover palette", popover: "auto", id: "palette", role: "group", "aria-label": "Reactions" },
    ...EMOJI.map((emoji) =>
      h("button", { class: "icon-button", type: "button", "aria-label": emoji, click: () => { palette.hidePopover(); void react(item, emoji, true); } }, emoji),
    ),
  );
  palette.addEventListener("toggle", () => palette.matches(":popover-open") || palette.remove());
  document.body.append(palette);
  palette.showPopover();
  const place = opener.getBoundingClientRect();
  palette.style.left = `${Math.max(8, Math.min(place.right - palette.offsetWidth, innerWidth - palette.offsetWidth - 8))}px`;
  palette.style.top = `${Math.max(8, place.top - palette.offsetHeight - 6)}px`;
  maybe("button", palette)?.focus();
}

/** @param {HTMLElement} item */
function edit(item) {
  const body = maybe(".message-body", item);
  if (!body) return;
  const before = body.textContent ?? "";
  const area = h("textarea", { class: "input", "aria-label": "Edit the message", maxlength: 2000 }, before);
  const note = h("p", { class: "problem", role: "alert", hidden: true });
  const editor = h("div", { class: "editor" }, area, note, h("p", { class: "small quiet" }, "Enter saves, Esc leaves it as it was."));
  body.replaceWith(editor);
  area.focus();
  area.addEventListener("keydown", async (event) => {
    event.stopPropagation();
    if (event.key === "Escape") editor.replaceWith(body);
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    const ack = await send("message:edit", { id: item.dataset.id, body: area.value });
    if (ack.ok) line.editLine(item.dataset.id ?? "", ack.message.body);
    else problem(area, note, ack.message);
  });
}

/** @param {HTMLElement} item */
async function remove(item) {
  const ack = await send("message:delete", { id: item.dataset.id });
  if (ack.ok) line.deleteLine(item.dataset.id ?? "");
  else problem(null, one("#composer-problem"), ack.message);
}
