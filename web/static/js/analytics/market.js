/** The market as a whole, alive: a map of boxes, and sections that are fetched anew while tokens are traded. */

import { keepDollars } from "../dollars.js";
import { embedded, maybe, svg } from "../dom.js";
import * as format from "../format.js";
import { follow } from "../live.js";
import { rove } from "./roving.js";
import { keepFresh } from "./sections.js";
import { treemap } from "./treemap.js";

/** @typedef {{ mint: string, symbol: string, name: string, size: string, told: string, bps: number }} Tile */

const MOVED_MS = 6_000;
const SECTIONS = ["market-totals", "market-king", "market-map", "market-lists", "market-time"];
const EDGE = 1;
/** A box that is narrower or lower bears no letters. */
const [LEAST_WIDTH, LEAST_HEIGHT] = [40, 24];
const TWO_LINES = 44;
const LEAST_SIZE = 9;
/** Of a letter, to its size. */
const LETTER_WIDTH = 0.72;
/** From these changes on, in basis points, the fill is stronger. */
const STEPS = [0, 500, 2_500];

const page = embedded("market-data");

/** Draw the boxes of the map into their place, as wide as it is. */
function draw() {
  const section = maybe("#market-map");
  const place = section && maybe(".treemap", section);
  if (!section || !place) return;
  /** @type {Tile[]} */
  const tiles = JSON.parse(section.dataset.tiles || "[]");
  const [width, height] = [Math.max(place.clientWidth, 280), Math.max(place.clientHeight, 240)];
  const boxes = treemap(tiles.map(({ size }) => Number(size)), { x: 0, y: 0, width, height });
  const links = tiles.map((tile, i) => drawn(tile, boxes[i]));
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...links);
  rove(drawing, links, ".treemap-tip");
  place.replaceChildren(drawing);
}

/** @param {Tile} tile @param {import("./treemap.js").Box} box */
function drawn(tile, { x, y, width, height }) {
  const change = format.percent(tile.bps);
  // What is written in the box is a part of what is read aloud.
  const words = `${tile.name}, ${tile.symbol} ${change}: ${tile.told}`;
  const link = /** @type {SVGAElement} */ (
    svg("a", { href: `/token/${tile.mint}`, tabindex: "-1", "aria-label": words, class: `tile ${toneOf(tile.bps)}` })
  );
  const [inner, low] = [Math.max(0, width - EDGE), Math.max(0, height - EDGE)];
  link.append(svg("rect", { x, y, width: inner, height: low, rx: 3 }));
  const size = Math.min(20, inner / 5.5, inner / (tile.symbol.length * LETTER_WIDTH));
  if (inner >= LEAST_WIDTH && low >= LEAST_HEIGHT && size >= LEAST_SIZE) {
    link.append(letters(tile.symbol, low >= TWO_LINES ? change : "", size, x + inner / 2, y + low / 2));
  }
  return link;
}

/** A symbol with its change under it. @param {string} symbol @param {string} change @param {number} size @param {number} x @param {number} y */
function letters(symbol, change, size, x, y) {
  const first = svg("tspan", { x, y: change ? y - size * 0.55 : y }, symbol);
  const text = svg("text", { "font-size": size }, first);
  if (change) {
    text.append(" ", svg("tspan", { x, y: y + size * 0.7, "font-size": Math.max(LEAST_SIZE, size * 0.75) }, change));
  }
  return text;
}

/** @param {number} bps */
function toneOf(bps) {
  if (bps === 0) return "flat";
  const strength = STEPS.filter((step) => Math.abs(bps) > step).length;
  return `${bps > 0 ? "gain" : "loss"}-${strength}`;
}

/** The map is drawn here out of its tiles, so it differs from what the server sent. @param {HTMLElement} old @param {HTMLElement} fresh */
function same(old, fresh) {
  return old.id === "market-map" ? old.dataset.tiles === fresh.dataset.tiles : old.isEqualNode(fresh);
}

let width = 0;
const sizes = new ResizeObserver(([entry]) => {
  if (Math.abs(entry.contentRect.width - width) < 1) return;
  ({ width } = entry.contentRect);
  draw();
});

/** Draw the map now and whenever its place gets another width. */
function watch() {
  sizes.disconnect();
  const place = maybe(".treemap");
  if (!place) return;
  width = place.clientWidth;
  draw();
  sizes.observe(place);
}

watch();
keepDollars();
const stirred = keepFresh(page.part, SECTIONS, MOVED_MS, 1000, same, (id) => id === "market-map" && watch());
follow("market", { after: page.head, onEvent: stirred, onStale: stirred });
