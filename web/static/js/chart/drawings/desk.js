/** The drawings on one chart: where they stand now, and which one is chosen or being drawn. */

import { SECONDS } from "../intervals.js";
import { drawing, priceText } from "./kinds.js";
import { bookOf } from "./keeper.js";
import { DrawingLayer } from "./layer.js";
import { placeAt, timeAt } from "./places.js";
import { distance, shapeOf } from "./shapes.js";

/** @typedef {import("./kinds.js").Drawing} Drawing */
/** @typedef {import("./kinds.js").Point} Point */
/** @typedef {import("./shapes.js").Spot} Spot */

export class Desk {
  /** @type {string | null} */
  chosen = null;
  /** What is being drawn or moved; it hides the kept one of its id. @type {Drawing | null} */
  draft = null;
  /** Where the keys point. @type {Spot | null} */
  cursor = null;

  /** @param {import("../chart.js").Chart} chart @param {AbortSignal} signal */
  constructor(chart, signal) {
    this.chart = chart;
    this.book = bookOf(chart.token.mint);
    this.layer = new DrawingLayer(() => this.#shapes(), () => this.cursor);
    chart.view.candles.attachPrimitive(this.layer);
    this.book.watch(() => this.changed(), signal);
    this.changed();
  }

  /** Draw anew, and say what is there. */
  changed() {
    if (this.chosen && !this.book.find(this.chosen)) this.chosen = null;
    this.chart.place.dataset.drawings = String(this.book.list.length);
    this.chart.place.dataset.chosen = this.chosen ?? "";
    this.layer.update();
    this.chart.box.dispatchEvent(new CustomEvent("drawings"));
  }

  /** @param {string | null} id */
  choose(id) {
    this.chosen = id;
    this.changed();
  }

  /** The pane of the candles, in pixels. */
  get size() {
    const { chart } = this.chart.view;
    return { width: chart.timeScale().width(), height: chart.panes()[0].getHeight() };
  }

  /** Pixels from the left per candle, and where the first one stands. */
  #columns() {
    const scale = this.chart.view.chart.timeScale();
    const [first, second] = [0, 1].map((at) => scale.logicalToCoordinate(/** @type {any} */ (at)) ?? 0);
    return { first, width: second - first || 1 };
  }

  /** @param {Point} point @returns {Spot} */
  spot = ({ time, price }) => {
    const { first, width } = this.#columns();
    const place = placeAt(this.chart.rows, SECONDS[this.chart.interval], time);
    const y = this.chart.view.candles.priceToCoordinate(Number(price) * this.chart.scale.factor);
    return { x: first + place * width, y: y ?? -1e4 };
  };

  /** @param {Spot} spot @returns {Point} */
  point({ x, y }) {
    const { first, width } = this.#columns();
    const time = timeAt(this.chart.rows, SECONDS[this.chart.interval], (x - first) / width);
    const price = this.chart.view.candles.coordinateToPrice(y) ?? 0;
    return { time, price: priceText(Number(price) / this.chart.scale.factor) };
  }

  /** @param {Drawing} drawing */
  shape(drawing) {
    const { scale } = this.chart;
    return shapeOf(drawing, this.spot, this.size, (price) => scale.text(price * scale.factor));
  }

  #shapes() {
    const kept = this.book.list.filter(({ id }) => id !== this.draft?.id);
    const list = this.draft ? [...kept, this.draft] : kept;
    return list.map((drawing) => ({ shape: this.shape(drawing), chosen: drawing.id === this.chosen }));
  }

  /** The drawing under a spot; of several the last one drawn. @param {Spot} spot @param {number} reach pixels */
  at(spot, reach) {
    return this.book.list.findLast((drawing) => distance(this.shape(drawing), spot) <= reach);
  }

  /** The same drawing somewhere else. @param {Drawing} moved @param {Spot} by pixels @param {number} [only] one of its points */
  shifted(moved, by, only = -1) {
    const points = moved.points.map((point, at) => {
      if (only >= 0 && at !== only) return point;
      const { x, y } = this.spot(point);
      return this.point({ x: x + by.x, y: y + by.y });
    });
    return { ...moved, points };
  }

  /** Keep a new drawing, chosen. @param {import("./kinds.js").KindName} kind @param {Point[]} points @param {string} [text] */
  add(kind, points, text) {
    const made = drawing(kind, points, text);
    this.chosen = made.id;
    this.book.add(made);
  }

  removeChosen() {
    if (this.chosen) this.book.remove(this.chosen);
  }
}
