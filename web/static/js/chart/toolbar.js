/** The buttons above a chart. What they open is loaded when they are pressed. */

import { all, maybe } from "../dom.js";
import { isInterval } from "./intervals.js";

/** @param {import("./chart.js").Chart} chart @param {AbortSignal} signal ends the listening */
export function wire(chart, signal) {
  const { box } = chart;
  const buttons = all("[data-interval]", box);
  const menu = /** @type {HTMLSelectElement | null} */ (maybe("[data-intervals]", box));
  const choose = (/** @type {string | undefined} */ next) => isInterval(next) && void chart.choose(next);
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.interval), { signal });
  menu?.addEventListener("change", () => choose(menu.value), { signal });
  const show = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.interval === detail));
    if (menu) menu.value = detail;
  };
  box.addEventListener("interval", show, { signal });
  const open = (/** @type {"openIndicators" | "openSettings"} */ name) => async () => (await import("./dialogs.js"))[name](chart);
  maybe("[data-indicators]", box)?.addEventListener("click", open("openIndicators"), { signal });
  maybe("[data-settings]", box)?.addEventListener("click", open("openSettings"), { signal });
}
