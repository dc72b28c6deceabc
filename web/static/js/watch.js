/**
 * Watched tokens: stars anywhere on a page, and the lists behind them.
 *
 * Who is signed in keeps them with the account; for everyone else they are kept in this browser, and join
 * the account's at the next sign-in.
 */

import { api, post } from "./api.js";
import { all, h, icon, toast } from "./dom.js";
import { signedInAs, watch } from "./wallet/session.js";

const STORE = "launchpad.watchlists";
export const FIRST = "Watchlist";
const MAX_TOKENS = 100;

/** @typedef {{id: string, name: string, mints: string[]}} List */

/** @type {List[]} */
let lists = readLocal();
/** @type {string | null | undefined} whose lists these are; undefined before anybody was asked */
let owner;
let started = false;
/** @type {Set<(lists: List[]) => void>} */
const listeners = new Set();

/** @returns {List[]} */
function readLocal() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) || "[]");
    return Array.isArray(kept) ? kept.filter((list) => typeof list?.name === "string" && Array.isArray(list.mints)) : [];
  } catch {
    return [];
  }
}

function keepLocal() {
  if (owner) return;
  localStorage.setItem(STORE, JSON.stringify(lists));
}

/** Hear of every change. @param {(lists: List[]) => void} listener called at once too */
export function watchLists(listener) {
  listeners.add(listener);
  listener(lists);
}

/** The lists as they are. */
export function currentLists() {
  return lists;
}

/** @param {string} mint */
export function isWatched(mint) {
  return lists.some((list) => list.mints.includes(mint));
}

function announce() {
  for (const button of all("[data-star]")) paint(button);
  for (const listener of listeners) listener(lists);
}

/** @param {HTMLElement} button */
function paint(button) {
  const on = isWatched(button.dataset.star || "");
  button.setAttribute("aria-pressed", String(on));
  button.title = on ? "Watched: press to let go" : "Watch";
}

/** A star. @param {string} mint @param {string} name */
export function star(mint, name) {
  const button = h("button", { class: "star", type: "button", "data-star": mint, "aria-label": `Watch ${name}` }, icon("star"));
  paint(button);
  return button;
}

/**
 * Begin to watch a token on the first list, or let it go from every list.
 * @param {string} mint
 */
export async function toggle(mint) {
  const on = isWatched(mint);
  const holding = on ? lists.filter((list) => list.mints.includes(mint)) : [lists[0] ?? (await addList(FIRST))];
  for (const list of holding) await (on ? leave(list, mint) : join(list, mint));
}

/** @param {List} list @param {string} mint */
async function join(list, mint) {
  if (list.mints.length >= MAX_TOKENS) return toast(`${list.name} is full: it holds ${MAX_TOKENS} tokens.`);
  await changed(list, [mint, ...list.mints], () => api(`/api/v1/watchlists/${list.id}/tokens/${mint}`, { method: "PUT" }));
}

/** Take a token off a list. @param {List} list @param {string} mint */
export async function leave(list, mint) {
  const rest = list.mints.filter((each) => each !== mint);
  await changed(list, rest, () => api(`/api/v1/watchlists/${list.id}/tokens/${mint}`, { method: "DELETE" }));
}

/** Put a list's tokens in another order. @param {List} list @param {string[]} mints */
export async function arrange(list, mints) {
  await changed(list, mints, () => api(`/api/v1/watchlists/${list.id}/order`, { method: "PUT", body: { mints } }));
}

/** Shown at once, undone where the server refuses. @param {List} list @param {string[]} mints @param {() => Promise<any>} tell */
async function changed(list, mints, tell) {
  const before = list.mints;
  list.mints = mints;
  announce();
  if (!owner) return keepLocal();
  try {
    await tell();
  } catch (error) {
    list.mints = before;
    announce();
    toast(/** @type {Error} */ (error).message);
  }
}

/** A new list. @param {string} name @returns {Promise<List>} rejects with ApiError */
export async function addList(name) {
  const list = owner ? listOf(await post("/api/v1/watchlists", { name })) : { id: crypto.randomUUID(), name, mints: [] };
  lists.push(list);
  keepLocal();
  announce();
  return list;
}

/** Rename a list; rejects with ApiError. @param {List} list @param {string} name */
export async function renameList(list, name) {
  if (owner) await api(`/api/v1/watchlists/${list.id}`, { method: "PATCH", body: { name } });
  list.name = name;
  keepLocal();
  announce();
}

/** Forget a list; rejects with ApiError. @param {List} list */
export async function removeList(list) {
  if (owner) await api(`/api/v1/watchlists/${list.id}`, { method: "DELETE" });
  lists = lists.filter((each) => each !== list);
  keepLocal();
  announce();
}

/** @param {any} told @returns {List} */
function listOf(told) {
  return { id: told.id, name: told.name, mints: told.mints };
}

/** The account's lists, with what this browser kept so far. */
async function adopt() {
  const kept = readLocal().filter((list) => list.mints.length);
  const path = "/api/v1/watchlists";
  const told = kept.length
    ? await post(`${path}/merge`, { lists: kept.map(({ name, mints }) => ({ name, mints })) })
    : await api(path);
  localStorage.removeItem(STORE);
  lists = told.data.map(listOf);
}

/** Wire every star of the page, and follow who is signed in. */
export function startWatching() {
  if (started) return;
  started = true;
  document.addEventListener("stars-added", announce);
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-star]"));
    if (!button) return;
    event.preventDefault();
    void toggle(button.dataset.star || "").catch((error) => toast(error.message));
  });
  addEventListener("storage", (event) => {
    if (event.key !== STORE || owner) return;
    lists = readLocal();
    announce();
  });
  watch(() => void follow());
}

async function follow() {
  const who = signedInAs();
  if (who === owner) return;
  owner = who;
  try {
    if (who) await adopt();
    else lists = readLocal();
  } catch (error) {
    owner = undefined;
    toast(/** @type {Error} */ (error).message);
  }
  announce();
}
