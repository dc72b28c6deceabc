/** How this browser likes its charts: indicators, axis and marks, for every token alike. */

import { checked } from "./indicators/kinds.js";

const STORE = "launchpad.chart";

/**
 * @typedef {import("./indicators/kinds.js").Study} Study
 * @typedef {{own: boolean, creator: boolean, events: boolean, large: boolean, least: number}} MarkChoice `least` in SOL
 * @typedef {{studies: Study[], axis: import("./scale.js").Axis, marks: MarkChoice}} Settings
 */

/** @returns {Settings} */
export function settings() {
  const kept = read();
  const marks = { own: true, creator: true, events: true, large: false, least: 10, ...kept.marks };
  return {
    studies: checked(kept.studies),
    axis: {
      of: kept.axis?.of === "cap" ? "cap" : "price",
      in: kept.axis?.in === "USD" ? "USD" : "SOL",
      log: kept.axis?.log === true,
    },
    marks: { ...marks, least: marks.least > 0 ? Number(marks.least) : 10 },
  };
}

/** @param {Partial<Settings>} changes */
export function keep(changes) {
  localStorage.setItem(STORE, JSON.stringify({ ...read(), ...changes }));
}

/** @returns {any} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
