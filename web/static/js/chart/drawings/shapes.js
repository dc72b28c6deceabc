/** What a drawing looks like on a chart of some size, in pixels, and how far from it a pointer is. */

import { priceText } from "./kinds.js";

/**
 * @typedef {{x: number, y: number}} Spot
 * @typedef {{width: number, height: number}} Size
 * @typedef {{
 *   lines: [Spot, Spot][], box: [Spot, Spot] | null, words: {at: Spot, text: string}[], handles: Spot[]
 * }} Shape
 * @typedef {import("./kinds.js").Drawing} Drawing
 */

export const RETRACEMENTS = [0, 0.236, 0.382, 0.5, 0.618, 0.786, 1];
const LETTER = { width: 6.4, height: 16 };

/**
 * @param {Drawing} drawing @param {(point: import("./kinds.js").Point) => Spot} spot
 * @param {Size} size @param {(price: number) => string} label a price for people @returns {Shape}
 */
export function shapeOf(drawing, spot, size, label) {
  const handles = drawing.points.map(spot);
  const [first, second = first] = handles;
  const nothing = { lines: [], box: null, words: [], handles };
  const across = (/** @type {number} */ y) => /** @type {[Spot, Spot]} */ ([{ x: 0, y }, { x: size.width, y }]);
  if (drawing.kind === "level") {
    const text = label(Number(drawing.points[0].price));
    return { ...nothing, lines: [across(first.y)], words: [{ at: { x: 4, y: first.y - 4 }, text }], handles: [{ x: size.width / 2, y: first.y }] };
  }
  if (drawing.kind === "note") return { ...nothing, words: [{ at: { x: first.x + 8, y: first.y + 4 }, text: drawing.text ?? "" }] };
  if (drawing.kind === "rectangle") return { ...nothing, box: [first, second] };
  if (drawing.kind === "ray") return { ...nothing, lines: [[first, beyond(first, second, size)]] };
  if (drawing.kind === "fibonacci") return { ...nothing, ...retraced(drawing, spot, label) };
  return { ...nothing, lines: [[first, second]] };
}

/** Where a ray leaves the chart. @param {Spot} from @param {Spot} through @param {Size} size @returns {Spot} */
function beyond(from, through, { width, height }) {
  const [right, down] = [through.x - from.x, through.y - from.y];
  if (!right && !down) return through;
  // Far enough to leave from anywhere, and not so far that the canvas loses its exactness.
  const far = (2 * (width + height) + Math.hypot(from.x, from.y)) / Math.hypot(right, down);
  return { x: from.x + right * far, y: from.y + down * far };
}

/** All of the way back is 1: from the second point to the first. @param {Drawing} drawing @param {(point: any) => Spot} spot @param {(price: number) => string} label */
function retraced({ points }, spot, label) {
  const [from, to] = points.map(({ price }) => Number(price));
  const [left, right] = points.map((point) => spot(point).x).sort((a, b) => a - b);
  const found = RETRACEMENTS.map((part) => {
    const price = to + (from - to) * part;
    return { part, price, y: spot({ time: points[0].time, price: priceText(price) }).y };
  });
  return {
    lines: found.map(({ y }) => /** @type {[Spot, Spot]} */ ([{ x: left, y }, { x: right, y }])),
    words: found.map(({ part, price, y }) => ({ at: { x: right + 4, y: y + 4 }, text: `${part}  ${label(price)}` })),
  };
}

/** How far a spot is from a shape, in pixels. @param {Shape} shape @param {Spot} spot */
export function distance(shape, spot) {
  const lines = shape.box ? [...shape.lines, ...edges(shape.box)] : shape.lines;
  const reach = [...lines.map((line) => fromLine(line, spot)), ...shape.words.map((word) => fromWords(word, spot))];
  return Math.min(Infinity, ...reach, ...shape.handles.map((handle) => Math.hypot(handle.x - spot.x, handle.y - spot.y)));
}

/** @param {[Spot, Spot]} box @returns {[Spot, Spot][]} */
function edges([a, b]) {
  const corners = [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
  return corners.map((corner, at) => [corner, corners[(at + 1) % 4]]);
}

/** @param {[Spot, Spot]} line @param {Spot} spot */
function fromLine([a, b], spot) {
  const [x, y] = [b.x - a.x, b.y - a.y];
  const length = x * x + y * y;
  const part = length ? Math.min(1, Math.max(0, ((spot.x - a.x) * x + (spot.y - a.y) * y) / length)) : 0;
  return Math.hypot(a.x + part * x - spot.x, a.y + part * y - spot.y);
}

/** @param {{at: Spot, text: string}} word @param {Spot} spot */
function fromWords({ at, text }, spot) {
  const right = Math.max(at.x - spot.x, 0, spot.x - at.x - text.length * LETTER.width);
  const down = Math.max(at.y - LETTER.height - spot.y, 0, spot.y - at.y);
  return Math.hypot(right, down);
}

/** Which end of a drawing is under a spot, -1 for none. @param {Shape} shape @param {Spot} spot @param {number} reach */
export function handleAt({ handles }, spot, reach) {
  return handles.findIndex((handle) => Math.hypot(handle.x - spot.x, handle.y - spot.y) <= reach);
}
