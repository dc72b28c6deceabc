/**
 * The launch form as values: what was typed, checked, in the shape that the API takes.
 */

import { isAddress } from "../base58.js";
import { all, maybe, problem } from "../dom.js";
import * as format from "../format.js";
import { batch, graduation } from "./ending.js";
import { FieldError, addressOrNone, choice, days, number, ticked, value } from "./fields.js";
import { deadline, rules } from "./rules.js";
import { TermError, curve, fieldOf } from "./shape.js";
import { standard } from "./standard.js";

export { FieldError, choice, ticked, value } from "./fields.js";

const STORE = "launchpad.launch-draft";
const U64_MAX = (1n << 64n) - 1n;
const DAY = 86_400;
const SOL = 9;
const MAX_TEAM_BPS = 2000n;
const MIN_MARKET_BPS = 5000n;
/** Shares that nobody chose: the curve says how much of the supply it sells, so that its pool has enough. */
const USUAL_BPS = ["7931", "2069", "0", "0", "0"];
export const BUCKETS = /** @type {const} */ (["public", "liquidity", "team", "ecosystem", "treasury"]);

/** Where the server's names of inputs stand in this form. */
const FIELDS = /** @type {Record<string, string>} */ ({
  uri: "name",
  "first_buy.amount": "first_buy",
  "team.beneficiary": "team_beneficiary",
  "team.cliff_seconds": "team_cliff",
  "team.duration_seconds": "team_duration",
  team: "team_beneficiary",
  update_authority: "governance",
  deadline: "sale_days",
  "rules.launch_fee.start_bps": "launch_fee",
  "rules.launch_fee.seconds": "launch_fee_seconds",
  "rules.launch_fee.half_life": "launch_fee_half_life",
  "rules.holders.mint": "holders_mint",
  "rules.holders.minimum": "holders_minimum",
  "rules.holders.seconds": "holders_seconds",
  holders: "holders_mint",
  "graduation.venue": "venue",
  "graduation.liquidity_bps": "liquidity_share",
  "graduation.lock_days": "pool_lock_days",
  "graduation.team": "raise_team",
  "graduation.treasury": "raise_treasury",
  "graduation.team_bps": "raise_team_part",
  "graduation.cliff_seconds": "raise_cliff",
  "graduation.duration_seconds": "raise_duration",
  graduation: "liquidity_share",
  "batch.seconds": "batch_hours",
  "batch.withdraw_seconds": "batch_withdraw_hours",
  "batch.max_deposit_lamports": "batch_most",
  batch: "batch_minimum",
  points: "curve",
  "curve.points": "curve",
});

/** What a preview does not look at. */
const OWN = new Set(["name", "symbol", "image", "description", "website", "twitter", "telegram", "discord", "governance", "mint_authority", "mint_cap"]);

/** What the curve is worked out from. */
export function economy() {
  const decimals = Number(value("decimals"));
  const supply = number("supply", 0, "Write a whole number of tokens.") * 10n ** BigInt(decimals);
  if (supply === 0n) throw new FieldError("supply", "There has to be at least one token.");
  if (supply > U64_MAX) throw new FieldError("supply", "With this many decimals that is more than the chain can count. Use fewer of either.");
  const shares = allocations();
  const usual = BUCKETS.every((bucket, place) => String(shares[`${bucket}_bps`]) === USUAL_BPS[place]);
  return { ...standard(), decimals, supply: String(supply), ...(usual ? {} : { allocations: shares }), curve: shape() };
}

/** @returns {Record<`${(typeof BUCKETS)[number]}_bps`, number>} */
export function allocations() {
  const shares = Object.fromEntries(
    BUCKETS.map((bucket) => [`${bucket}_bps`, number(`${bucket}_bps`, 2, "Write a percentage with at most two decimals.")]),
  );
  const sum = Object.values(shares).reduce((total, part) => total + part, 0n);
  if (sum !== 10_000n) throw new FieldError("allocations", `The parts come to ${format.share(Number(sum))}; they have to come to 100%.`);
  if (shares.team_bps > MAX_TEAM_BPS) throw new FieldError("team_bps", "A team may have at most 20%.");
  if (shares.public_bps + shares.liquidity_bps < MIN_MARKET_BPS) {
    throw new FieldError("allocations", "Public sale and liquidity together have to be at least 50%.");
  }
  if (shares.public_bps === 0n) throw new FieldError("public_bps", "Without a public sale there is nothing to trade.");
  return /** @type {any} */ (Object.fromEntries(Object.entries(shares).map(([key, part]) => [key, Number(part)])));
}

/** The curve in the API's words, with the message at its field where one cannot be read. */
function shape() {
  try {
    return curve();
  } catch (error) {
    if (error instanceof TermError) throw new FieldError(error.field, error.message);
    throw error;
  }
}

/** Lamports of the first buy, or null for none. */
export function firstBuy() {
  if (!value("first_buy")) return null;
  const lamports = number("first_buy", SOL, "Write an amount of SOL.");
  return lamports > 0n ? String(lamports) : null;
}

/** Name, ticker and picture. */
export function identity() {
  const name = value("name");
  const symbol = value("symbol");
  if (!name) throw new FieldError("name", "Give the token a name.");
  if (new TextEncoder().encode(name).length > 32) throw new FieldError("name", "The name is too long: at most 32 bytes.");
  if (!/^[\p{L}\p{N}$._-]{1,10}$/u.test(symbol) || new TextEncoder().encode(symbol).length > 10) {
    throw new FieldError("symbol", "Give the token a ticker of at most 10 letters or digits.");
  }
  for (const link of ["website", "twitter", "telegram", "discord"]) {
    if (value(link) && !/^https?:\/\/[^\s]+\.[^\s]+$/.test(value(link))) throw new FieldError(link, "Write a complete address that begins with https://.");
  }
  return { name, symbol };
}

/** Everything that the launch is asked for, but where its metadata is. @param {string} creator */
export function launchRequest(creator) {
  const money = economy();
  const buy = firstBuy();
  const { team_bps: team, ecosystem_bps: ecosystem, treasury_bps: treasury } = allocations();
  return {
    creator,
    ...identity(),
    ...money,
    ...rights(money.supply, money.decimals),
    ...(team ? { team: teamVesting(creator) } : {}),
    ...(ecosystem ? { ecosystem_owner: addressOrNone("ecosystem_owner") ?? creator } : {}),
    ...(treasury ? { treasury_owner: addressOrNone("treasury_owner") ?? creator } : {}),
    ...(buy ? { first_buy: { amount: buy, lock: ticked("lock") ? lock() : null } } : {}),
    ...rules(),
    ...deadline(),
    ...graduation(),
    ...batch(),
  };
}

/** What a preview is worked out from: as much of the launch as can be read already. @param {string | null} creator */
export function previewRequest(creator) {
  const owners = ["ecosystem_owner", "treasury_owner"].map((name) => [name, isAddress(value(name)) ? value(name) : null]);
  return {
    ...economy(),
    ...Object.fromEntries(owners),
    creator,
    first_buy: firstBuy(),
    first_buy_locked: ticked("lock"),
    name: value("name").slice(0, 32),
    symbol: value("symbol").slice(0, 10),
    ...rules(),
    ...deadline(),
    ...graduation(),
  };
}

/** @param {string} creator */
function teamVesting(creator) {
  const cliff = days("team_cliff");
  const duration = days("team_duration");
  if (duration === 0) throw new FieldError("team_duration", "The team's tokens have to vest over at least one day.");
  if (cliff > duration) throw new FieldError("team_cliff", "The cliff cannot be later than the end.");
  const beneficiary = addressOrNone("team_beneficiary") ?? creator;
  return { beneficiary, cliff_seconds: cliff, duration_seconds: duration, period_seconds: DAY, revocable: ticked("team_revocable") };
}

function lock() {
  const duration = days("lock_days");
  if (duration === 0) throw new FieldError("lock_days", "Lock for at least one day, or take the tick away.");
  return { duration_seconds: duration, period_seconds: DAY };
}

/** @param {string} supply @param {number} decimals */
function rights(supply, decimals) {
  const mode = choice("supply_mode");
  const updates = choice("update_authority");
  const update = updates === "governance" ? governance() : updates;
  if (mode !== "mintable") return { supply_mode: mode, update_authority: update };
  const authority = addressOrNone("mint_authority");
  if (!authority) throw new FieldError("mint_authority", "Name the account that may mint more.");
  const cap = number("mint_cap", 0, "Write a whole number of tokens.") * 10n ** BigInt(decimals);
  if (cap <= BigInt(supply) || cap > U64_MAX) throw new FieldError("mint_cap", "The cap has to be above the supply, and countable by the chain.");
  return { supply_mode: mode, update_authority: update, mint_authority: authority, mint_cap: String(cap) };
}

function governance() {
  const account = addressOrNone("governance");
  if (!account) throw new FieldError("governance", "Name the governance account.");
  return account;
}

/**
 * Put a message at its field; false where no field has that name. Unless one is still typing,
 * what hides the field is opened and it gets the focus.
 * @param {string} field @param {string} message @param {boolean} [typing]
 */
export function complainAt(field, message, typing = false) {
  const known = fieldOf(FIELDS[field] ?? FIELDS[field.split(".")[0]] ?? field.split(".").pop() ?? field);
  const place = maybe(`#e-${CSS.escape(known)}`);
  if (!place) return false;
  const input = maybe(`#f-${CSS.escape(known)}`);
  problem(input, place, message);
  if (typing) return true;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  (input ?? place).scrollIntoView({ block: "center" });
  input?.focus({ preventScroll: true });
  return true;
}

/** Take every message away; those of what a preview does not look at only where `everything` is meant. @param {boolean} [everything] */
export function clearProblems(everything = true) {
  for (const place of all(".launch-form .problem")) {
    if (place.id.startsWith("e-") && (everything || !OWN.has(place.id.slice(2)))) clearProblem(place.id.slice(2));
  }
}

/** Take the message of one field away. @param {string} name */
export function clearProblem(name) {
  const place = maybe(`#e-${CSS.escape(name)}`);
  if (place) problem(maybe(`#f-${CSS.escape(name)}`), place, "");
}

/** Keep what was typed, for a reload. */
export function keepDraft() {
  const draft = all("#launch-form input[name], #launch-form textarea[name], #launch-form select[name]")
    .map((element) => /** @type {HTMLInputElement} */ (element))
    .filter((element) => element.type !== "file")
    .map((element) => [element.name, element.type === "checkbox" || element.type === "radio" ? [element.value, element.checked] : element.value]);
  sessionStorage.setItem(STORE, JSON.stringify(draft));
}

/** Bring back what was typed before a reload. */
export function restoreDraft() {
  for (const [name, kept] of JSON.parse(sessionStorage.getItem(STORE) ?? "[]")) {
    const selector = Array.isArray(kept) ? `[name="${name}"][value="${CSS.escape(kept[0])}"]` : `[name="${name}"]`;
    const element = /** @type {HTMLInputElement | null} */ (maybe(`#launch-form ${selector}`));
    if (!element) continue;
    if (Array.isArray(kept)) element.checked = kept[1];
    else element.value = kept;
  }
}

/** It was launched: nothing to keep. */
export function dropDraft() {
  sessionStorage.removeItem(STORE);
}
