/**
 * What the page of charts shows, as its address says it: `?layout=2&c=MINT.15m.sma-20.rsi-14&c=…&step=time`.
 *
 * An address that was written by hand or cut is read as far as it can be.
 */

import { checked, KINDS } from "../chart/indicators/kinds.js";
import { isInterval } from "../chart/intervals.js";

export const LAYOUTS = [1, 2, 4, 6];
export const MOST = 6;
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/**
 * @typedef {import("../chart/intervals.js").Interval} Interval
 * @typedef {import("../chart/indicators/kinds.js").Study} Study
 * @typedef {{mint: string, interval: Interval, studies: Study[]} | null} Cell
 * @typedef {{layout: number, cells: Cell[], crosshair: boolean, time: boolean}} Plan
 */

/** @param {string} query @returns {Plan} */
export function parse(query) {
  const asked = new URLSearchParams(query);
  const cells = asked.getAll("c").slice(0, MOST).map(cellOf);
  const wanted = Number(asked.get("layout"));
  const layout = LAYOUTS.includes(wanted) ? wanted : (LAYOUTS.find((count) => count >= cells.length) ?? MOST);
  const steps = asked.getAll("step");
  return { layout, cells, crosshair: steps.includes("crosshair"), time: steps.includes("time") };
}

/** @param {string} text @returns {Cell} */
function cellOf(text) {
  const [mint, interval, ...studies] = text.split(".");
  if (!ADDRESS.test(mint)) return null;
  return { mint, interval: isInterval(interval) ? interval : "15m", studies: checked(studies.map(studyOf)) };
}

/** @param {string} text `macd-12-26-9` */
function studyOf(text) {
  const [kind, ...values] = text.split("-");
  if (!Object.hasOwn(KINDS, kind)) return null;
  const names = Object.keys(KINDS[/** @type {keyof typeof KINDS} */ (kind)].options);
  return { kind, options: Object.fromEntries(names.map((name, at) => [name, values[at]])) };
}

/** @param {Plan} plan */
export function format({ layout, cells, crosshair, time }) {
  const query = new URLSearchParams({ layout: String(layout) });
  for (const cell of cells) query.append("c", cell ? [cell.mint, cell.interval, ...cell.studies.map(said)].join(".") : "");
  if (crosshair) query.append("step", "crosshair");
  if (time) query.append("step", "time");
  return `?${query}`;
}

/** @param {Study} study */
function said({ kind, options }) {
  return [kind, ...Object.values(options)].join("-");
}
