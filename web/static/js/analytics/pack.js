/** Circles laid close together: pure, for any drawing. */

/** @typedef {{ x: number, y: number, r: number }} Circle */

const SLACK = 1e-9;

/**
 * A place for each of some radii, around (0, 0), none over another. Larger ones first lie closer to the middle; every
 * circle but the first two touches two others.
 * @param {number[]} radii above zero @param {number} [gap] between circles
 * @returns {Circle[]} in the order of `radii`
 */
export function pack(radii, gap = 0) {
  /** @type {Circle[]} */
  const placed = [];
  for (const radius of radii) placed.push(next(placed, radius + gap / 2));
  const { x, y } = middle(placed);
  return placed.map((circle, i) => ({ x: circle.x - x, y: circle.y - y, r: radii[i] }));
}

/** The place nearest to the middle that is free. @param {Circle[]} placed @param {number} r @returns {Circle} */
function next(placed, r) {
  if (placed.length === 0) return { x: 0, y: 0, r };
  if (placed.length === 1) return { x: placed[0].r + r, y: 0, r };
  const centre = middle(placed);
  /** @type {Circle | null} */
  let best = null;
  let nearest = Infinity;
  for (let i = 1; i < placed.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      for (const place of touching(placed[i], placed[j], r)) {
        const distance = Math.hypot(place.x - centre.x, place.y - centre.y);
        if (distance < nearest && isFree(placed, place)) [best, nearest] = [place, distance];
      }
    }
  }
  return best ?? beside(placed, r);
}

/** Where a circle touches two others; nowhere if they are too far apart. @param {Circle} a @param {Circle} b @param {number} r */
function touching(a, b, r) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const apart = Math.hypot(dx, dy);
  const [toA, toB] = [a.r + r, b.r + r];
  if (apart > toA + toB || apart === 0) return [];
  const along = (toA * toA - toB * toB + apart * apart) / (2 * apart);
  const across = Math.sqrt(Math.max(0, toA * toA - along * along));
  const [x, y] = [a.x + (along * dx) / apart, a.y + (along * dy) / apart];
  return [1, -1].map((side) => ({ x: x - (side * across * dy) / apart, y: y + (side * across * dx) / apart, r }));
}

/** @param {Circle[]} placed @param {Circle} place */
function isFree(placed, place) {
  return placed.every(({ x, y, r }) => Math.hypot(place.x - x, place.y - y) >= (r + place.r) * (1 - SLACK));
}

/** Right of everything, where nothing else is left. @param {Circle[]} placed @param {number} r @returns {Circle} */
function beside(placed, r) {
  return { x: Math.max(...placed.map((circle) => circle.x + circle.r)) + r, y: 0, r };
}

/** The middle by area. @param {Circle[]} circles */
function middle(circles) {
  let [x, y, weight] = [0, 0, 0];
  for (const circle of circles) {
    const area = circle.r * circle.r;
    x += circle.x * area;
    y += circle.y * area;
    weight += area;
  }
  return weight ? { x: x / weight, y: y / weight } : { x: 0, y: 0 };
}
