/** The market table, alive: rows change in place, new tokens wait behind a button. */

import { part } from "./api.js";
import { all, amount, embedded, maybe, one, price, rendered, replace, sol } from "./dom.js";
import * as format from "./format.js";
import { follow } from "./live.js";
import { keepDollars, showDollars } from "./dollars.js";

const rows = maybe("#rows");
const fresh = one("#fresh");
/** @type {Set<string>} mints launched since the page was made */
const waiting = new Set();

/** @param {import("./live.js").Envelope} event */
function take({ type, data }) {
  if (type === "trade") trade(data);
  else if (type === "token.launched") launched(data.mint);
  else if (type === "token.milestone" && data.king) void crown();
}

/** @param {any} data */
function trade(data) {
  const row = maybe(`tr[data-mint="${CSS.escape(data.mint)}"]`);
  if (!row) return;
  const { decimals, supply, sale } = /** @type {Record<string, string>} */ (row.dataset);
  const tone = data.side === "buy" ? "up" : "down";
  const perToken = shifted(data.price, Number(decimals) - 9);
  replace(maybe('[data-cell="price"]', row), price(perToken), tone);
  const cap = marketCap(data.price, supply);
  replace(maybe('[data-cell="cap"]', row), amount(cap), tone);
  showDollars(maybe("[data-usd]", row), cap);
  const volume = maybe('[data-cell="volume"]', row);
  if (volume) {
    volume.dataset.value = String(BigInt(volume.dataset.value || 0) + BigInt(data.quote_amount));
    replace(volume, sol(volume.dataset.value, ""));
  }
  const bps = Number((BigInt(data.sold) * 10_000n) / BigInt(sale));
  replace(maybe('[data-cell="progress"]', row), format.share(Math.floor(bps / 10) * 10));
  maybe(".bar rect", row)?.setAttribute("width", `${bps / 100}%`);
}

/** A decimal text times ten to a power. @param {string} text @param {number} places */
function shifted(text, places) {
  return `${text}e${places}`;
}

/** SOL that the supply is worth at a price in lamports per base unit. @param {string} text @param {string} supply */
function marketCap(text, supply) {
  const { digits, scale } = format.parse(text);
  return `${digits * BigInt(supply)}e-${scale + 9}`;
}

/** @param {string} mint */
function launched(mint) {
  if (!rows || rows.dataset.tab !== "new" || maybe(`tr[data-mint="${CSS.escape(mint)}"]`)) return;
  waiting.add(mint);
  fresh.hidden = false;
  fresh.textContent = `${waiting.size} new`;
}

async function showFresh() {
  if (!rows) return;
  const { html } = await part(rows.dataset.part || "/");
  rows.replaceChildren(rendered(html));
  document.dispatchEvent(new Event("stars-added"));
  waiting.clear();
  fresh.hidden = true;
}

/** @param {Event} event */
async function showMore(event) {
  const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  event.preventDefault();
  link.setAttribute("aria-disabled", "true");
  try {
    const url = new URL(link.href);
    url.searchParams.set("part", "rows");
    const { html, next } = await part(url.pathname + url.search);
    const shown = new Set(all("tr[data-mint]").map((row) => row.dataset.mint));
    const added = rendered(html);
    for (const row of all("tr[data-mint]", added)) if (shown.has(row.dataset.mint)) row.remove();
    rows?.append(added);
    document.dispatchEvent(new Event("stars-added"));
    if (next) link.href = next;
    else link.closest(".more")?.remove();
  } finally {
    link.removeAttribute("aria-disabled");
  }
}

/** Somebody new may be king of the hill. */
async function crown() {
  const { html } = await part("/?part=king").catch(() => ({ html: "" }));
  one("#king").replaceChildren(rendered(html));
}

/** One-hour changes and sparklines move with time, not only with trades. */
async function refreshFigures() {
  if (!rows || document.hidden) return;
  const { html } = await part(rows.dataset.part || "/").catch(() => ({ html: "" }));
  const next = rendered(html);
  for (const row of all("tr[data-mint]", next)) {
    const old = maybe(`#rows tr[data-mint="${CSS.escape(row.dataset.mint || "")}"]`);
    for (const place of [2, 6]) {
      const from = row.children[place];
      const to = old?.children[place];
      if (from && to && from.innerHTML !== to.innerHTML) to.replaceChildren(...from.childNodes);
    }
  }
}

fresh.addEventListener("click", () => void showFresh());
maybe("#more")?.addEventListener("click", (event) => void showMore(event));
setInterval(() => void refreshFigures(), 15_000);
document.addEventListener("visibilitychange", () => void refreshFigures());
setInterval(() => document.hidden || void crown(), 30_000);
keepDollars();
follow("market", { after: embedded("market-head"), onEvent: take });
