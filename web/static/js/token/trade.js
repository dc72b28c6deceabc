/**
 * The panel that buys and sells.
 *
 * Every figure comes from the server's quote on the curve, or in the pool, as it is now. What one sees before
 * signing is kept to: a transaction whose worst case is worse than the shown one is not signed.
 */

import { ApiError, post } from "../api.js";
import { all, amount, h, maybe, one, problem, settled, sol } from "../dom.js";
import * as format from "../format.js";
import { onRetry, run } from "../transactions.js";
import { openChoice } from "../wallet/dialog.js";
import * as session from "../wallet/session.js";
import { road, startExecutor } from "./executor.js";
import * as funds from "./funds.js";
import { openSheet } from "./sheet.js";
import { slippageBps, startSlippage } from "./slippage.js";
import { token, tokens } from "./state.js";

const SOL = 9;
const IMPACT_WARN = 300;
const IMPACT_DANGER = 1000;
const IMPACT_ASKS = 1500;
const BUY_SIZES = ["0.1", "0.5", "1", "5"];
const SELL_SIZES = [25, 50, 75, 100];

/** @typedef {"buy" | "sell"} Side */

/** @type {Side} */
let side = "buy";
/** Which of the two the typed amount is in. @type {"SOL" | "token"} */
let unit = "SOL";
/** @type {any} the newest quote for what is typed, or null */
let quote = null;
/** @type {AbortController | null} */
let asking = null;
/** A trade with a large impact is asked about twice. */
let confirmed = false;
let working = false;

const panel = () => one("#trade");
const PLACES = { curve: "On its curve", amm: "Through its pool", raydium: "Through its pool on Raydium" };
const input = () => /** @type {HTMLInputElement} */ (one("#trade-amount"));
const submit = () => /** @type {HTMLButtonElement} */ (one("#trade-submit"));
const requote = settled(150, () => void ask());
const requoteSoon = settled(400, () => void ask());

/** Whether it trades: the last buy of the sale takes the form away until there is a pool. */
function isOpen() {
  return Boolean(maybe("#trade-form"));
}

/** Wire the panel, if it trades; once more when it does so again. */
export function startTrade() {
  if (!isOpen()) return;
  for (const button of all(".side-choice", panel())) button.addEventListener("click", () => choose(/** @type {Side} */ (button.dataset.side)));
  one("#trade-unit").addEventListener("click", switchUnit);
  input().addEventListener("input", typed);
  one("#trade-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
  startSlippage(() => input().value && typed());
  startExecutor(() => input().value && typed());
  session.watch(() => void refreshBalances());
  document.addEventListener("balance-changed", () => void refreshBalances());
  onRetry("trade", retry);
  choose("buy");
}

/** Someone traded: what is shown may be out of date. @param {import("./state.js").Trade} trade */
export function tradeHappened(trade) {
  if (!isOpen()) return;
  if (trade.trader === session.address()) {
    if (trade.trader_balance !== null) funds.nowHolds(trade.trader_balance);
    void refreshBalances();
  }
  if (quote && maybe("#trade-form")) requoteSoon();
}

/** The curve is not where it was, by no trade that one could show. */
export function curveMoved() {
  if (!isOpen()) return;
  void refreshBalances();
  if (quote) requoteSoon();
}

/** @param {Side} next */
export function choose(next) {
  if (!isOpen()) return;
  side = next;
  unit = next === "buy" ? "SOL" : "token";
  panel().dataset.side = next;
  for (const button of all(".side-choice", panel())) button.setAttribute("aria-pressed", String(button.dataset.side === next));
  input().value = "";
  labels();
  sizes();
  typed();
}

function switchUnit() {
  unit = unit === "SOL" ? "token" : "SOL";
  input().value = "";
  labels();
  sizes();
  typed();
  input().focus();
}

/** Whether the typed amount is what one gives (else it is what one gets). */
function isIn() {
  return (side === "buy") === (unit === "SOL");
}

function labels() {
  one("#amount-label").textContent = isIn() ? (side === "buy" ? "You pay" : "You sell") : "You get";
  one("#trade-unit span").textContent = unit === "SOL" ? "SOL" : token.symbol;
  one("#quote-gives-label").textContent = side === "buy" ? "You pay at most" : "You give at most";
  funds.showHeld(side);
}

function sizes() {
  const place = one("#trade-sizes");
  if (side === "buy" && unit === "SOL") {
    place.replaceChildren(...BUY_SIZES.map((size) => sizeButton(size, () => size)));
  } else if (side === "sell" && unit === "token") {
    place.replaceChildren(...SELL_SIZES.map((part) => sizeButton(`${part}%`, () => tokens(((funds.heldBase() ?? 0n) * BigInt(part)) / 100n))));
  } else {
    place.replaceChildren();
  }
}

/** @param {string} label @param {() => string} value */
function sizeButton(label, value) {
  return h(
    "button",
    {
      class: "button tiny",
      type: "button",
      click: () => {
        input().value = value();
        typed();
      },
    },
    label,
  );
}

function typed() {
  quote = null;
  confirmed = false;
  asking?.abort();
  complain("");
  if (!input().value.trim()) {
    clear();
    return;
  }
  if (units() === null) {
    complain(`Write a number with at most ${unit === "SOL" ? SOL : token.decimals} decimals, and a point before them.`);
    clear();
    return;
  }
  one("#quote").setAttribute("aria-busy", "true");
  button();
  requote();
}

/** What was typed, in base units. */
function units() {
  const value = format.typed(input().value, unit === "SOL" ? SOL : token.decimals);
  return value && value > 0n ? value : null;
}

async function ask() {
  if (!isOpen()) return;
  const value = units();
  if (value === null) return;
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const found = await post("/api/trade/quote", wish(value), signal);
    if (signal.aborted || !isOpen()) return;
    quote = found;
    confirmed &&= found.price_impact_bps > IMPACT_ASKS;
    show();
  } catch (error) {
    if (signal.aborted || !isOpen()) return;
    quote = null;
    clear();
    complain(error instanceof ApiError ? error.message : "There is no quote at the moment. Try again.");
  }
}

/** @param {bigint} value */
function wish(value) {
  return {
    mint: token.mint,
    side,
    amount: String(value),
    amount_is: isIn() ? "in" : "out",
    slippage_bps: slippageBps(),
    ...road(),
    ...(session.address() ? { wallet: session.address() } : {}),
  };
}

/** @param {string} name @param {Node | string} content @param {string} [tone] */
function put(name, content, tone = "") {
  const place = one(`[data-quote="${name}"]`);
  place.replaceChildren(content);
  place.classList.toggle("warn", tone === "warn");
  place.classList.toggle("danger", tone === "danger");
}

function clear() {
  one("#quote").removeAttribute("aria-busy");
  one("#quote-rent").hidden = true;
  for (const place of all("[data-quote]")) {
    place.replaceChildren("–");
    place.classList.remove("warn", "danger");
  }
  notice("");
  lack();
  button();
}

function show() {
  const buys = side === "buy";
  const asTokens = (/** @type {string} */ base) => amount(tokens(base), token.symbol);
  put("most", buys ? sol(quote.worst_in) : asTokens(quote.worst_in));
  put("least", buys ? asTokens(quote.worst_out) : sol(quote.worst_out));
  put("expected", isIn() ? (buys ? asTokens(quote.amount_out) : sol(quote.amount_out)) : buys ? sol(quote.amount_in) : asTokens(quote.amount_in));
  const impact = quote.price_impact_bps;
  put("impact", format.percent(buys ? impact : -Math.abs(impact)), impact > IMPACT_DANGER ? "danger" : impact > IMPACT_WARN ? "warn" : "");
  put("protocol", sol(BigInt(quote.fees.protocol) + BigInt(quote.fees.referrer)));
  put("creator", sol(quote.fees.creator));
  one("#quote-liquidity").hidden = quote.fees.liquidity === "0";
  put("liquidity", sol(quote.fees.liquidity));
  one("#quote-route").textContent = routeOf(quote.route);
  one("#quote-launch").hidden = quote.fees.launch === "0";
  put("launch", sol(quote.fees.launch));
  put("network", sol(BigInt(quote.fees.network) + BigInt(quote.fees.priority ?? 0)));
  if (maybe('[data-quote="tip"]')) put("tip", sol(quote.fees.tip));
  one("#quote-rent").hidden = quote.fees.account_rent === "0";
  put("rent", sol(quote.fees.account_rent));
  one("#quote").removeAttribute("aria-busy");
  warn(impact);
  lack();
  button();
}

/** The venues of a trade, in words. @param {{venue: keyof typeof PLACES, fee_bps: number}[]} route */
function routeOf(route) {
  return route.map((hop) => `${PLACES[hop.venue]}, ${format.share(hop.fee_bps)} of fees`).join(", then ");
}

/** @param {number} impact */
function warn(impact) {
  if (quote.completes_curve) notice(lastOfSale());
  else if (impact > IMPACT_ASKS) notice(`This moves the price by ${format.percent(impact)}. A smaller amount gets a better price.`, "danger");
  else if (impact > IMPACT_DANGER) notice("This moves the price a lot. A smaller amount gets a better price.", "warn");
  else notice("");
}

/** What the buy of everything that is left does besides. */
function lastOfSale() {
  const said = "This takes the last of the sale. You are charged only for what is left.";
  if (!quote.graduates) return `${said} The token's pool opens right after.`;
  const bounty = quote.graduation_bounty === "0" ? "" : ` You get ${format.sol(quote.graduation_bounty)} SOL for it.`;
  return `${said} The same transaction opens the token's pool, and repays what that costs.${bounty}`;
}

/** Say at the field what the wallet lacks for this trade, and offer it. */
function lack() {
  const lacks = quote && funds.shortfall(side, quote);
  if (quote) complain(lacks?.sentence ?? "");
  funds.offerSol(Boolean(lacks?.sol));
}

/** @param {string} text @param {"" | "warn" | "danger"} [tone] */
function notice(text, tone = "") {
  const place = one("#trade-notice");
  place.hidden = !text;
  place.className = `notice ${tone}`;
  place.textContent = text;
}

/** @param {string} message */
function complain(message) {
  problem(input(), one("#amount-problem"), message);
}

/** The button says what it will do, or why it cannot. */
function button() {
  const element = submit();
  const why = hindrance();
  element.className = `button large wide ${side}`;
  element.textContent = why || action();
  element.disabled = Boolean(why) || (Boolean(session.address()) && !quote);
  element.setAttribute("aria-busy", String(working));
}

function action() {
  const verb = side === "buy" ? "Buy" : "Sell";
  if (!session.address()) return `Connect a wallet to ${verb.toLowerCase()}`;
  const asks = quote && quote.price_impact_bps > IMPACT_ASKS;
  return asks && confirmed ? `Yes, ${verb.toLowerCase()} at this price` : `${verb} ${token.symbol}`;
}

/** Why the button can do nothing yet; empty when it can, or when only a quote is awaited. */
function hindrance() {
  if (!session.address()) return "";
  if (working) return side === "buy" ? "Buying" : "Selling";
  const lacks = quote && funds.shortfall(side, quote);
  if (lacks) return `Not enough ${lacks.sol ? "SOL" : token.symbol}`;
  if (input().value.trim()) return "";
  if (side === "sell" && funds.heldBase() === 0n) return `No ${token.symbol} to sell`;
  return side === "buy" && funds.heldSol() === 0n ? "No SOL to pay with" : "Enter an amount";
}

async function go() {
  if (!session.address()) {
    openChoice();
    return;
  }
  const value = units();
  if (!quote || value === null || working) return;
  if (quote.price_impact_bps > IMPACT_ASKS && !confirmed) {
    confirmed = true;
    notice(`Price impact ${format.percent(quote.price_impact_bps)}: press once more if you mean it.`, "danger");
    button();
    return;
  }
  const shown = quote;
  const again = { kind: "trade", mint: token.mint, side, unit, text: input().value };
  working = true;
  button();
  const entry = await run({
    title: titleOf(shown),
    href: `/token/${token.mint}`,
    again,
    build: () => build(wish(value), shown),
  });
  working = false;
  if (!isOpen()) return;
  if (entry.state === "confirmed" || entry.state === "finalized") {
    input().value = "";
    typed();
    document.dispatchEvent(new CustomEvent("trade-confirmed"));
  } else {
    requote();
  }
  await refreshBalances();
}

/** @param {any} shown */
function titleOf(shown) {
  const base = side === "buy" ? shown.amount_out : shown.amount_in;
  const lamports = side === "buy" ? shown.amount_in : shown.amount_out;
  return `${side === "buy" ? "Buy" : "Sell"} ${format.amount(tokens(base))} ${token.symbol} for ${format.sol(lamports)} SOL`;
}

/** @param {Record<string, unknown>} request @param {any} shown the quote that was on the screen */
async function build(request, shown) {
  const built = await post("/api/trade/build", request);
  const { worst_in: most, worst_out: least } = built.quote;
  if (BigInt(most) > BigInt(shown.worst_in) || BigInt(least) < BigInt(shown.worst_out)) {
    quote = null;
    throw new Error("The price moved while you decided, so nothing was signed. Look at the new quote and try again.");
  }
  return { ...built, executor: request.executor, title: titleOf(built.quote) };
}

/** @param {{mint: string, side: Side, unit: "SOL" | "token", text: string}} again */
function retry(again) {
  if (again.mint !== token.mint) {
    location.assign(`/token/${again.mint}`);
    return;
  }
  if (!isOpen()) return;
  choose(again.side);
  if (again.unit !== unit) switchUnit();
  input().value = again.text;
  typed();
  openSheet();
  input().focus();
}

async function refreshBalances() {
  // The curve may be completed while one asks.
  if (!isOpen() || !(await funds.readBalances()) || !isOpen()) return;
  funds.showHeld(side);
  lack();
  button();
}
