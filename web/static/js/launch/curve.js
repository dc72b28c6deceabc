/**
 * Custom curves: pieces that people understand become the segments that the program runs.
 *
 * A piece sells a share of the sale while the market cap rises to a value. A segment starts at
 * virtual reserves (x, y) and sells b along x*y = k, so its price grows by (x / (x - b))^2.
 */

import * as format from "../format.js";
import { svg } from "../dom.js";

const BPS = 10_000n;
const U64_MAX = (1n << 64n) - 1n;
/** Scale of ratios that are worked out in integers. */
const SCALE = 10n ** 12n;

/** @typedef {{base_reserve: string, quote_reserve: string, base_for_sale: string}} Segment */

/** A custom curve that cannot be; the message says why. */
export class CurveError extends Error {}

/**
 * @param {bigint} saleSupply base units @param {bigint} supply base units
 * @param {bigint} startCap lamports that the whole supply is worth at first
 * @param {{shareBps: bigint, endCap: bigint}[]} pieces shares of the sale, market caps in lamports
 * @returns {Segment[]}
 */
export function segments(saleSupply, supply, startCap, pieces) {
  if (pieces.reduce((sum, piece) => sum + piece.shareBps, 0n) !== BPS) throw new CurveError("The shares have to come to 100%.");
  let left = saleSupply;
  // The price where the next piece begins, as a fraction of lamports by base units.
  let price = { lamports: startCap, base: supply };
  return pieces.map(({ shareBps, endCap }, index) => {
    const last = index === pieces.length - 1;
    const base = last ? left : (saleSupply * shareBps) / BPS;
    left -= base;
    const x = reserveFor(base, price, { lamports: endCap, base: supply }, index + 1);
    const y = ceilDiv(x * price.lamports, price.base);
    if (x > U64_MAX || y < 1n || y > U64_MAX) throw new CurveError(`Piece ${index + 1} rises too little: let its market cap rise more.`);
    price = { lamports: ceilDiv(x * y, x - base), base: x - base };
    return { base_reserve: String(x), quote_reserve: String(y), base_for_sale: String(base) };
  });
}

/**
 * The virtual base with which selling `base` takes the price from one value to the other.
 * @param {bigint} base @param {{lamports: bigint, base: bigint}} from @param {{lamports: bigint, base: bigint}} to @param {number} number
 */
function reserveFor(base, from, to, number) {
  const growth = (to.lamports * from.base * SCALE * SCALE) / (to.base * from.lamports);
  if (growth <= SCALE * SCALE) throw new CurveError(`Piece ${number} has to end at a higher market cap than it begins.`);
  const root = squareRoot(growth);
  // x / (x - b) = root, so x = b * root / (root - 1).
  return ceilDiv(base * root, root - SCALE);
}

/** @param {bigint} value */
function squareRoot(value) {
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** @param {bigint} dividend @param {bigint} divisor */
function ceilDiv(dividend, divisor) {
  return (dividend + divisor - 1n) / divisor;
}

/**
 * Draw the price along the sale; floats are good enough for pixels.
 * @param {Element} place an SVG of 320 by 150
 * @param {{sold: string, price_sol: string}[]} points @param {string} saleSupply
 */
export function draw(place, points, saleSupply) {
  const [left, right, top, bottom] = [4, 316, 16, 128];
  const highest = Math.max(...points.map((point) => Number(point.price_sol))) || 1;
  const spots = points.map((point) => {
    const x = left + ((right - left) * Number(point.sold)) / Number(saleSupply);
    const y = bottom - ((bottom - top) * Number(point.price_sol)) / highest;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const end = spots[spots.length - 1].split(",");
  place.replaceChildren(
    svg("polygon", { class: "surface", points: `${left},${bottom} ${spots.join(" ")} ${right},${bottom}` }),
    svg("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }),
    svg("polyline", { class: "line", points: spots.join(" ") }),
    svg("circle", { cx: end[0], cy: end[1], r: 3.5 }),
    svg("text", { x: left, y: 144 }, "0%"),
    svg("text", { x: right, y: 144, "text-anchor": "end" }, "100% sold"),
    svg("text", { x: Number(end[0]) - 8, y: Number(end[1]) - 4, "text-anchor": "end" }, `${format.price(points[points.length - 1].price_sol)} SOL`),
  );
}
