/** Every fee of the token as the chain has it, read when somebody wants to see it. */

import { ApiError, api } from "../api.js";
import { h, maybe, one, sol, wallet } from "../dom.js";
import * as format from "../format.js";
import { token } from "./state.js";

/**
 * @typedef {object} Line
 * @property {string} kind
 * @property {string} venue
 * @property {number | null} bps
 * @property {number | null} limit_bps
 * @property {string | null} amount
 * @property {string | null} limit_amount
 * @property {string | null} recipient
 * @property {keyof typeof CHANGES} changes
 * @property {string} note
 */

/** @type {Record<string, string>} */
const KINDS = { protocol: "Platform", creator: "Creator", referrer: "Referrer", lp: "Liquidity", launch: "Launch fee", keeper: "Keeper" };
/** @type {Record<string, string>} */
const VENUES = { curve: "on the curve", pool: "in the pool", graduation: "at graduation" };
const CHANGES = {
  never: "Fixed when the curve opened",
  with_time: "Falls by itself",
  with_market_cap: "Follows the market cap",
  by_authority: "Set by the platform",
  by_venue: "Set by the venue",
};

/** Fill the list the first time that it is opened. */
export function startFees() {
  const details = /** @type {HTMLDetailsElement | null} */ (maybe("#fee-table"));
  details?.addEventListener("toggle", () => details.open && !details.dataset.filled && void fill(details));
}

/** @param {HTMLDetailsElement} details */
async function fill(details) {
  const place = one("[data-fees]", details);
  try {
    const { lines, router } = await api(`/api/fees/tokens/${token.mint}`);
    const divided = router ? [h("p", { class: "small soft" }, "A ", h("a", { class: "link", href: `/router/${router}` }, "fee router"), " divides what the creator earns.")] : [];
    place.replaceChildren(h("ul", { class: "stack" }, ...lines.map((/** @type {Line} */ line) => row(line, router))), ...divided);
    details.dataset.filled = "true";
  } catch (error) {
    place.textContent = error instanceof ApiError ? error.message : "The fees could not be read now. Close this and open it again.";
  }
}

/** @param {Line} line @param {string | null} router */
function row(line, router) {
  const head = h("div", { class: "between" }, h("span", {}, `${KINDS[line.kind]} ${VENUES[line.venue]}`), h("span", { class: "num strong" }, rate(line)));
  const to = line.recipient && line.recipient === router ? h("a", { class: "mono", href: `/router/${router}` }, format.address(router)) : line.recipient && paid(line);
  const rest = [`${CHANGES[line.changes]}${most(line)}`, ...(to ? [", to ", to] : [])];
  return h("li", { "data-kind": line.kind, "data-venue": line.venue }, head, h("p", { class: "quiet" }, line.note, " ", h("span", {}, ...rest), "."));
}

/** Who is paid: a wallet has a page, a pool does not. @param {Line} line */
function paid({ kind, recipient }) {
  return kind === "lp" ? "the pool" : wallet(recipient ?? "");
}

/** @param {Line} line */
function rate({ bps, amount }) {
  if (amount !== null) return sol(amount);
  return bps === null ? "later" : format.share(bps);
}

/** @param {Line} line */
function most({ limit_bps, limit_amount }) {
  if (limit_amount !== null) return [", never above ", format.units(limit_amount, 9), " SOL"].join("");
  return limit_bps === null ? "" : `, never above ${format.share(limit_bps)}`;
}
