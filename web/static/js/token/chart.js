/** The chart of a token's page: its code comes after everything else of the page. */

import { one } from "../dom.js";
import { token } from "./state.js";

/** @type {import("../chart/chart.js").Chart | null} */
let chart = null;

/** Load the chart, draw, and stay true. */
export async function startChart() {
  const { mountChart } = await import("../chart/chart.js");
  chart = await mountChart(one("#chart-box"), token);
}

/** Merge a live trade. @param {import("./state.js").LiveTrade} trade */
export function chartTrade(trade) {
  chart?.trade(trade);
}

/** Draw anew after trades were taken back or missed. */
export function reloadChart() {
  void chart?.load(false);
}
