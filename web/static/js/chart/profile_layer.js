/** Volume by price, drawn from the left edge over the candles in view. */

import { busiest, profile } from "./indicators/profile.js";
import { colour } from "./view.js";

/** @typedef {import("./candles.js").Candle} Candle */
/** @typedef {import("../../vendor/lightweight-charts.js").ISeriesPrimitive<any>} Primitive */
/** @typedef {import("../../vendor/lightweight-charts.js").SeriesAttachedParameter<any>} Attached */

const WIDTH = 0.28; // of the chart, for the row in which most was traded
const BUSIEST_LINE = 1;

/** @implements {Primitive} */
export class ProfileLayer {
  /** @type {Attached | null} */
  #on = null;
  /** @type {readonly Candle[]} */
  #rows = [];
  /** @type {import("./indicators/profile.js").Row[]} */
  #profile = [];
  #colours = { up: "", down: "", line: "" };
  #views = [{ zOrder: () => /** @type {const} */ ("bottom"), renderer: () => this }];

  /** @param {import("./scale.js").Scale} scale @param {number} count rows from the lowest price to the highest */
  constructor(scale, count) {
    this.scale = scale;
    this.count = count;
    this.paint();
  }

  paint() {
    this.#colours = { up: colour("profile-up"), down: colour("profile-down"), line: colour("text") };
    this.#on?.requestUpdate();
  }

  /** @param {readonly Candle[]} rows */
  show(rows) {
    this.#rows = rows;
    this.#on?.requestUpdate();
  }

  /** @param {Attached} parameter */
  attached(parameter) {
    this.#on = parameter;
  }

  detached() {
    this.#on = null;
  }

  updateAllViews() {
    const range = this.#on?.chart.timeScale().getVisibleLogicalRange();
    const [from, to] = range ? [Math.max(0, Math.ceil(range.from)), Math.floor(range.to) + 1] : [0, 0];
    this.#profile = profile(this.#rows.slice(from, Math.max(from, to)), this.count);
  }

  paneViews() {
    return this.#views;
  }

  /** @param {any} target a canvas of the library */
  draw(target) {
    const most = busiest(this.#profile);
    const series = this.#on?.series;
    if (!most || !series) return;
    const { factor } = this.scale;
    const height = (/** @type {number} */ price) => /** @type {number} */ (series.priceToCoordinate(price * factor) ?? 0);
    target.useMediaCoordinateSpace((/** @type {{context: CanvasRenderingContext2D, mediaSize: {width: number}}} */ { context, mediaSize }) => {
      const unit = (mediaSize.width * WIDTH) / (most.up + most.down || 1);
      for (const row of this.#profile) {
        const [top, bottom] = [height(row.to), height(row.from)];
        const [up, down] = [row.up * unit, row.down * unit];
        context.fillStyle = this.#colours.up;
        context.fillRect(0, top, up, Math.max(1, bottom - top - 1));
        context.fillStyle = this.#colours.down;
        context.fillRect(up, top, down, Math.max(1, bottom - top - 1));
      }
      const middle = (height(most.from) + height(most.to)) / 2;
      context.fillStyle = this.#colours.line;
      context.fillRect(0, middle, (most.up + most.down) * unit, BUSIEST_LINE);
    });
  }
}
