/** What comes before and after a sale in the launch form: a batch of deposits, and what becomes of the raise. */

import { maybe, one } from "../dom.js";
import * as format from "../format.js";
import { FieldError, addressOrNone, days, number, ticked, value } from "./fields.js";

const HOUR = 3600;
const DAY = 86_400;
const SOL = 9;
const WHOLE_BPS = 10_000;
const MIN_LIQUIDITY_BPS = 5000;
const MIN_LOCK_DAYS = 180;
const MAX_BATCH_HOURS = 720n;
const USUAL_VENUE = "amm";
const AMOUNT = "Write an amount of SOL.";

/** @typedef {{venue: string, title: string, summary: string, available: boolean, reason: string | null, fee: string | null, rent: string, minimum_raise: string}} Venue */
/** @typedef {{venue: string, liquidity_bps: number, lock_days: number, duration_seconds: number}} Graduation */
/** @typedef {{seconds: number, withdraw_seconds: number | null, minimum_lamports: string, max_deposit_lamports: string | null}} Batch */
/** @typedef {{graduation: Graduation | null, batch: Batch | null}} Ending */

/** What the server says of each venue; empty until it has answered. @type {Venue[]} */
let venues = [];

/** What becomes of the raise, as the API takes it, under its name; nothing for all of it locked for good. */
export function graduation() {
  const liquidity = liquidityBps();
  const lock = value("pool_lock_days") ? days("pool_lock_days") / DAY : 0;
  if (lock && lock < MIN_LOCK_DAYS) throw new FieldError("pool_lock_days", `At least ${MIN_LOCK_DAYS} days, or empty for good.`);
  const venue = value("venue") === USUAL_VENUE ? {} : { venue: value("venue") };
  if (liquidity < WHOLE_BPS) return { graduation: { ...venue, liquidity_bps: liquidity, lock_days: lock, ...payout() } };
  const chosen = { ...venue, ...(lock ? { lock_days: lock } : {}) };
  return Object.keys(chosen).length ? { graduation: chosen } : {};
}

/** The deposits before the sale, as the API takes them, under their name; nothing without. */
export function batch() {
  if (!ticked("batch")) return {};
  const seconds = hours("batch_hours");
  const withdraw = value("batch_withdraw_hours") ? hours("batch_withdraw_hours", true) : null;
  if (withdraw !== null && withdraw > seconds) throw new FieldError("batch_withdraw_hours", "At most as long as deposits are taken.");
  const minimum = number("batch_minimum", SOL, AMOUNT);
  if (minimum === 0n) throw new FieldError("batch_minimum", "Ask for more than nothing.");
  const most = value("batch_most") ? number("batch_most", SOL, AMOUNT) : 0n;
  return {
    batch: {
      seconds,
      ...(withdraw === null ? {} : { withdraw_seconds: withdraw }),
      minimum_lamports: String(minimum),
      ...(most ? { max_deposit_lamports: String(most) } : {}),
    },
  };
}

function liquidityBps() {
  const bps = Number(number("liquidity_share", 2, "Write a percentage with at most two decimals."));
  if (bps < MIN_LIQUIDITY_BPS || bps > WHOLE_BPS) throw new FieldError("liquidity_share", "50% to 100%.");
  return bps;
}

/** Who vests what is not liquidity. */
function payout() {
  const part = Number(number("raise_team_part", 2, "Write a percentage with at most two decimals."));
  if (part > WHOLE_BPS) throw new FieldError("raise_team_part", "At most 100%.");
  const cliff = days("raise_cliff");
  const duration = days("raise_duration");
  if (duration === 0) throw new FieldError("raise_duration", "At least one day.");
  if (cliff > duration) throw new FieldError("raise_cliff", "The cliff cannot be later than the end.");
  const team = addressOrNone("raise_team");
  const treasury = addressOrNone("raise_treasury");
  return {
    ...(team ? { team } : {}),
    ...(treasury ? { treasury } : {}),
    team_bps: part,
    cliff_seconds: cliff,
    duration_seconds: duration,
    period_seconds: DAY,
  };
}

/** @param {string} name @param {boolean} [orNone] */
function hours(name, orNone = false) {
  const found = number(name, 0, "Write a whole number of hours.");
  if (found > MAX_BATCH_HOURS || (found === 0n && !orNone)) throw new FieldError(name, "1 to 720 hours, that is 30 days.");
  return Number(found) * HOUR;
}

/** What a preset puts into the fields. @param {Ending | null} preset @returns {Record<string, string>} */
function valuesOf(preset) {
  const raise = preset?.graduation;
  const deposits = preset?.batch;
  return {
    venue: raise?.venue ?? USUAL_VENUE,
    liquidity_share: format.units(raise?.liquidity_bps ?? WHOLE_BPS, 2),
    pool_lock_days: raise?.lock_days ? String(raise.lock_days) : "",
    raise_duration: String((raise?.duration_seconds ?? MIN_LOCK_DAYS * DAY) / DAY),
    batch_hours: String((deposits?.seconds ?? DAY) / HOUR),
    batch_minimum: deposits ? format.units(BigInt(deposits.minimum_lamports), SOL) : "5",
  };
}

/** Fill in what a preset says. @param {Ending | null} preset */
export function setEnding(preset) {
  for (const [name, text] of Object.entries(valuesOf(preset))) /** @type {HTMLInputElement} */ (one(`#f-${name}`)).value = text;
  /** @type {HTMLInputElement} */ (one("#f-batch_withdraw_hours")).value = "";
  /** @type {HTMLInputElement} */ (one('#launch-form [name="batch"]')).checked = Boolean(preset?.batch);
}

/** Whether the form says what a preset says. @param {Ending | null} preset */
export function endsAs(preset) {
  const counts = (/** @type {string} */ name) => (name.startsWith("batch_") ? ticked("batch") : name !== "raise_duration" || value("liquidity_share") !== "100");
  const same = Object.entries(valuesOf(preset)).every(([name, wanted]) => value(name) === wanted || !counts(name));
  return same && ticked("batch") === Boolean(preset?.batch);
}

/** Offer the venues that take pools on this cluster, and say why the others do not. @param {Venue[]} offered */
export function offerVenues(offered) {
  venues = offered;
  for (const { venue, available } of venues) {
    const option = /** @type {HTMLOptionElement | null} */ (maybe(`#f-venue option[value="${venue}"]`));
    if (option) option.disabled = !available;
  }
  showVenue();
}

/** What the chosen venue means and takes, and why another is not to be had. */
function showVenue() {
  if (!venues.length) return;
  const chosen = venues.find(({ venue }) => venue === value("venue"));
  const missing = venues.filter(({ available }) => !available).map(({ reason }) => reason);
  const costs = chosen?.fee && chosen.venue !== USUAL_VENUE ? `It takes ${format.sol(BigInt(chosen.fee) + BigInt(chosen.rent))} SOL of the raise, which is at least ${format.sol(chosen.minimum_raise)} SOL.` : "";
  one("#h-venue").textContent = [chosen?.summary, costs, ...missing].filter(Boolean).join(" ");
}


/** Show the fields that belong to what is chosen. */
export function showEnding() {
  showVenue();
  one("#payout-fields").hidden = value("liquidity_share") === "100";
  one("#batch-fields").hidden = !ticked("batch");
}

/** The end of the sale in a few words, for the fold's head. */
export function endingName() {
  const lock = value("pool_lock_days") ? `locked for ${value("pool_lock_days")} days` : "locked for good";
  const share = value("liquidity_share");
  const place = value("venue") === USUAL_VENUE ? "" : "At Raydium: ";
  return share === "100" ? `${place}All liquidity, ${lock}` : `${place}${share}% liquidity, ${lock}; the rest vests`;
}

/** The batch in a few words, for the fold's head. */
export function batchName() {
  return ticked("batch") ? `${value("batch_hours")} h of deposits, at least ${value("batch_minimum")} SOL` : "None";
}
