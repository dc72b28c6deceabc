/** Drawings on the canvas of a chart, over its candles. */

import { colour } from "../view.js";

/** @typedef {import("./shapes.js").Shape} Shape */
/** @typedef {import("./shapes.js").Spot} Spot */
/** @typedef {import("../../../vendor/lightweight-charts.js").ISeriesPrimitive<any>} Primitive */
/** @typedef {import("../../../vendor/lightweight-charts.js").SeriesAttachedParameter<any>} Attached */

const HANDLE = 4;

/** @implements {Primitive} */
export class DrawingLayer {
  /** @type {Attached | null} */
  #on = null;
  #colours = { line: "", fill: "", surface: "", text: "" };
  #font = "";
  #views = [{ zOrder: () => /** @type {const} */ ("top"), renderer: () => this }];

  /** @param {() => {shape: Shape, chosen: boolean}[]} shapes what to draw, as the chart stands now @param {() => Spot | null} cursor */
  constructor(shapes, cursor) {
    this.shapes = shapes;
    this.cursor = cursor;
    this.paint();
  }

  /** Take the colours of the present theme. */
  paint() {
    this.#colours = { line: colour("drawing"), fill: colour("drawing-fill"), surface: colour("surface"), text: colour("text") };
    this.#font = `12px ${getComputedStyle(document.body).fontFamily}`;
    this.update();
  }

  update() {
    this.#on?.requestUpdate();
  }

  /** @param {Attached} parameter */
  attached(parameter) {
    this.#on = parameter;
  }

  detached() {
    this.#on = null;
  }

  paneViews() {
    return this.#views;
  }

  /** @param {any} target a canvas of the library */
  draw(target) {
    target.useMediaCoordinateSpace((/** @type {{context: CanvasRenderingContext2D}} */ { context }) => {
      for (const { shape, chosen } of this.shapes()) this.#shape(context, shape, chosen);
      const cursor = this.cursor();
      if (cursor) this.#dot(context, cursor, HANDLE + 2);
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {Shape} shape @param {boolean} chosen */
  #shape(context, { lines, box, words, handles }, chosen) {
    context.strokeStyle = this.#colours.line;
    context.lineWidth = chosen ? 2.5 : 1.5;
    context.beginPath();
    for (const [from, to] of lines) {
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    if (box) {
      const [a, b] = box;
      context.fillStyle = this.#colours.fill;
      context.fillRect(a.x, a.y, b.x - a.x, b.y - a.y);
      context.rect(a.x, a.y, b.x - a.x, b.y - a.y);
    }
    context.stroke();
    for (const { at, text } of words) this.#words(context, at, text);
    if (chosen || (!lines.length && !box)) for (const handle of handles) this.#dot(context, handle, HANDLE);
  }

  /** @param {CanvasRenderingContext2D} context @param {Spot} at @param {string} text */
  #words(context, at, text) {
    context.font = this.#font;
    context.lineWidth = 3;
    context.strokeStyle = this.#colours.surface;
    context.strokeText(text, at.x, at.y);
    context.fillStyle = this.#colours.line;
    context.fillText(text, at.x, at.y);
    context.strokeStyle = this.#colours.line;
  }

  /** @param {CanvasRenderingContext2D} context @param {Spot} at @param {number} radius */
  #dot(context, at, radius) {
    context.beginPath();
    context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    context.fillStyle = this.#colours.surface;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = this.#colours.line;
    context.stroke();
  }
}
