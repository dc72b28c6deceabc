/** The indicators of a chart: lines over its candles, panes of their own, and the volume by price. */

import { KINDS, titled } from "./indicators/kinds.js";
import { Run } from "./indicators/run.js";
import { ProfileLayer } from "./profile_layer.js";
import { colour } from "./view.js";

/** @typedef {import("./candles.js").Candle} Candle */
/** @typedef {import("./indicators/kinds.js").Study} Study */
/**
 * @typedef {{
 *   study: Study, run: Run, layer: ProfileLayer | null, tint: string,
 *   drawn: {key: string, name: string, form: string, tint: string, series: import("../../vendor/lightweight-charts.js").ISeriesApi<any>}[]
 * }} Shown
 */

const TINTS = 5;
const MAIN_SHARE = 3;

export class Studies {
  /** @type {Shown[]} */
  #shown = [];
  /** @type {readonly Candle[]} */
  #rows = [];
  #columns = { up: "", down: "" };

  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
  }

  /** @returns {Study[]} */
  get list() {
    return this.#shown.map(({ study }) => study);
  }

  /** Show these and no others. @param {Study[]} studies @param {readonly Candle[]} rows */
  set(studies, rows) {
    for (const shown of this.#shown) this.#remove(shown);
    this.#shown = [];
    let tint = 0;
    for (const study of studies) {
      this.#shown.push(this.#add(study, () => `line-${(tint++ % TINTS) + 1}`));
    }
    const panes = this.view.chart.panes();
    for (const [place, pane] of panes.entries()) pane.setStretchFactor(place ? 1 : MAIN_SHARE);
    this.#rows = rows;
    this.paint();
  }

  /** @param {Study} study @param {() => string} next the tint of another line @returns {Shown} */
  #add(study, next) {
    const { chart, candles, library, scale } = this.view;
    const kind = KINDS[study.kind];
    const pane = kind.pane === "own" ? chart.panes().length : 0;
    const label = (/** @type {number} */ value) => (kind.range ? value.toFixed(1) : scale.signed(value));
    const drawn = kind.lines.map(({ key, name, form }) => {
      const common = {
        priceLineVisible: false,
        lastValueVisible: kind.pane === "own" && form === "line",
        priceFormat: { type: /** @type {const} */ ("custom"), minMove: kind.range ? 0.01 : 1e-15, formatter: label },
      };
      const series =
        form === "line"
          ? chart.addSeries(library.LineSeries, { ...common, lineWidth: /** @type {const} */ (2), crosshairMarkerVisible: false }, pane)
          : chart.addSeries(library.HistogramSeries, common, pane);
      return { key, name, form, tint: form === "line" ? next() : "volume", series };
    });
    if (kind.range) {
      const [minValue, maxValue] = kind.range;
      drawn[0].series.applyOptions({ autoscaleInfoProvider: () => ({ priceRange: { minValue, maxValue } }) });
    }
    for (const price of kind.levels ?? []) {
      drawn[0].series.createPriceLine({ price, color: colour("level"), lineWidth: 1, lineStyle: 2, axisLabelVisible: true, title: "" });
    }
    const layer = kind.pane === "profile" ? new ProfileLayer(scale, study.options.rows) : null;
    if (layer) candles.attachPrimitive(layer);
    return { study, run: new Run(study), layer, tint: drawn[0]?.tint ?? "text", drawn };
  }

  /** @param {Shown} shown */
  #remove({ drawn, layer }) {
    for (const { series } of drawn) this.view.chart.removeSeries(series);
    if (layer) this.view.candles.detachPrimitive(layer);
  }

  /** Take the colours of the present theme. */
  paint() {
    this.#columns = { up: colour("profile-up"), down: colour("profile-down") };
    for (const { drawn, layer } of this.#shown) {
      for (const { series, tint } of drawn) series.applyOptions({ color: colour(tint) });
      layer?.paint();
    }
    // Columns have colours of their own each.
    this.draw(this.#rows);
  }

  /** Work out and draw everything. @param {readonly Candle[]} rows */
  draw(rows) {
    this.#rows = rows;
    for (const { run, drawn, layer } of this.#shown) {
      run.reset(rows);
      for (const { key, form, series } of drawn) series.setData(rows.map((_, at) => this.#point(run, key, form, at)));
      layer?.show(rows);
    }
  }

  /** The open candle changed, or the next one came. @param {readonly Candle[]} rows */
  last(rows) {
    this.#rows = rows;
    for (const { run, drawn, layer } of this.#shown) {
      run.last(rows);
      for (const { key, form, series } of drawn) series.update(this.#point(run, key, form, rows.length - 1));
      layer?.show(rows);
    }
  }

  /** @param {Run} run @param {string} key @param {string} form @param {number} at @returns {any} */
  #point(run, key, form, at) {
    const { time } = this.#rows[at];
    const value = run.value(at, key);
    if (value === null) return { time };
    const point = { time, value: value * this.#factor(run.study) };
    return form === "columns" ? { ...point, color: value >= 0 ? this.#columns.up : this.#columns.down } : point;
  }

  /** An index of 0 to 100 is in no currency. @param {Study} study */
  #factor(study) {
    return KINDS[study.kind].range ? 1 : this.view.scale.factor;
  }

  /** What each says at a candle: `MA 20` and its values, each with its tint. @param {number} at */
  said(at) {
    return this.#shown
      .filter(({ drawn }) => drawn.length)
      .map(({ study, run, drawn }) => ({
        title: titled(study),
        values: drawn
          .filter(({ form }) => form === "line")
          .map(({ key, tint }) => ({ tint, text: this.#text(study, run.value(at, key)) })),
      }));
  }

  /** @param {Study} study @param {number | null} value */
  #text(study, value) {
    if (value === null) return "\u2014";
    return KINDS[study.kind].range ? value.toFixed(1) : this.view.scale.signed(value * this.#factor(study));
  }
}
