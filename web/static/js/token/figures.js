/** The panel of figures, fetched anew while the token moves, and the dollars beside what moves with every trade. */

import { part } from "../api.js";
import { keepDollars, showDollars } from "../dollars.js";
import { maybe, one, rendered } from "../dom.js";
import * as format from "../format.js";
import { marketCap, token } from "./state.js";

const FIGURES_MS = 2_000;
const QUIET_MS = 15_000;
const DOLLARS_MS = 500;

let shown = "";
let asked = Date.now();
let busy = false;

/** Fetch the panel when a trade came since it was drawn, or when it is old: windows move on without trades. */
async function refresh() {
  const age = Date.now() - asked;
  const moved = shown !== `${token.price_sol} ${token.volume_24h}`;
  if (busy || document.hidden || age < FIGURES_MS || (!moved && age < QUIET_MS)) return;
  busy = true;
  asked = Date.now();
  shown = `${token.price_sol} ${token.volume_24h}`;
  const { html } = await part(`/token/${token.mint}?part=figures`).catch(() => ({ html: "" }));
  if (html) replacePanel(html);
  busy = false;
}

/** Put a new panel in the place of the old one, with the same window and the same focus. @param {string} html */
function replacePanel(html) {
  const panel = one("#figures");
  const chosen = maybe("input[name=window]:checked", panel)?.id;
  const focused = panel.contains(document.activeElement) ? document.activeElement?.id : undefined;
  panel.replaceWith(rendered(html));
  const choice = chosen ? /** @type {HTMLInputElement | null} */ (maybe(`#${CSS.escape(chosen)}`)) : null;
  if (choice) choice.checked = true;
  if (focused) maybe(`#${CSS.escape(focused)}`)?.focus();
}

/** What moved with a trade, in dollars. */
function dollars() {
  const now = {
    price: token.price_sol,
    cap: marketCap(token.price_sol),
    liquidity: format.units(token.liquidity, 9),
  };
  for (const [name, sol] of Object.entries(now)) {
    const element = maybe(`[data-dollars="${name}"] [data-usd]`);
    if (element && element.dataset.usd !== sol) showDollars(element, sol);
  }
}

shown = `${token.price_sol} ${token.volume_24h}`;
keepDollars();
setInterval(() => void refresh(), 500);
setInterval(dollars, DOLLARS_MS);
