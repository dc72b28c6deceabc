/**
 * Candles with volume. The library is loaded when this module starts, after everything else of the page.
 *
 * Prices become floats here and only here: to be drawn, never to be counted with.
 */

import { ApiError, api } from "../api.js";
import { all, h, one, price as priceNode } from "../dom.js";
import * as format from "../format.js";
import { inSol, token } from "./state.js";

/** @typedef {{time: any, open: number, high: number, low: number, close: number}} Candle */

const SECONDS = { "1s": 1, "5s": 5, "15s": 15, "1m": 60, "5m": 300, "15m": 900, "1h": 3600, "4h": 14_400, "1d": 86_400 };
/** @typedef {keyof typeof SECONDS} Interval */
const STORE = "launchpad.interval";
const PAGE = 600;
const REFRESH_MS = 60_000;
const NEAR_THE_EDGE = 20;
const NOTHING_BESIDE = 1e-6;

/** @type {typeof import("../../vendor/lightweight-charts.js")} */
let library;
/** @type {import("../../vendor/lightweight-charts.js").IChartApi} */
let chart;
/** @type {import("../../vendor/lightweight-charts.js").ISeriesApi<"Candlestick">} */
let candles;
/** @type {import("../../vendor/lightweight-charts.js").ISeriesApi<"Histogram">} */
let volumes;
/** @type {Interval} */
let interval = chosen();
/** What is drawn, oldest first. @type {(Candle & {volume: number})[]} */
let data = [];
/** @type {string | null} cursor of older candles */
let older = null;
let loadingOlder = false;
let turn = 0;

/** @returns {Interval} */
function chosen() {
  const kept = localStorage.getItem(STORE);
  if (kept && kept in SECONDS) return /** @type {Interval} */ (kept);
  // A young token has its whole life in view.
  const age = (Date.now() - Date.parse(token.launched_at)) / 1000;
  return age < 1200 ? "5s" : age < 21_600 ? "1m" : age < 86_400 ? "5m" : "15m";
}

/** Load the library, draw, and stay true. */
export async function startChart() {
  try {
    library = await import("../../vendor/lightweight-charts.js");
  } catch {
    state("The chart's library could not be loaded. Everything else on this page works.");
    return;
  }
  build();
  for (const button of all("[data-interval]")) {
    button.addEventListener("click", () => void choose(/** @type {Interval} */ (button.dataset.interval)));
  }
  document.addEventListener("theme-changed", paint);
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", paint);
  setInterval(() => document.hidden || void load(false), REFRESH_MS);
  await choose(interval);
}

/** @param {Interval} next */
async function choose(next) {
  interval = next;
  localStorage.setItem(STORE, next);
  for (const button of all("[data-interval]")) button.setAttribute("aria-pressed", String(button.dataset.interval === next));
  await load(true);
}

/** The axis reaches below zero and rounds near it; neither is a price. @param {number} value */
function axisPrice(value) {
  if (value < 0) return "";
  return value < (data.at(-1)?.high ?? 0) * NOTHING_BESIDE ? "0" : format.price(String(value));
}

function build() {
  const place = one("#chart");
  chart = library.createChart(place, {
    autoSize: true,
    layout: { attributionLogo: false, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 },
    timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 4, borderVisible: false },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.22 } },
    localization: { priceFormatter: axisPrice },
  });
  candles = chart.addSeries(library.CandlestickSeries, {
    borderVisible: false,
    priceFormat: { type: "custom", minMove: 1e-15, formatter: axisPrice },
  });
  volumes = chart.addSeries(library.HistogramSeries, {
    priceFormat: { type: "volume" },
    priceScaleId: "",
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volumes.priceScale().applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
  chart.subscribeCrosshairMove((at) => legend(at.time === undefined ? data.at(-1) : data.find((candle) => candle.time === at.time)));
  chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (range && range.from < NEAR_THE_EDGE) void loadOlder();
  });
  paint();
}

/** The library paints on a canvas, so it is told what the custom properties come to. */
function paint() {
  const probe = h("span", { hidden: true });
  document.body.append(probe);
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(--chart-${name})`;
    return getComputedStyle(probe).color;
  };
  chart.applyOptions({
    layout: { background: { color: colour("surface") }, textColor: colour("text") },
    grid: { vertLines: { color: colour("grid") }, horzLines: { color: colour("grid") } },
  });
  candles.applyOptions({ upColor: colour("up"), downColor: colour("down"), wickUpColor: colour("up"), wickDownColor: colour("down") });
  volumes.applyOptions({ color: colour("volume") });
  probe.remove();
}

/** Fetch what the interval shows. @param {boolean} anew fit the view to it */
async function load(anew) {
  turn += 1;
  const mine = turn;
  if (anew) state("Loading the chart", true);
  try {
    const from = Math.floor(Date.now() / 1000) - SECONDS[interval] * PAGE * 4;
    const answer = await api(`/api/v1/tokens/${token.mint}/chart?interval=${interval}&from=${Math.max(0, from)}&limit=${PAGE}`);
    if (mine !== turn) return;
    data = answer.data.map(candleOf);
    older = answer.meta.next;
    draw();
    if (anew) fit();
    state(data.length ? "" : `Nobody has traded ${token.sold === "0" ? "yet" : "in this span"}. The chart begins with the first trade.`);
  } catch (error) {
    if (mine === turn && anew) state(error instanceof ApiError ? error.message : "The chart could not be loaded.");
  }
}

async function loadOlder() {
  if (!older || loadingOlder) return;
  loadingOlder = true;
  const mine = turn;
  try {
    const cursor = encodeURIComponent(older);
    const answer = await api(`/api/v1/tokens/${token.mint}/chart?interval=${interval}&from=0&limit=${PAGE}&cursor=${cursor}`);
    if (mine === turn) {
      older = answer.meta.next;
      const first = data[0]?.time ?? Infinity;
      data = [...answer.data.map(candleOf).filter((/** @type {Candle} */ candle) => candle.time < first), ...data];
      draw();
    }
  } catch {
    older = null;
  }
  loadingOlder = false;
}

/** @param {{time: number, open: string, high: string, low: string, close: string, volume: string}} row */
function candleOf(row) {
  return {
    time: /** @type {any} */ (row.time),
    open: Number(row.open),
    high: Number(row.high),
    low: Number(row.low),
    close: Number(row.close),
    volume: Number(format.units(row.volume, 9)),
  };
}

function draw() {
  candles.setData(data.map(({ volume: _, ...candle }) => candle));
  volumes.setData(data.map(({ time, volume }) => ({ time, value: volume })));
  legend(data.at(-1));
  describe();
}

/** A few candles stay candles: they are not stretched over the whole width. */
function fit() {
  const shown = Math.max(48, Math.min(data.length + 6, 160));
  chart.timeScale().setVisibleLogicalRange({ from: data.length - shown, to: data.length + 4 });
}

/**
 * Merge a live trade into the open candle, or begin the next at the price that the trade met.
 * @param {import("./state.js").LiveTrade} trade
 */
export function chartTrade(trade) {
  if (!candles || !data) return;
  // What was told before an upgrade of the server does not say what the trade met.
  const [before, value] = [Number(inSol(trade.price_before ?? trade.price)), Number(inSol(trade.price))];
  const size = Number(format.units(trade.quote_amount, 9));
  const start = Math.floor(Date.parse(trade.traded_at) / 1000 / SECONDS[interval]) * SECONDS[interval];
  const last = data.at(-1);
  if (last && start < last.time) return;
  if (last && start === last.time) {
    last.high = Math.max(last.high, before, value);
    last.low = Math.min(last.low, before, value);
    last.close = value;
    last.volume += size;
  } else {
    const [high, low] = [Math.max(before, value), Math.min(before, value)];
    data.push({ time: /** @type {any} */ (start), open: before, high, low, close: value, volume: size });
  }
  const now = data[data.length - 1];
  const { volume, ...candle } = now;
  candles.update(candle);
  volumes.update({ time: now.time, value: volume });
  legend(now);
  describe();
  state("");
}

/** Draw anew after trades were taken back or missed. */
export function reloadChart() {
  if (candles) void load(false);
}

/** @param {(Candle & {volume: number}) | undefined} candle */
function legend(candle) {
  const place = one("#chart-legend");
  if (!candle) {
    place.replaceChildren();
    return;
  }
  const tone = candle.close >= candle.open ? "up" : "down";
  const parts = /** @type {const} */ ([["O", candle.open], ["H", candle.high], ["L", candle.low], ["C", candle.close]]);
  place.replaceChildren(
    ...parts.map(([name, value]) => h("span", {}, `${name} `, h("span", { class: tone }, priceNode(String(value))))),
    h("span", { class: "legend-volume" }, `Vol ${format.amount(String(candle.volume))} SOL`),
  );
}

/** The canvas says nothing to a screen reader, so its place does. */
function describe() {
  const place = one("#chart");
  place.setAttribute("role", "img");
  const last = data.at(-1);
  place.setAttribute("aria-label", `Price chart, ${interval} candles. ${last ? `Last price ${format.price(String(last.close))} SOL.` : "No trades."}`);
  place.dataset.candles = String(data.length);
  place.dataset.close = last ? String(last.close) : "";
}

/** @param {string} text empty hides it @param {boolean} [loading] */
function state(text, loading = false) {
  const place = one("#chart-state");
  place.hidden = !text;
  place.replaceChildren(...(loading ? [h("span", { class: "spinner", "aria-hidden": "true" })] : []), text);
}
