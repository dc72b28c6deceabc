/** The screener: what is asked for, what is known, and the table that shows it. */

import { api } from "../api.js";
import { all, amount, embedded, h, icon, maybe, one, settled } from "../dom.js";
import { shortcut } from "../keys.js";
import { follow } from "../live.js";
import { startWatching, toggle } from "../watch.js";
import { countTrade } from "./live.js";
import { ExpressionError, parse } from "./parser.js";
import { drawRow, mendRow } from "./rows.js";
import { Facts } from "./state.js";
import { Store } from "./store.js";
import { markProblem, startSuggesting } from "./suggest.js";
import { Table } from "./table.js";
import { startViews } from "./views.js";
import { chosenList, moveOnList, startLists } from "./lists.js";

const PATH = location.pathname;
const API = "/api/v1/screener";
const MOST = 10_000;
const SIGHT_MS = 10_000;
const WHOLE_MS = 60_000;

const facts = new Facts(embedded("screener-facts"));
const scroller = one("#scroll");
const input = /** @type {HTMLInputElement} */ (one("#filter"));
const problemPlace = one("#filter-problem");
const mark = one("#filter-place");
const movedButton = one("#moved");
/** Whether the table is over one's own lists. */
const watching = PATH === "/watchlist";

let screen = facts.read(new URLSearchParams(location.search));
/** @type {Store | null} */
let store = null;
/** What the store was read for. */
let storeKey = "";
let loads = 0;
/** @type {import("./parser.js").Test} */
let test = () => true;
/** @type {Set<number>} tokens that changed since the order was made */
const touched = new Set();
/** @type {Set<string>} mints launched since the store was read */
const launched = new Set();

const table = new Table(scroller, /** @type {HTMLTableSectionElement} */ (one("#rows")), {
  row: (number) => drawRow(known(), number, facts.columnsOf(screen), screen.window),
  open: (number) => location.assign(`/token/${known().shown(number, "mint")}`),
  watch: (number) => void toggle(known().shown(number, "mint")),
  move: (number, step) => {
    if (watching && !screen.sort) void moveOnList(known().shown(number, "mint"), step);
  },
});

function known() {
  if (!store) throw new Error("nothing is loaded yet");
  return store;
}

/** Whether the page itself can filter and sort what it has. @param {Set<string>} fields */
function isEnough(fields) {
  return store !== null && storeKey === keyOf() && store.isWhole && store.has(fields);
}

function keyOf() {
  return `${screen.preset} ${screen.window}`;
}

/** The filter, read; its problem is shown where it stands. @returns {import("./parser.js").Test | null} */
function readFilter() {
  try {
    const read = parse(screen.filter, facts.fields, store?.solUsd ?? null);
    if (read.dollars && store && store.solUsd === null) throw new Error("No price of SOL is known at the moment: compare with SOL instead.");
    markProblem(input, mark, problemPlace, null);
    asked = read.fields;
    return read.test;
  } catch (error) {
    markProblem(input, mark, problemPlace, /** @type {ExpressionError} */ (error));
    return null;
  }
}

/** @type {Set<string>} fields of the filter */
let asked = new Set();

/** Show what the screen asks for: at once where the page knows enough, else from the server. @param {boolean} top */
async function show(top) {
  const read = readFilter();
  paintControls();
  if (!read) return;
  test = read;
  const enough = isEnough(new Set([...asked, facts.sortedBy(screen)]));
  if (enough) arrange(top);
  else await load(top);
}

/** @param {boolean} top */
async function load(top) {
  const turn = ++loads;
  scroller.setAttribute("aria-busy", "true");
  const columns = new Set([...facts.wanted(screen), ...stored(asked)]);
  let answer = await ask("", columns);
  // More than can be held here: then the server filters, and what it finds may be all.
  const isPart = Boolean(answer?.meta.hasMore);
  if (turn === loads && isPart && screen.filter) answer = await ask(screen.filter, columns);
  if (turn !== loads || !answer) return;
  store = new Store(answer);
  storeKey = isPart ? "" : keyOf();
  scroller.removeAttribute("aria-busy");
  launched.clear();
  test = readFilter() ?? test;
  arrange(top);
  listen(store.head);
}

/** What the server keeps of fields: ages are worked out here. @param {Set<string>} fields */
function stored(fields) {
  return [...fields].filter((name) => name !== "age" && name !== "idle");
}

/** @param {string} filter @param {Set<string>} fields @param {string} [mints] @returns {Promise<any>} */
async function ask(filter, fields, mints) {
  const order = { sort: facts.sortedBy(screen), order: screen.order };
  const query = new URLSearchParams({ form: "compact", columns: [...fields].join(","), ...order });
  const own = watching ? chosenList().mints.join(",") : null;
  if (mints || own !== null) query.set("mints", mints ?? own ?? "");
  else {
    query.set("limit", String(MOST));
    if (screen.preset !== "all") query.set("preset", screen.preset);
    if (filter) query.set("filter", filter);
  }
  try {
    return await api(`${API}?${query}`);
  } catch (error) {
    const { message, details } = /** @type {import("../api.js").ApiError} */ (error);
    if (!mints) markProblem(input, mark, problemPlace, { message, ...details });
    scroller.removeAttribute("aria-busy");
    return null;
  }
}

/** Filter and sort what is known, and show it. @param {boolean} [top] */
function arrange(top = false) {
  const found = known();
  const numbers = found.isWhole ? found.passing(test) : found.rows.map((_, number) => number);
  const order = ownOrder() ?? found.sort(numbers, facts.sortedBy(screen), screen.order === "desc");
  touched.clear();
  movedButton.hidden = true;
  scroller.classList.add("virtual");
  maybe("#more")?.closest(".more")?.remove();
  one("#table").setAttribute("aria-rowcount", String(order.length + 1));
  one("#nothing").hidden = order.length > 0;
  const count = found.isWhole ? order.length : found.total;
  const beyond = found.isWhole || found.total <= MOST ? "" : `, the first ${MOST.toLocaleString("en")} here`;
  one("#count").replaceChildren(amount(count), ` token${count === 1 ? "" : "s"}${beyond}`);
  table.show(order, top);
}

/** The tokens as they stand on the list, where no other order was asked for. */
function ownOrder() {
  if (!watching || screen.sort) return null;
  const found = known();
  const passing = new Set(found.passing(test));
  return chosenList().mints.flatMap((mint) => {
    const number = found.byMint.get(mint);
    return number !== undefined && passing.has(number) ? [number] : [];
  });
}

/** Tokens that no longer stand where the order would put them. */
function countMoved() {
  if (!store || (watching && !screen.sort)) return 0;
  const found = store;
  const by = facts.sortedBy(screen);
  const place = new Map(table.order.map((number, index) => [number, index]));
  return [...touched].filter((number) => {
    const at = place.get(number);
    const passes = !found.isWhole || test((field) => found.compared(number, field));
    if (at === undefined) return passes && found.isWhole;
    const [before, after] = [table.order[at - 1], table.order[at + 1]];
    const fits = (/** @type {number | undefined} */ a, /** @type {number | undefined} */ b) =>
      a === undefined || b === undefined || found.inOrder(a, b, by, screen.order === "desc");
    return !passes || !fits(before, number) || !fits(number, after);
  }).length;
}

/** Say what waits, or put it in order where nobody would notice. */
function settle() {
  if (!store || document.hidden) return;
  const moved = countMoved();
  const fresh = !watching && ["all", "new"].includes(screen.preset) ? launched.size : 0;
  if (moved && !fresh && table.isIdle) return arrange();
  movedButton.hidden = !moved && !fresh;
  movedButton.textContent = [moved && `${moved} moved`, fresh && `${fresh} new`].filter(Boolean).join(", ");
}

/** @type {boolean} */
let listening = false;

/** @param {number} head */
function listen(head) {
  if (listening) return;
  listening = true;
  follow("market", { after: facts.head ?? head, onEvent: take, onStale: () => void load(false) });
}

/** @param {import("../live.js").Envelope} event */
function take({ type, data, seq }) {
  if (!store || seq <= store.head) return;
  if (type === "token.launched" && !store.byMint.has(data.mint)) launched.add(data.mint);
  if (type !== "trade") return;
  const number = countTrade(store, data);
  if (number !== null) mend(number, data.side === "buy" ? "up" : "down");
}

/** @param {number} number @param {"" | "up" | "down"} tone */
function mend(number, tone) {
  touched.add(number);
  const row = table.rowOf(number);
  if (row) mendRow(row, known(), number, facts.columnsOf(screen), screen.window, tone);
}

/** What is in sight, with the server's figures: windows move with time, not only with trades. */
async function refreshSight() {
  if (!store || document.hidden || !table.inSight.length) return;
  const found = store;
  const mints = table.inSight.slice(0, 100).map((number) => found.shown(number, "mint"));
  const answer = await ask("", new Set(found.columns), mints.join(","));
  if (!answer || found !== store) return;
  for (const number of found.refresh(answer)) mend(number, "");
}

/** Everything anew, without a row that jumps. */
async function refreshAll() {
  if (!store || document.hidden || !store.isWhole) return;
  const found = store;
  const answer = await ask("", new Set(found.columns));
  if (!answer || found !== store) return;
  for (const number of found.refresh(answer)) mend(number, "");
  for (const row of answer.data) if (!found.byMint.has(row[0])) launched.add(row[0]);
}

/** Ask for something else; the address says so, and the way back leads to what was before. @param {Partial<import("./state.js").Screen>} changes @param {boolean} [replaced] */
function go(changes, replaced = false) {
  screen = { ...screen, ...changes };
  const list = watching ? new URLSearchParams(location.search).get("list") : null;
  const plain = facts.href(PATH, screen);
  const href = list ? `${plain}${plain.includes("?") ? "&" : "?"}list=${encodeURIComponent(list)}` : plain;
  if (href !== location.pathname + location.search) history[replaced ? "replaceState" : "pushState"](null, "", href);
  void show(true);
}

function paintControls() {
  for (const tab of all("[data-preset]")) current(tab, tab.dataset.preset === screen.preset);
  for (const tab of all("[data-window]")) current(tab, tab.dataset.window === screen.window);
  for (const box of all("#columns-menu input")) {
    /** @type {HTMLInputElement} */ (box).checked = screen.columns.includes(/** @type {HTMLInputElement} */ (box).value);
  }
  const none = watching ? one("#nothing").dataset.unwatched ?? "" : facts.presets[screen.preset][2];
  one("#nothing p").textContent = screen.filter ? "No token is like that." : none;
  if (document.activeElement !== input) input.value = screen.filter;
  const by = watching && !screen.sort ? "" : facts.sortedBy(screen);
  const kept = all("#heads th").slice(0, 2);
  one("#heads").replaceChildren(...kept, ...facts.columnsOf(screen).map((column) => head(column, by)));
}

/** @param {HTMLElement} link @param {boolean} is */
function current(link, is) {
  if (is) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** @param {import("./state.js").Column} column @param {string} by */
function head(column, by) {
  const sorted = facts.fieldOf(column, screen.window) === by;
  const order = sorted && screen.order === "desc" ? "asc" : "desc";
  const sort = sorted ? (screen.order === "desc" ? "descending" : "ascending") : null;
  const title = column.field.includes("{") ? `${column.title} ${screen.window}` : column.title;
  const sign = sorted ? icon(screen.order === "desc" ? "down" : "up") : null;
  const href = facts.href(PATH, { ...screen, sort: column.key, order });
  return h("th", { scope: "col", class: "num", "data-key": column.key, "aria-sort": sort }, h("a", { href }, title, sign));
}

function wire() {
  scroller.tabIndex = 0;
  scroller.setAttribute("aria-label", "Tokens: arrows move, Enter opens, w watches");
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = /** @type {HTMLAnchorElement | null} */ (
      /** @type {Element} */ (event.target).closest("#heads a, [data-preset], [data-window]")
    );
    if (!link) return;
    event.preventDefault();
    const next = facts.read(new URL(link.href).searchParams);
    const { preset, window: span } = link.dataset;
    if (preset) go({ preset, sort: "", order: "desc" });
    else if (span) go({ window: span });
    else go({ sort: next.sort, order: next.order });
  });
  one("#filter-form").addEventListener("submit", (event) => {
    event.preventDefault();
    go({ filter: input.value.trim() });
  });
  input.addEventListener("input", settled(250, () => go({ filter: input.value.trim() }, true)));
  one("#columns-menu").addEventListener("change", () => {
    const chosen = all("#columns-menu input:checked").map((box) => /** @type {HTMLInputElement} */ (box).value);
    if (chosen.length) go({ columns: chosen });
  });
  movedButton.addEventListener("click", () => (launched.size ? void load(true) : arrange(true)));
  addEventListener("popstate", () => {
    screen = facts.read(new URLSearchParams(location.search));
    input.value = screen.filter;
    void show(true);
  });
  shortcut("f", "Filter", () => input.focus());
  shortcut("t", "To the table", () => scroller.focus());
}

wire();
startSuggesting(input, one("#suggestions"), facts.fields);
startWatching();
if (watching) startLists(() => void load(false));
else {
  startViews(
    () => screen,
    () => facts.sortedBy(screen),
    (view) => go(facts.read(new URLSearchParams(facts.href(PATH, { ...screen, ...view }).split("?")[1]))),
  );
}
setInterval(settle, 1000);
setInterval(() => void refreshSight(), SIGHT_MS);
setInterval(() => void refreshAll(), WHOLE_MS);
if (!watching) void show(false);
