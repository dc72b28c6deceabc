/** How much worse than quoted a trade may become: chosen once, kept in this browser. */

import { all, one, problem } from "../dom.js";
import * as format from "../format.js";

const STORE = "launchpad.slippage";
const MAX_BPS = 5000;
const DEFAULT_BPS = 100;

let bps = Number(localStorage.getItem(STORE)) || DEFAULT_BPS;

/** What is chosen, in basis points. */
export function slippageBps() {
  return bps;
}

/** Wire the choice under the cog. @param {() => void} changed hears of a new choice */
export function startSlippage(changed) {
  const own = /** @type {HTMLInputElement} */ (one("#slippage-own"));
  const set = (/** @type {number} */ next) => {
    bps = next;
    localStorage.setItem(STORE, String(next));
    show();
    changed();
  };
  for (const choice of all("[data-slippage]")) {
    choice.addEventListener("click", () => {
      own.value = "";
      problem(own, one("#slippage-problem"), "");
      set(Number(choice.dataset.slippage));
    });
  }
  own.addEventListener("input", () => {
    const typed = format.typed(own.value, 2);
    const bad = typed === null || typed > MAX_BPS;
    problem(own, one("#slippage-problem"), bad && own.value ? "Write 0 to 50, with at most two decimals." : "");
    if (!bad) set(Number(typed));
  });
  show();
}

function show() {
  one("#slippage-now").textContent = format.share(bps);
  for (const choice of all("[data-slippage]")) choice.setAttribute("aria-pressed", String(Number(choice.dataset.slippage) === bps));
}
