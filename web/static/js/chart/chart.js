/**
 * A chart of one token: candles with volume in any interval, indicators, marks and drawings, kept true by live trades.
 *
 * The page gives it a box as parts/chart.html draws it, and tells it of trades. The library is
 * loaded with the first chart.
 */

import { ApiError, api } from "../api.js";
import { one, toast } from "../dom.js";
import * as format from "../format.js";
import { address, watch } from "../wallet/session.js";
import { Candles, placeOf } from "./candles.js";
import { Desk } from "./drawings/desk.js";
import { Hand } from "./drawings/hand.js";
import { placeAt, timeAt } from "./drawings/places.js";
import { wireStrip } from "./drawings/strip.js";
import { fitting, isInterval, SECONDS } from "./intervals.js";
import { describe, drawLegend, drawState } from "./legend.js";
import { Marks } from "./marks.js";
import { Scale } from "./scale.js";
import { keep, settings } from "./settings.js";
import { Studies } from "./studies.js";
import { wire } from "./toolbar.js";
import { View } from "./view.js";

/**
 * @typedef {import("./candles.js").Candle} Candle
 * @typedef {import("./intervals.js").Interval} Interval
 * @typedef {import("./indicators/kinds.js").Study} Study
 * @typedef {import("./candles.js").Traded & import("./marks.js").Trade} LiveTrade
 * @typedef {{
 *   mint: string, symbol: string, decimals: number, creator: string, launched_at: string, circulating_supply: string
 * }} ChartToken
 * @typedef {{
 *   interval?: Interval, studies?: Study[], onChange?: (chart: Chart) => void,
 *   onCrosshair?: (time: number | null) => void, onRange?: () => void
 * }} ChartOptions `onChange`: interval or indicators are the page's to keep; without it they are the browser's
 */

const STORE = "launchpad.interval";
const REFRESH_MS = 60_000;
const NEAR_THE_EDGE = 20;

export class Chart {
  /** @type {Candles} */
  #candles;
  #stop = new AbortController();
  /** @type {number | undefined} the time that the crosshair is at */
  #pointed;

  /**
   * @param {HTMLElement} box @param {ChartToken} token @param {ChartOptions} options
   * @param {import("./view.js").Library} library
   */
  constructor(box, token, options, library) {
    const { axis, marks, studies } = settings();
    this.box = box;
    this.token = token;
    this.options = options;
    this.place = one("[data-chart]", box);
    this.scale = new Scale(Number(format.units(token.circulating_supply, token.decimals)));
    this.scale.axis = axis;
    this.view = new View(library, one("[data-canvas]", box), this.scale);
    this.studies = new Studies(this.view);
    this.marks = new Marks(this.view, token, marks);
    this.#candles = new Candles(token.mint, token.decimals, options.interval ?? chosen(token));
    this.studies.set(options.studies ?? studies, []);
    this.desk = new Desk(this, this.#stop.signal);
    wireStrip(this.desk, new Hand(this.desk, this.#stop.signal), this.#stop.signal);
    this.#listen();
  }

  #listen() {
    const { signal } = this.#stop;
    const paint = () => {
      this.view.paint();
      this.studies.paint();
      this.desk.layer.paint();
      this.marks.draw(this.rows);
    };
    document.addEventListener("theme-changed", paint, { signal });
    document.addEventListener("chart-settings", () => void this.#settle(), { signal });
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", paint, { signal });
    const timer = setInterval(() => document.hidden || void this.load(false), REFRESH_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    const { chart } = this.view;
    chart.subscribeCrosshairMove(({ time }) => {
      this.#pointAt(time === undefined ? undefined : Number(time));
      this.options.onCrosshair?.(this.#pointed ?? null);
    });
    chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range && range.from < NEAR_THE_EDGE) void this.#loadOlder();
      this.place.dataset.span = this.span()?.join(" ") ?? "";
      this.options.onRange?.();
    });
    watch(() => {
      if (signal.aborted || this.marks.wallet === address()) return;
      this.marks.wallet = address();
      void this.#mark();
    });
    wire(this, signal);
  }

  get rows() {
    return this.#candles.rows;
  }

  get interval() {
    return this.#candles.interval;
  }

  /** Show another interval, and remember it. @param {Interval} next */
  async choose(next) {
    localStorage.setItem(STORE, next);
    await this.show(next);
    this.options.onChange?.(this);
  }

  /** @param {Interval} interval */
  async show(interval) {
    this.#candles = new Candles(this.token.mint, this.token.decimals, interval);
    this.place.dataset.shown = interval;
    this.box.dispatchEvent(new CustomEvent("interval", { detail: interval }));
    this.view.chart.timeScale().applyOptions({ secondsVisible: SECONDS[interval] < 60 });
    await this.load(true);
  }

  /** Show these indicators. @param {Study[]} studies */
  study(studies) {
    this.studies.set(studies, this.rows);
    if (this.options.onChange) this.options.onChange(this);
    else keep({ studies });
    this.#legend();
  }

  /** Count the axis in something else. @param {import("./scale.js").Axis} axis */
  measure(axis) {
    keep({ axis });
    document.dispatchEvent(new CustomEvent("chart-settings"));
  }

  /** Mark other things. @param {import("./settings.js").MarkChoice} choice */
  mark(choice) {
    keep({ marks: choice });
    document.dispatchEvent(new CustomEvent("chart-settings"));
  }

  /** Take axis and marks as they were chosen at any chart of the page. */
  async #settle() {
    const { axis, marks } = settings();
    this.scale.axis = axis;
    this.marks.choice = marks;
    await this.#price();
    if (this.#stop.signal.aborted) return;
    this.#draw();
    await this.#mark();
  }

  /** What SOL costs, where that matters; without a fresh price the axis stays in SOL. */
  async #price() {
    if (this.scale.axis.in !== "USD") return;
    const told = await api("/api/prices/sol").catch(() => null);
    const rate = told?.price_usd ? Number(told.price_usd) : null;
    if (rate === null && this.scale.rate === null) toast("Nobody knows the price of SOL just now: the chart stays in SOL.");
    this.scale.rate = rate;
  }

  /** Fetch what the interval shows. @param {boolean} anew fit the view to it */
  async load(anew) {
    const candles = this.#candles;
    if (anew) drawState(this, "Loading the chart", true);
    try {
      const [current] = await Promise.all([candles.load(anew), this.#price()]);
      if (!current || candles !== this.#candles) return;
      this.#draw();
      if (anew) this.view.fit(candles.rows.length);
      drawState(this, candles.rows.length ? "" : "Nobody has traded in this span. The chart begins with the next trade.");
      await this.#mark();
    } catch (error) {
      if (anew && candles === this.#candles) drawState(this, error instanceof ApiError ? error.message : "The chart could not be loaded.");
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async #loadOlder() {
    const candles = this.#candles;
    if (!(await candles.loadOlder()) || candles !== this.#candles) return;
    this.#draw();
    await this.#mark();
  }

  async #mark() {
    const candles = this.#candles;
    if (!candles.rows.length) return;
    await this.marks.load(candles.rows);
    if (candles === this.#candles && !this.#stop.signal.aborted) this.#drawMarks();
  }

  #drawMarks() {
    this.marks.draw(this.rows);
    this.place.dataset.marks = String(this.marks.count);
  }

  #draw() {
    this.view.draw(this.rows);
    this.studies.draw(this.rows);
    this.#drawMarks();
    this.#legend();
    describe(this);
  }

  /** Merge a live trade of this token. @param {LiveTrade} trade */
  trade(trade) {
    if (!this.#candles.take(trade)) return;
    this.view.last(this.rows[this.rows.length - 1]);
    this.studies.last(this.rows);
    if (this.marks.take(trade)) this.#drawMarks();
    this.#legend();
    describe(this);
    drawState(this, "");
  }

  /** What stands at the crosshair, or at the last candle. */
  #legend() {
    const at = this.#pointed === undefined ? this.rows.length - 1 : placeOf(this.rows, this.#pointed);
    drawLegend(this, at);
  }

  /** Point at a time, as if the reader did; null takes the pointer away. @param {number | null} time */
  point(time) {
    const at = time === null ? -1 : placeOf(this.rows, time);
    const row = this.rows[at];
    if (row) this.view.chart.setCrosshairPosition(row.close * this.scale.factor, /** @type {any} */ (row.time), this.view.candles);
    else this.view.chart.clearCrosshairPosition();
    // The library tells of no pointer but the reader's own.
    this.#pointAt(row?.time);
  }

  /** @param {number | undefined} time */
  #pointAt(time) {
    this.#pointed = time;
    this.place.dataset.pointed = String(time ?? "");
    this.#legend();
  }

  /** The times that are in view, from and to. @returns {[number, number] | null} */
  span() {
    const range = this.view.chart.timeScale().getVisibleLogicalRange();
    if (!range || !this.rows.length) return null;
    const seconds = SECONDS[this.interval];
    return [timeAt(this.rows, seconds, range.from), timeAt(this.rows, seconds, range.to)];
  }

  /** Bring times into view. @param {[number, number]} span */
  showSpan([from, to]) {
    if (!this.rows.length) return;
    const [first, last] = [from, to].map((time) => placeAt(this.rows, SECONDS[this.interval], time));
    if (last > first) this.view.chart.timeScale().setVisibleLogicalRange({ from: first, to: last });
  }

  /** Take it off the page. */
  remove() {
    this.#stop.abort();
    // What is still being fetched belongs to nothing any more.
    this.#candles = new Candles(this.token.mint, this.token.decimals, this.interval);
    this.view.remove();
  }
}

/** @param {ChartToken} token @returns {Interval} */
function chosen(token) {
  const kept = localStorage.getItem(STORE);
  return isInterval(kept) ? kept : fitting((Date.now() - Date.parse(token.launched_at)) / 1000);
}

/**
 * Load the library, draw, and stay true.
 * @param {HTMLElement} box @param {ChartToken} token @param {ChartOptions} [options]
 * @returns {Promise<Chart | null>} null where the library could not be loaded; the box says so
 */
export async function mountChart(box, token, options = {}) {
  const library = await import("../../vendor/lightweight-charts.js").catch(() => null);
  if (!library) {
    one("[data-state]", box).replaceChildren("The chart's library could not be loaded. Everything else on this page works.");
    return null;
  }
  const chart = new Chart(box, token, options, library);
  await chart.show(chart.interval);
  return chart;
}
