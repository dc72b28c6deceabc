/** The rules of an opening, counted down by the server's clock: the falling fee, the stages, the window. */

import { all, maybe, one, replace } from "../dom.js";
import * as format from "../format.js";

const MINUTE = 60;

/** What a buy pays besides at a moment, in basis points; as the program rounds it. @param {HTMLElement} place @param {number} elapsed seconds */
export function feeAt({ dataset }, elapsed) {
  const [start, seconds, half] = [Number(dataset.fee), Number(dataset.seconds), Number(dataset.halfLife)];
  const passed = Math.max(Math.floor(elapsed), 0);
  if (passed >= seconds) return 0;
  if (!half) return Math.ceil((start * (seconds - passed)) / seconds);
  return Math.ceil((start * (2 * half - (passed % half))) / (2 * half * 2 ** Math.floor(passed / half)));
}

/** @param {number} seconds */
function countdown(seconds) {
  const whole = Math.ceil(seconds);
  if (whole >= 60 * MINUTE) return format.duration(whole);
  const rest = whole % MINUTE;
  return whole < MINUTE ? `${whole} s` : `${Math.floor(whole / MINUTE)} min${rest ? ` ${rest} s` : ""}`;
}

/** Count down until nothing is left to count. */
export function startPromises() {
  const panel = maybe("#rules");
  if (!panel) return;
  const opened = Date.parse(panel.dataset.opened ?? "");
  const behind = Date.parse(panel.dataset.now ?? "") - Date.now();
  const tick = () => {
    const now = Date.now() + behind;
    const open = show(panel, now, (now - opened) / 1000);
    if (!open) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

/** @param {HTMLElement} panel @param {number} now @param {number} elapsed @returns {boolean} whether a rule still holds */
function show(panel, now, elapsed) {
  let holds = false;
  for (const place of all("[data-fee]", panel)) {
    const bps = feeAt(place, elapsed);
    holds ||= bps > 0;
    if (place.textContent !== format.share(bps)) place.textContent = format.share(bps);
  }
  for (const place of all("[data-until]", panel)) {
    if (!place.dataset.until) continue;
    const left = (Date.parse(place.dataset.until) - now) / 1000;
    holds ||= left > 0;
    place.textContent = left > 0 ? `${countdown(left)} more` : (place.dataset.past ?? "done");
  }
  showStage(panel, now);
  replace(one('[data-rules="state"]', panel), holds ? "In force" : "Over");
  one('[data-rules="state"]', panel).classList.toggle("accent", holds);
  return holds;
}

/** @param {HTMLElement} panel @param {number} now */
function showStage(panel, now) {
  const stages = all("[data-ends]", panel);
  const current = stages.find(({ dataset }) => !dataset.ends || now < Date.parse(dataset.ends));
  for (const stage of stages) {
    if (stage === current) stage.setAttribute("aria-current", "step");
    else stage.removeAttribute("aria-current");
  }
}
