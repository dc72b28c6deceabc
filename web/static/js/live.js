/**
 * Live events: one socket for the page, any number of channels, none missed and none twice.
 *
 * Every envelope has the sequence number of its channel. After a gap or a reconnect the
 * channel is joined again with `after`, and the server sends what was missed.
 */

import { io } from "../vendor/socket.io.js";

/**
 * @typedef {{v: number, type: string, channel: string, seq: number, ts: string, data: any}} Envelope
 * @typedef {{
 *   seq: number | null, join: string, request: Record<string, unknown>,
 *   onEvent: (event: Envelope) => void, onStale: () => void, onJoined: (ack: any) => void, joining: boolean, again: boolean
 * }} Channel
 */

/** @type {Map<string, Channel>} */
const channels = new Map();
/** @type {Set<(state: LiveState) => void>} */
const watchers = new Set();
/** `idle`: this page follows nothing. @typedef {"idle" | "waiting" | "live" | "offline"} LiveState */

const socket = io({ transports: ["websocket"], autoConnect: false, reconnectionDelayMax: 5000 });
const ACK_TIMEOUT = 8000;

/** Connect once something is to be heard. */
function start() {
  if (socket.active) return;
  socket.connect();
  announce();
}

/**
 * Follow a channel: `market`, `token:<mint>`, `room:<mint>`, or one's own `user:<address>`.
 * @param {string} name
 * @param {{
 *   after?: number | null, onEvent: (event: Envelope) => void, onStale?: () => void, onJoined?: (ack: any) => void
 * }} options `after` is the last number that the page already shows; `onStale` says that too much was missed
 */
export function follow(name, { after = null, onEvent, onStale = () => location.reload(), onJoined = () => {} }) {
  const [kind, mint] = name.split(":");
  const join = { market: "subscribe:market", token: "subscribe:token", room: "room:join", user: "subscribe:alerts" }[kind];
  if (!join) throw new Error(`no such channel: ${name}`);
  const request = mint && kind !== "user" ? { mint } : {};
  channels.set(name, { seq: after, join, request, onEvent, onStale, onJoined, joining: false, again: false });
  start();
  if (socket.connected) void enter(name);
}

/** Hear one's own channel no more: someone else is here now, or nobody. @param {string} name of a `user:<address>` */
export function unfollow(name) {
  channels.delete(name);
  tell("unsubscribe:alerts", {});
}

/**
 * Send an event and wait for its acknowledgement.
 * @param {string} event @param {Record<string, unknown>} body
 * @returns {Promise<any>} `{ok: true, ...}` or `{ok: false, error, message}`; never rejects
 */
export async function send(event, body) {
  start();
  try {
    return await socket.timeout(ACK_TIMEOUT).emitWithAck(event, body);
  } catch {
    return { ok: false, error: "OFFLINE", message: "The room cannot be reached just now. Your words are kept: send again." };
  }
}

/** Tell without waiting. @param {string} event @param {Record<string, unknown>} body */
export function tell(event, body) {
  if (socket.connected) socket.emit(event, body);
}

/** Hear something that is no envelope: `presence`, `typing`. @param {string} event @param {(data: any) => void} listener */
export function hear(event, listener) {
  socket.on(event, listener);
}

/** Connect anew, as someone else: after signing in or out. */
export function reconnect() {
  if (!socket.active) return;
  socket.disconnect();
  socket.connect();
}

/** @param {(state: LiveState) => void} watcher called at once and on every change */
export function watchState(watcher) {
  watchers.add(watcher);
  watcher(state());
}

/** @returns {LiveState} */
function state() {
  if (!navigator.onLine) return "offline";
  return socket.connected ? "live" : socket.active ? "waiting" : "idle";
}

function announce() {
  for (const watcher of watchers) watcher(state());
}

/** @param {string} name */
async function enter(name) {
  const channel = channels.get(name);
  if (!channel) return;
  if (channel.joining) {
    channel.again = true;
    return;
  }
  channel.joining = true;
  const ack = await send(channel.join, channel.seq === null ? channel.request : { ...channel.request, after: channel.seq });
  channel.joining = false;
  if (!ack.ok) {
    if (ack.error === "RESYNC_REQUIRED") channel.onStale();
    else if (socket.connected) setTimeout(() => void enter(name), ack.retry_after_ms ?? 2000);
    return;
  }
  if (ack.resync) {
    channel.onStale();
    return;
  }
  const first = channel.seq === null;
  if (first) channel.seq = ack.head;
  for (const text of ack.events) hand(channel, JSON.parse(text));
  channel.onJoined(ack);
  if (ack.more || channel.again) {
    channel.again = false;
    void enter(name);
  }
}

/** @param {Channel} channel @param {Envelope} event */
function hand(channel, event) {
  if (channel.seq !== null && event.seq <= channel.seq) return;
  channel.seq = event.seq;
  channel.onEvent(event);
}

socket.on("live", (/** @type {Envelope} */ event) => {
  const channel = channels.get(event.channel);
  if (!channel || channel.seq === null) return;
  // While history is being read, and after a gap, the server repeats what came meanwhile.
  if (channel.joining) channel.again = true;
  else if (event.seq > channel.seq + 1) void enter(event.channel);
  else hand(channel, event);
});
// We read too slowly for a while and were left out of this channel.
socket.on("resync", (/** @type {{channel: string}} */ { channel }) => void enter(channel));
socket.on("connect", () => {
  announce();
  for (const name of channels.keys()) void enter(name);
});
socket.on("disconnect", (reason) => {
  announce();
  // The library reconnects by itself except after the server hung up.
  if (reason === "io server disconnect") setTimeout(() => socket.connect(), 2000);
});
socket.io.on("reconnect_attempt", announce);
window.addEventListener("offline", announce);
window.addEventListener("online", () => {
  announce();
  if (socket.active && !socket.connected) socket.connect();
});
