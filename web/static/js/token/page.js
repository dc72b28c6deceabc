/** A token's page, alive: one event moves the header, the chart, the trades, the room and the quote. */

import { part } from "../api.js";
import { all, amount, change, maybe, one, price, rendered, replace, settled, sol } from "../dom.js";
import * as format from "../format.js";
import { shortcut } from "../keys.js";
import { follow } from "../live.js";
import { pageOlder } from "../older.js";
import { chartTrade, reloadChart, startChart } from "./chart.js";
import { startFees } from "./fees.js";
import { startPromises } from "./promises.js";
import { startRefund } from "./refund.js";
import { roomTrade, startRoom } from "./room.js";
import { closeSheet, openSheet, startSheet } from "./sheet.js";
import { apply, left, marketCap, progressBps, raised, reset, token } from "./state.js";
import { choose, curveMoved, startTrade, tradeHappened } from "./trade.js";
import { addTrade, dropTrade, isShown } from "./trades.js";
import { startVerification } from "./verification.js";

/** @param {import("../live.js").Envelope} event */
function take({ type, data }) {
  if (type === "trade") trade(data);
  else if (type === "trade.retracted") retracted(data);
  else if (type === "curve.completed" || type === "token.graduated") void moved();
  else if (type === "token.updated") void updated();
  else if (type === "graduation.released") released();
  // Trading begins, or never will: the whole page is another one.
  else if (type === "batch" && (data.step === "settled" || data.step === "failed")) location.reload();
  else if (type === "vesting.changed") refreshHolders();
}

/** @param {import("./state.js").LiveTrade} data */
function trade(data) {
  if (isShown(data)) return;
  apply(data);
  showFigures(data.side === "buy" ? "up" : "down");
  addTrade(data);
  chartTrade(data);
  roomTrade(data);
  tradeHappened(data);
  if (data.venue !== token.venue) void moved();
  refreshHolders();
}

/** @param {{signature: string, instruction: number, inner: number}} data */
function retracted(data) {
  dropTrade(data);
  reloadChart();
  refreshHolders();
  void refreshState();
}

/** The chain went another way: what was counted is asked for. */
async function refreshState() {
  const { html } = await part(`/token/${token.mint}`).catch(() => ({ html: "" }));
  if (!html) return;
  const fresh = JSON.parse(one("#token-data", rendered(html)).textContent || "null");
  // The last buy of the sale was among what is gone: the whole page is another one.
  if (fresh.status !== token.status) location.reload();
  reset(fresh);
  showFigures("");
  curveMoved();
}

/** @param {"" | "up" | "down"} tone */
function showFigures(tone) {
  const place = (/** @type {string} */ name) => maybe(`[data-live="${name}"]`);
  replace(place("price"), price(token.price_sol), tone);
  replace(place("cap"), amount(marketCap(token.price_sol), "SOL"));
  replace(place("liquidity"), sol(token.liquidity));
  replace(place("reserve"), sol(raised(), ""));
  replace(place("left"), sol(left()));
  replace(place("volume"), sol(token.volume_24h));
  replace(place("high"), price(token.high_24h));
  replace(place("low"), price(token.low_24h));
  replace(place("trades"), amount(String(token.trades_24h)));
  replace(place("progress"), format.share(progressBps()));
  maybe('[data-live="progress-bar"] rect')?.setAttribute("width", `${progressBps() / 100}%`);
  document.title = `${format.price(token.price_sol)} SOL · ${token.symbol} · Launchpad`;
}

/** Holders and the changes over time come as the server renders them, at most every two seconds. */
const refreshHolders = settled(2000, async () => {
  const { html } = await part(`/token/${token.mint}?part=holders`).catch(() => ({ html: "" }));
  if (!html) return;
  const next = rendered(html);
  const figures = maybe("[data-figures]", next);
  if (figures) {
    replace(maybe('[data-live="holders"]'), amount(figures.dataset.holders ?? "0"));
    replace(maybe('[data-live="top-10"]'), format.share(Number(figures.dataset.top10)));
    replace(maybe('[data-live="change-1h"]'), change(Number(figures.dataset.change1h)));
    replace(maybe('[data-live="change-24h"]'), change(Number(figures.dataset.change24h)));
    figures.remove();
  }
  one("#holders").replaceChildren(next);
});

/** Name, picture and description changed: the server draws them anew. */
async function updated() {
  const { html } = await part(`/token/${token.mint}`).catch(() => ({ html: "" }));
  const next = rendered(html);
  for (const selector of [".token-head .avatar", ".token-title", "#about"]) {
    const fresh = maybe(selector, next);
    if (fresh) maybe(selector)?.replaceWith(fresh);
  }
}

/** A payout of the raise, or the pool's shares, went into a schedule: the server draws both anew. */
const released = settled(500, async () => {
  const { html } = await part(`/token/${token.mint}`).catch(() => ({ html: "" }));
  const next = rendered(html);
  const [facts, calendar] = [maybe("#graduation", next), maybe("#unlocks", next)];
  if (facts) maybe("#graduation")?.replaceWith(facts);
  if (calendar && maybe("#unlocks")) one("#unlocks").replaceWith(calendar);
  else if (calendar) one("#verification").before(calendar);
});

/**
 * Everything is sold, or the pool is open: the panel that trades gives way or comes back, and nothing that one
 * typed elsewhere is lost. One transaction may do both, so the server's page decides, and an older one counts for nothing.
 */
async function moved() {
  const { html } = await part(`/token/${token.mint}`).catch(() => ({ html: "" }));
  const next = rendered(html);
  if (!maybe("#trade", next)) return;
  const fresh = JSON.parse(one("#token-data", next).textContent || "null");
  const older = fresh.venue === "curve" && token.venue !== "curve";
  if (older || (fresh.venue === token.venue && fresh.status === token.status)) return;
  reset(fresh);
  Object.assign(token, { status: fresh.status, venue: fresh.venue });
  closeSheet();
  for (const selector of ["#trade", "#progress"]) maybe(selector)?.replaceWith(one(selector, next));
  maybe(".trade-bar")?.remove();
  if (maybe("#trade-form")) reopen(next);
}

/** It trades in its pool from now on. @param {DocumentFragment} next the page as it is now */
function reopen(next) {
  one(".token-page").append(one(".trade-bar", next));
  maybe(".sheet-close")?.addEventListener("click", closeSheet);
  showFigures("");
  startTrade();
  startTrading();
}

function startTabs() {
  const page = one(".token-page");
  for (const tab of all("[data-show]")) {
    tab.addEventListener("click", () => {
      page.dataset.view = tab.dataset.show;
      for (const other of all("[data-show]")) other.setAttribute("aria-pressed", String(other === tab));
      if (tab.dataset.show === "room") one("#messages").scrollTop = one("#messages").scrollHeight;
    });
  }
}

/** Buttons and keys that begin a trade. */
function startTrading() {
  const begin = (/** @type {"buy" | "sell"} */ side) => {
    choose(side);
    openSheet();
    maybe("#trade-amount")?.focus();
  };
  for (const button of all(".trade-bar [data-trade]")) {
    button.addEventListener("click", () => begin(/** @type {"buy" | "sell"} */ (button.dataset.trade)));
  }
  if (maybe("#trade-form")) {
    shortcut("b", `Buy ${token.symbol}`, () => begin("buy"));
    shortcut("s", `Sell ${token.symbol}`, () => begin("sell"));
  }
}

startTabs();
startSheet();
startTrading();
startTrade();
startRoom();
startRefund();
startVerification();
startFees();
startPromises();
pageOlder("#trades", "#more-trades");
follow(`token:${token.mint}`, { after: token.head, onEvent: take });
void startChart();
