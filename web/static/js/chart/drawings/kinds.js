/** What can be drawn. Points are times and prices, so a drawing stays where it is whatever the chart shows. */

import * as format from "../../format.js";

/**
 * @typedef {{time: number, price: string}} Point price in SOL per whole token, decimal text
 * @typedef {"level" | "trend" | "ray" | "rectangle" | "fibonacci" | "note"} KindName
 * @typedef {{id: string, kind: KindName, points: Point[], text?: string}} Drawing
 */

/** @type {Record<KindName, {name: string, points: 1 | 2}>} */
export const KINDS = {
  level: { name: "Horizontal line", points: 1 },
  trend: { name: "Trend line", points: 2 },
  ray: { name: "Ray", points: 2 },
  rectangle: { name: "Rectangle", points: 2 },
  fibonacci: { name: "Fibonacci retracement", points: 2 },
  note: { name: "Note", points: 1 },
};

/** The most that one token's chart holds, and the longest note: as the server allows. */
export const MOST = 150;
export const LONGEST = 280;

const DIGITS = 10;

/** A price as it is kept: ten digits are finer than any screen. @param {number} price */
export function priceText(price) {
  return price > 0 && Number.isFinite(price) ? format.units(price.toPrecision(DIGITS), 0) : "0";
}

/** @param {KindName} kind @param {Point[]} points @param {string} [text] @returns {Drawing} */
export function drawing(kind, points, text) {
  const id = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return tidy({ id, kind, points, text });
}

/** The same with nothing in it that says nothing. @param {Drawing} drawing @returns {Drawing} */
export function tidy({ id, kind, points, text }) {
  const kept = points.map(({ time, price }) => ({ time, price }));
  return text ? { id, kind, points: kept, text } : { id, kind, points: kept };
}

/** What was kept elsewhere, without what is no drawing. @param {unknown} given @returns {Drawing[]} */
export function checked(given) {
  if (!Array.isArray(given)) return [];
  return given.filter(isDrawing).map(tidy).slice(0, MOST);
}

/** @param {any} given @returns {given is Drawing} */
function isDrawing(given) {
  const fits = typeof given?.id === "string" && Object.hasOwn(KINDS, given.kind) && Array.isArray(given.points);
  if (!fits || given.points.length !== KINDS[/** @type {KindName} */ (given.kind)].points) return false;
  return given.points.every((/** @type {any} */ point) => Number.isInteger(point?.time) && /^\d+(\.\d+)?$/.test(point?.price));
}
