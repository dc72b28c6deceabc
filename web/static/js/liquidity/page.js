/** The page of a pool: its figures and one's own shares as they are on chain, adding and taking out. */

import { ApiError, api, post } from "../api.js";
import { all, amount, embedded, h, one, price, problem, replace, settled, sol } from "../dom.js";
import * as format from "../format.js";
import { follow } from "../live.js";
import { slippageBps, startSlippage } from "../token/slippage.js";
import { run } from "../transactions.js";
import { openChoice } from "../wallet/dialog.js";
import * as session from "../wallet/session.js";
import { adding, matching, partAfter, taking } from "./sums.js";

const SOL = 9;
const SHARE = 9;
const WHOLE_SHARE = 10n ** 9n;
const TOLD_TRIES = 20;
const TOLD_PAUSE_MS = 300;
const token = embedded("pool-data");

/** @type {"add" | "take"} */
let way = "add";
/** The side that was typed; the other follows. @type {"base" | "quote"} */
let typedSide = "quote";
/** The pool as the server last read it. @type {any} */
let pool = null;
/** What the connected wallet has, null while nobody can tell. @type {{quote: bigint | null, base: bigint | null}} */
const held = { quote: null, base: null };
let working = false;

const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (one(`#${name}`));
const tokens = (/** @type {bigint | string} */ base) => amount(format.units(base, token.decimals), token.symbol);
const shares = (/** @type {bigint | string} */ count) => amount(format.units(count, SHARE));
const depth = () => ({ base: BigInt(pool.base_reserve), quote: BigInt(pool.quote_reserve), shares: BigInt(pool.shares) });
const heldShares = () => BigInt(pool?.position?.shares ?? 0);

/** Read the pool and what the wallet has of everything. */
async function refresh() {
  const address = session.address();
  const [fresh, wallet] = await Promise.all([
    api(`/api/pools/${token.mint}${address ? `?wallet=${address}` : ""}`).catch(() => null),
    address ? api(`/api/v1/portfolio/${address}?limit=100`).catch(() => null) : null,
  ]);
  if (address !== session.address() || !fresh) return;
  pool = fresh;
  held.quote = wallet?.sol_balance ? BigInt(wallet.sol_balance) : null;
  held.base = wallet ? BigInt(wallet.data.find((/** @type {any} */ kept) => kept.mint === token.mint)?.balance ?? 0) : null;
  showPool();
  showPosition();
  typed();
}

function showPool() {
  const put = (/** @type {string} */ name, /** @type {Node | string} */ content) => replace(one(`[data-pool="${name}"]`), content);
  const { base, quote, shares: supply } = depth();
  put("base", amount(format.units(base, token.decimals)));
  put("quote", sol(quote, ""));
  put("liquidity", sol(pool.liquidity));
  put("price", price(pool.price_sol));
  put("hour", pool.average_price.last_hour === null ? "–" : price(pool.average_price.last_hour));
  put("average", price(pool.average_price.since_opening));
  put("share-base", tokens((base * WHOLE_SHARE) / supply));
  put("share-quote", sol((quote * WHOLE_SHARE) / supply));
  put("shares", shares(supply));
  put("volume", sol(pool.volume_total));
  put("trades", amount(String(pool.trades_total)));
  for (const kind of ["liquidity", "protocol", "creator", "total"]) put(`fee-${kind}`, format.share(pool.fees[`${kind}_bps`]));
  showTiers(pool.fees.tiers);
}

/** @param {{min_market_cap: string, creator_fee_bps: number}[]} tiers */
function showTiers(tiers) {
  one("#tiers").hidden = tiers.length < 2;
  const row = (/** @type {(typeof tiers)[number]} */ tier) => h("tr", {}, h("td", { class: "num" }, sol(tier.min_market_cap)), h("td", { class: "num" }, format.share(tier.creator_fee_bps)));
  one("#tier-rows").replaceChildren(...tiers.map(row));
}

function showPosition() {
  const mine = pool.position;
  const put = (/** @type {string} */ name, /** @type {Node | string} */ content) => replace(one(`[data-position="${name}"]`), content);
  put("shares", mine ? shares(mine.shares) : "–");
  put("part", mine ? format.share(mine.share_bps) : "–");
  put("base", mine ? tokens(mine.base_amount) : "–");
  put("quote", mine ? sol(mine.quote_amount) : "–");
  put("value", mine ? sol(mine.value) : "–");
  one("#held-quote").textContent = held.quote === null ? "" : `You have ${format.sol(held.quote)} SOL`;
  one("#held-base").textContent = held.base === null ? "" : `You have ${format.amount(format.units(held.base, token.decimals))} ${token.symbol}`;
}

/** What the form comes to now, or null. */
function wanted() {
  if (!pool) return null;
  const slippage = BigInt(slippageBps());
  if (way === "take") {
    const part = format.typed(field("take").value, 2);
    return part !== null && part > 0n && part <= 10_000n ? taking((heldShares() * part) / 10_000n, depth(), slippage) : null;
  }
  const given = format.typed(field(`give-${typedSide}`).value, typedSide === "quote" ? SOL : token.decimals);
  return given ? adding(typedSide, given, depth(), slippage) : null;
}

/** Everything that follows from what was typed. */
function typed() {
  if (way === "add" && pool) fillOther();
  complainWhileTyping();
  const change = wanted();
  const add = way === "add";
  const put = (/** @type {string} */ name, /** @type {Node | string} */ content) => one(`[data-change="${name}"]`).replaceChildren(content);
  put("first", change ? tokens(change.worstBase) : "–");
  put("second", change ? sol(change.worstQuote) : "–");
  put("shares", change ? shares(change.worstShares) : "–");
  put("part", change ? format.share(partAfter(heldShares(), add ? change.shares : -change.shares, depth())) : "–");
  button(change);
}

/** The other side at the pool's ratio. */
function fillOther() {
  const other = typedSide === "quote" ? "base" : "quote";
  const given = format.typed(field(`give-${typedSide}`).value, typedSide === "quote" ? SOL : token.decimals);
  field(`give-${other}`).value = given ? format.units(matching(typedSide, given, depth()), other === "quote" ? SOL : token.decimals) : "";
}

function complainWhileTyping() {
  for (const [name, decimals] of /** @type {const} */ ([["quote", SOL], ["base", token.decimals]])) {
    const text = field(`give-${name}`).value.trim();
    const given = format.typed(text, decimals);
    const have = held[name];
    const lacks = given !== null && have !== null && given > have;
    const message = text && given === null ? `Write an amount with at most ${decimals} decimals.` : lacks ? "That is more than you have." : "";
    problem(field(`give-${name}`), one(`#e-${name}`), message);
  }
  const part = format.typed(field("take").value, 2);
  const bad = field("take").value.trim() && (part === null || part > 10_000n);
  problem(field("take"), one("#e-take"), bad ? "Write 0 to 100, with at most two decimals." : "");
}

/** The button says what it will do, or why it cannot. @param {ReturnType<typeof wanted>} change */
function button(change) {
  const submit = /** @type {HTMLButtonElement} */ (one("#liquidity-submit"));
  const lacks = way === "add" && ["quote", "base"].some((name) => !one(`#e-${name}`).hidden);
  submit.textContent = label();
  submit.disabled = working || (Boolean(session.address()) && (!change || lacks));
  submit.setAttribute("aria-busy", String(working));
}

function label() {
  if (!session.address()) return "Connect a wallet";
  if (way === "take") return pool && heldShares() === 0n ? "You have no shares to take out" : "Take liquidity out";
  return "Add liquidity";
}

/** @param {"add" | "take"} next */
function choose(next) {
  way = next;
  for (const choice of all("[data-way]")) choice.setAttribute("aria-pressed", String(choice.dataset.way === next));
  one("#add-fields").hidden = next !== "add";
  one("#take-fields").hidden = next !== "take";
  const say = (/** @type {string} */ name, /** @type {string} */ text) => (one(`[data-change-label="${name}"]`).textContent = text);
  say("first", next === "add" ? "You give at most" : "You get at least");
  say("shares", next === "add" ? "You get at least" : "Shares that you give");
  complain("");
  typed();
}

async function go() {
  if (!session.address()) {
    openChoice();
    return;
  }
  const change = wanted();
  if (!change || working) return;
  complain("");
  working = true;
  button(change);
  const before = String(heldShares());
  const title = `${way === "add" ? "Add liquidity to" : "Take liquidity out of"} ${token.symbol}`;
  const entry = await run({ title, href: `/liquidity/${token.mint}`, build: () => build(change) });
  if (entry.state === "confirmed" || entry.state === "finalized") {
    for (const name of ["give-quote", "give-base", "take"]) field(name).value = "";
    await untilTold(before);
    document.dispatchEvent(new CustomEvent("balance-changed"));
  } else if (entry.state === "failed" && entry.message) complain(entry.message);
  working = false;
  await refresh();
}

/** @param {NonNullable<ReturnType<typeof wanted>>} shown what was on the screen; nothing worse is signed */
async function build(shown) {
  const asked = { mint: token.mint, wallet: session.address(), slippage_bps: slippageBps() };
  if (way === "take") {
    const built = await post("/api/liquidity/withdraw", { ...asked, shares: String(shown.shares) });
    agree(BigInt(built.worst_base) >= shown.worstBase && BigInt(built.worst_quote) >= shown.worstQuote);
    return built;
  }
  const given = typedSide === "quote" ? { quote_amount: String(shown.worstQuote) } : { base_amount: String(shown.worstBase) };
  const built = await post("/api/liquidity/deposit", { ...asked, ...given });
  agree(BigInt(built.worst_base) <= shown.worstBase && BigInt(built.worst_quote) <= shown.worstQuote && BigInt(built.worst_shares) >= shown.worstShares);
  return built;
}

/** @param {boolean} kept */
function agree(kept) {
  if (!kept) throw new Error("The pool moved while you decided, so nothing was signed. Look at the new figures and try again.");
}

/** The chain has it: wait until the shares say so. @param {string} before */
async function untilTold(before) {
  for (let tries = 0; tries < TOLD_TRIES; tries += 1) {
    await refresh();
    if (String(heldShares()) !== before) return;
    await new Promise((resolve) => setTimeout(resolve, TOLD_PAUSE_MS));
  }
}

/** @param {string} message */
function complain(message) {
  const place = one("#liquidity-problem");
  place.hidden = !message;
  place.textContent = message;
}

for (const side of /** @type {const} */ (["quote", "base"])) {
  field(`give-${side}`).addEventListener("input", () => {
    typedSide = side;
    typed();
  });
}
field("take").addEventListener("input", typed);
for (const choice of all("[data-way]")) choice.addEventListener("click", () => choose(/** @type {"add" | "take"} */ (choice.dataset.way)));
for (const size of all("[data-take]")) {
  size.addEventListener("click", () => {
    field("take").value = size.dataset.take ?? "";
    typed();
  });
}
one("#liquidity-form").addEventListener("submit", (event) => {
  event.preventDefault();
  go().catch((error) => complain(error instanceof ApiError ? error.message : "It could not be done now. Nothing was taken; try again."));
});
startSlippage(typed);
session.watch(() => void refresh());
document.addEventListener("balance-changed", () => void refresh());
follow(`token:${token.mint}`, { after: token.head, onEvent: settled(500, () => void refresh()) });
void refresh();
