/** Holders as circles: sized by share, coloured by role, told by pointer and by arrow keys. */

import { svg } from "../dom.js";
import * as format from "../format.js";
import { pack } from "./pack.js";
import { rove } from "./roving.js";

/** @typedef {{ owner: string, role: string, balance: string, share_bps: number }} Holder */

const GAP = 0.4;
const LEAST_RADIUS = 2;
const LARGEST_RADIUS = 100;
const ESCROWS = new Set(["curve", "pool", "locked"]);
const LETTER_FROM = 11;
const SHARE_FROM = 24;

/**
 * Draw holders into a place; a former drawing goes, its focus stays.
 * @param {HTMLElement} place @param {Holder[]} holders @param {Record<string, string>} roles
 * @param {{ symbol: string, decimals: number }} token
 */
export function drawBubbles(place, holders, roles, token) {
  const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute("data-owner") : null;
  const circles = pack(radiiOf(holders), GAP);
  const links = holders.map((holder, i) => bubble(holder, circles[i], describe(holder, roles, token)));
  const drawing = svg("svg", { class: "bubbles", viewBox: around(circles), role: "group", "aria-label": "Largest holders" });
  drawing.append(...links);
  rove(drawing, links, "#bubble-tip");
  place.replaceChildren(drawing);
  place.hidden = false;
  if (focused) links.find((link) => link.getAttribute("data-owner") === focused)?.focus();
}

/** Those of `holders` that are people, or all. @param {Holder[]} holders @param {boolean} all */
export function shownOf(holders, all) {
  return all ? holders : holders.filter(({ role }) => !ESCROWS.has(role));
}

/** Areas as balances, but none too small to be hit. @param {Holder[]} holders */
function radiiOf(holders) {
  const roots = holders.map(({ balance }) => Math.sqrt(Number(balance)));
  const most = Math.max(...roots, 1);
  return roots.map((root) => Math.max(LEAST_RADIUS, (root / most) * LARGEST_RADIUS));
}

/** @param {import("./pack.js").Circle[]} circles a view box around them, with the reach of their outline */
function around(circles) {
  const edge = (/** @type {1 | -1} */ sign, /** @type {"x" | "y"} */ axis) =>
    circles.reduce((most, circle) => Math.max(most, sign * circle[axis] + circle.r), 1) + 3;
  const [left, right, top, bottom] = [edge(-1, "x"), edge(1, "x"), edge(-1, "y"), edge(1, "y")];
  return `${-left} ${-top} ${left + right} ${top + bottom}`;
}

/** @param {Holder} holder @param {import("./pack.js").Circle} circle @param {string} words */
function bubble(holder, { x, y, r }, words) {
  const link = /** @type {SVGAElement} */ (
    svg("a", { href: `/wallet/${holder.owner}`, tabindex: "-1", "aria-label": words, "data-owner": holder.owner })
  );
  link.append(svg("circle", { cx: x, cy: y, r, class: `role-${holder.role}` }));
  if (r >= LETTER_FROM) {
    const text = r >= SHARE_FROM ? format.share(holder.share_bps) : holder.role[0].toUpperCase();
    link.append(svg("text", { x, y, "font-size": Math.min(r * 0.5, 22) }, text));
  }
  return link;
}

/** @param {Holder} holder @param {Record<string, string>} roles @param {{ symbol: string, decimals: number }} token */
function describe({ owner, role, balance, share_bps: bps }, roles, { symbol, decimals }) {
  const amount = format.amount(format.units(balance, decimals));
  return `${roles[role]} ${format.address(owner)}: ${amount} ${symbol}, ${format.share(bps)} of the supply`;
}
