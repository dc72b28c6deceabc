/** One drawn chart: candles, volume, colours, and what of it is in view. */

import { h } from "../dom.js";

/** @typedef {typeof import("../../vendor/lightweight-charts.js")} Library */
/** @typedef {import("./candles.js").Candle} Candle */

const LEAST_SHOWN = 48;
const MOST_SHOWN = 160;

/** What a custom property of the charts comes to: canvases know no variables. @param {string} name */
export function colour(name) {
  const probe = h("span", { hidden: true });
  document.body.append(probe);
  probe.style.color = `var(--chart-${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export class View {
  /**
   * @param {Library} library @param {HTMLElement} place
   * @param {import("./scale.js").Scale} scale
   */
  constructor(library, place, scale) {
    this.library = library;
    this.scale = scale;
    const label = (/** @type {number} */ value) => this.scale.label(value);
    this.chart = library.createChart(place, {
      autoSize: true,
      layout: {
        attributionLogo: false,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 12,
        panes: { enableResize: true },
      },
      timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 4, borderVisible: false },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.22 } },
      localization: { priceFormatter: label },
    });
    this.candles = this.chart.addSeries(library.CandlestickSeries, {
      borderVisible: false,
      priceFormat: { type: "custom", minMove: 1e-15, formatter: label },
    });
    this.volumes = this.chart.addSeries(library.HistogramSeries, {
      priceFormat: { type: "volume" },
      priceScaleId: "",
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.volumes.priceScale().applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
    this.paint();
  }

  /** Take the colours of the present theme. */
  paint() {
    const [up, down, line] = [colour("up"), colour("down"), colour("grid")];
    this.chart.applyOptions({
      layout: { background: { color: colour("surface") }, textColor: colour("text"), panes: { separatorColor: line } },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
    });
    this.candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    this.volumes.applyOptions({ color: colour("volume") });
  }

  /** @param {readonly Candle[]} rows */
  draw(rows) {
    this.measure(rows);
    this.candles.setData(rows.map((row) => this.#bar(row)));
    this.volumes.setData(rows.map(({ time, volume }) => ({ time: /** @type {any} */ (time), value: volume })));
  }

  /** Draw the open candle anew, or the next one. @param {Candle} row */
  last(row) {
    this.scale.highest = Math.max(this.scale.highest, row.high * this.scale.factor);
    this.candles.update(this.#bar(row));
    this.volumes.update({ time: /** @type {any} */ (row.time), value: row.volume });
  }

  /** @param {readonly Candle[]} rows */
  measure(rows) {
    const { scale } = this;
    scale.highest = rows.reduce((most, { high }) => Math.max(most, high), 0) * scale.factor;
    const formatter = (/** @type {number} */ value) => scale.label(value);
    this.candles.applyOptions({ priceFormat: { type: "custom", minMove: scale.step, formatter } });
    const { Logarithmic, Normal } = this.library.PriceScaleMode;
    this.chart.priceScale("right").applyOptions({ mode: scale.axis.log ? Logarithmic : Normal });
  }

  /** @param {Candle} row */
  #bar({ time, open, high, low, close }) {
    const { factor } = this.scale;
    return { time: /** @type {any} */ (time), open: open * factor, high: high * factor, low: low * factor, close: close * factor };
  }

  /** A few candles stay candles: they are not stretched over the whole width. @param {number} count */
  fit(count) {
    const shown = Math.max(LEAST_SHOWN, Math.min(count + 6, MOST_SHOWN));
    this.chart.timeScale().setVisibleLogicalRange({ from: count - shown, to: count + 4 });
  }

  remove() {
    this.chart.remove();
  }
}
