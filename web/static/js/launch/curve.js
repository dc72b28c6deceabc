/** The picture of a curve: the price along the sale, with the first, the median and the last buyer. */

import { svg } from "../dom.js";
import * as format from "../format.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [4, 316, 20, 126];

/**
 * Draw the price along the sale; floats are good enough for pixels.
 * @param {Element} place an SVG of 320 by 150
 * @param {{sold: string, price_sol: string}[]} points @param {string} saleSupply
 * @param {{sold_bps: number, price_sol: string, market_cap_sol: string}[]} buyers in the order in which they buy
 */
export function draw(place, points, saleSupply, buyers) {
  const highest = Math.max(...points.map((point) => Number(point.price_sol))) || 1;
  const across = (/** @type {number} */ share) => LEFT + (RIGHT - LEFT) * share;
  const down = (/** @type {string} */ price) => BOTTOM - ((BOTTOM - TOP) * Number(price)) / highest;
  const spots = points.map((point) => `${across(Number(point.sold) / Number(saleSupply)).toFixed(1)},${down(point.price_sol).toFixed(1)}`);
  place.replaceChildren(
    svg("polygon", { class: "surface", points: `${LEFT},${BOTTOM} ${spots.join(" ")} ${RIGHT},${BOTTOM}` }),
    svg("line", { class: "axis", x1: LEFT, x2: RIGHT, y1: BOTTOM, y2: BOTTOM }),
    svg("polyline", { class: "line", points: spots.join(" ") }),
    ...buyers.flatMap((buyer) => mark(across(buyer.sold_bps / 10_000), down(buyer.price_sol), buyer)),
    svg("text", { x: LEFT, y: 143 }, "0%"),
    svg("text", { x: RIGHT, y: 143, "text-anchor": "end" }, "100% sold"),
  );
}

/** A dot with its market cap, written where the line leaves room. @param {number} x @param {number} y @param {{sold_bps: number, market_cap_sol: string}} buyer */
function mark(x, y, { sold_bps: sold, market_cap_sol: cap }) {
  const [anchor, shift] = sold === 0 ? ["start", 2] : sold === 10_000 ? ["end", -2] : ["middle", -4];
  return [
    svg("circle", { cx: x, cy: y, r: 3.5 }),
    svg("text", { class: "cap", x: x + shift, y: Math.max(y - 8, 11), "text-anchor": anchor }, `${format.amount(cap)} SOL`),
  ];
}
