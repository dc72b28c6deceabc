/** Recipients as people type them, and the transactions that put them in place. */

import { post } from "../api.js";
import { one } from "../dom.js";
import { run } from "../transactions.js";

const WHOLE = 10_000;
const MOST = 100;
const LINE = /^([1-9A-HJ-NP-Za-km-z]{32,44})[\s,;]+(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/;

/** @typedef {{ wallet: string, bps: number }} Share */

/**
 * The recipients of a text; an Error says which line is wrong and why.
 * @param {string} text @returns {Share[]}
 */
export function parse(text) {
  const lines = text.split("\n").map((line) => line.trim());
  const shares = lines.flatMap((line, place) => (line ? [shareOf(line, place + 1)] : []));
  if (!shares.length) throw new Error("Name at least one recipient.");
  if (shares.length > MOST) throw new Error(`A router has at most ${MOST} recipients; these are ${shares.length}.`);
  if (new Set(shares.map((share) => share.wallet)).size < shares.length) throw new Error("A wallet stands twice in the list: give it one share.");
  const sum = total(shares);
  if (sum !== WHOLE) throw new Error(`The shares make ${percent(sum)} together: they must make 100 %.`);
  return shares;
}

/** @param {string} line @param {number} number @returns {Share} */
function shareOf(line, number) {
  const found = LINE.exec(line);
  const bps = bpsOf(found);
  if (!found || !bps) throw new Error(`Line ${number} is no address with a percentage above 0: ${line.slice(0, 60)}`);
  return { wallet: found[1], bps };
}

/** Basis points of a line's percentage, 0 where it is no line. @param {RegExpExecArray | null} found */
function bpsOf(found) {
  return found ? Number(found[2]) * 100 + Number((found[3] ?? "").padEnd(2, "0")) : 0;
}

/** @param {Share[]} shares */
export function written(shares) {
  return shares.map(({ wallet, bps }) => `${wallet} ${bps / 100}`).join("\n");
}

/** @param {number} bps */
export function percent(bps) {
  return `${bps / 100} %`;
}

/** @param {Share[]} shares */
function total(shares) {
  return shares.reduce((sum, share) => sum + share.bps, 0);
}

/** Keep the sum under a list of recipients fresh. @param {HTMLTextAreaElement} area */
export function watchSum(area) {
  const show = () => {
    let bps = 0;
    for (const line of area.value.split("\n")) bps += bpsOf(LINE.exec(line.trim()));
    one("#router-sum").textContent = bps ? `Now ${percent(bps)}.` : "";
  };
  area.addEventListener("input", show);
  show();
}

/** @param {{ state: string }} entry */
export function landed(entry) {
  return entry.state === "confirmed" || entry.state === "finalized";
}

/**
 * All transactions that bring a router to these shares, one after the other; false where one failed or was declined.
 * @param {string} router @param {string} owner @param {Share[]} shares
 */
export async function putShares(router, owner, shares) {
  for (let done = false; !done; ) {
    const entry = await run({
      title: "Write the router's shares",
      href: `/router/${router}`,
      build: async () => {
        const built = await post(`/api/fees/routers/${router}/shares`, { owner, shares });
        done = built.done;
        return built;
      },
    });
    if (!landed(entry)) return false;
  }
  return true;
}
