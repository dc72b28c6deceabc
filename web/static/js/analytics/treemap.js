/** A treemap by squarifying: rectangles whose areas are as their values, none much longer than wide. Pure. */

/** @typedef {{ x: number, y: number, width: number, height: number }} Box */

/**
 * A box for each value, together exactly `box`.
 * @param {number[]} values zero or more, largest first for the best shapes @param {Box} box
 * @returns {Box[]} in the order of `values`; those of nothing have no area
 */
export function treemap(values, box) {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total <= 0) return values.map(() => ({ x: box.x, y: box.y, width: 0, height: 0 }));
  const areas = values.map((value) => (value / total) * box.width * box.height);
  /** @type {Box[]} */
  const boxes = [];
  let rest = { ...box };
  let first = 0;
  while (first < areas.length) {
    const last = rowEnd(areas, first, Math.min(rest.width, rest.height));
    const ends = last === areas.length;
    rest = layRow(areas.slice(first, last), rest, boxes, ends);
    first = last;
  }
  return boxes;
}

/** Where a row along the shorter side ends: as long as its worst shape gets better. @param {number[]} areas @param {number} first @param {number} side */
function rowEnd(areas, first, side) {
  let sum = areas[first];
  let [least, most] = [sum, sum];
  let worst = ratio(least, most, sum, side);
  let last = first + 1;
  for (; last < areas.length; last += 1) {
    const [smaller, larger] = [Math.min(least, areas[last]), Math.max(most, areas[last])];
    const shape = ratio(smaller, larger, sum + areas[last], side);
    if (shape > worst) break;
    [least, most, sum, worst] = [smaller, larger, sum + areas[last], shape];
  }
  return last;
}

/** How long the worst box of a row is to its width. @param {number} least @param {number} most @param {number} sum @param {number} side */
function ratio(least, most, sum, side) {
  if (sum === 0 || least === 0) return Infinity;
  return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
}

/**
 * Lay a row along the shorter side of what is left; returns what is left after it.
 * @param {number[]} areas @param {Box} rest @param {Box[]} boxes @param {boolean} ends takes all that is left
 */
function layRow(areas, rest, boxes, ends) {
  const sum = areas.reduce((all, area) => all + area, 0);
  const wide = rest.width >= rest.height;
  const side = wide ? rest.height : rest.width;
  const depth = ends ? (wide ? rest.width : rest.height) : side > 0 ? sum / side : 0;
  let at = 0;
  for (const area of areas) {
    const length = sum > 0 ? (area / sum) * side : 0;
    if (wide) boxes.push({ x: rest.x, y: rest.y + at, width: depth, height: length });
    else boxes.push({ x: rest.x + at, y: rest.y, width: length, height: depth });
    at += length;
  }
  return wide
    ? { x: rest.x + depth, y: rest.y, width: rest.width - depth, height: rest.height }
    : { x: rest.x, y: rest.y + depth, width: rest.width, height: rest.height - depth };
}
