/** The rules of an opening in the launch form: fee, cap, slot rule, who buys first; and the presets that set them. */

import { isAddress } from "../base58.js";
import { all, maybe, one } from "../dom.js";
import * as format from "../format.js";
import { endsAs, setEnding } from "./ending.js";
import { FieldError, days, number, ticked, value } from "./fields.js";

const MAX_LAUNCH_FEE_BPS = 5000n;
const MAX_LAUNCH_FEE_SECONDS = 600n;
const DAY = 86_400n;
const MAX_WALLETS = 10_000;
const SHOWN_LINES = 5;
const WHOLE_SECONDS = "Write a whole number of seconds.";

/** Fields that presets set, with what they hold when nothing is chosen. */
const NOTHING = /** @type {Record<string, string>} */ ({
  launch_fee: "",
  launch_fee_seconds: "120",
  launch_fee_half_life: "",
  wallet_cap_bps: "",
  window_seconds: "60",
  allowlist: "",
  holders_mint: "",
});
const TICKS = ["one_buy_per_slot"];

/** @typedef {{launch_fee: {start_bps: number, seconds: number, half_life: number} | null, wallet_cap_bps: number, window_seconds: number | null, one_buy_per_slot: boolean}} Rules */

/** How many base units a whole token of the community has, as far as it was looked up. @type {Map<string, number>} */
const decimalsOf = new Map();

/** What was found out about a mint that wallets have to pledge. @param {string} mint @param {number} decimals */
export function knowDecimals(mint, decimals) {
  decimalsOf.set(mint, decimals);
}

/** The mint whose decimals are still to be looked up, if any. */
export function unknownMint() {
  const mint = value("holders_mint");
  return isAddress(mint) && !decimalsOf.has(mint) ? mint : null;
}

/** The wallets of the pasted list, each once, and the lines that are no address. */
export function allowlist() {
  const lines = value("allowlist").split(/[\s,;]+/).filter(Boolean);
  const wallets = [...new Set(lines.filter(isAddress))];
  const bad = lines.map((line, place) => ({ line, place: place + 1 })).filter(({ line }) => !isAddress(line));
  return { wallets, bad, twice: lines.length - bad.length - wallets.length };
}

/** How many wallets were read, and which lines not, for people. */
export function allowlistReport() {
  const { wallets, bad, twice } = allowlist();
  if (!wallets.length && !bad.length) return "";
  const unread = bad.slice(0, SHOWN_LINES).map(({ line, place }) => `${place}: ${line.slice(0, 12)}`).join(", ");
  const told = [`${wallets.length} ${wallets.length === 1 ? "wallet" : "wallets"}`];
  if (twice) told.push(`${twice} named twice`);
  if (bad.length) told.push(`${bad.length} not read (${unread}${bad.length > SHOWN_LINES ? " and more" : ""})`);
  return `${told.join(", ")}.`;
}

/** The rules as the API takes them, under their name; nothing where none is chosen. */
export function rules() {
  const cap = share("wallet_cap_bps");
  const limited = cap > 0 || ticked("one_buy_per_slot");
  const chosen = {
    ...launchFee(),
    ...(cap ? { wallet_cap_bps: cap } : {}),
    ...(ticked("one_buy_per_slot") ? { one_buy_per_slot: true } : {}),
    ...listed(),
    ...holders(),
    ...(limited ? { window_seconds: seconds("window_seconds", DAY) } : {}),
  };
  if (!Object.keys(chosen).length) return {};
  return { rules: { ...chosen, ...(ticked("binds_creator") ? { binds_creator: true } : {}) } };
}

/** When a sale that is not sold out is over. */
export function deadline() {
  const open = value("sale_days") ? days("sale_days") : 0;
  return open ? { deadline: Math.floor(Date.now() / 1000) + open } : {};
}

/** @param {string} name */
function share(name) {
  const bps = value(name) ? number(name, 2, "Write a percentage with at most two decimals.") : 0n;
  if (bps > 10_000n) throw new FieldError(name, "At most 100%.");
  return Number(bps);
}

/** @param {string} name @param {bigint} most */
function seconds(name, most) {
  const found = number(name, 0, WHOLE_SECONDS);
  if (found < 1n || found > most) throw new FieldError(name, `Write 1 to ${most} seconds.`);
  return Number(found);
}

function launchFee() {
  const fee = share("launch_fee");
  if (!fee) return {};
  if (BigInt(fee) > MAX_LAUNCH_FEE_BPS) throw new FieldError("launch_fee", "At most 50%.");
  const lasts = seconds("launch_fee_seconds", MAX_LAUNCH_FEE_SECONDS);
  const half = value("launch_fee_half_life") ? number("launch_fee_half_life", 0, WHOLE_SECONDS) : 0n;
  if (half > BigInt(lasts)) throw new FieldError("launch_fee_half_life", "The fee is gone before it has halved once.");
  return { launch_fee: { start_bps: fee, seconds: lasts, half_life: Number(half) } };
}

function listed() {
  if (!value("allowlist")) return {};
  const { wallets, bad } = allowlist();
  if (bad.length) throw new FieldError("allowlist", `${allowlistReport()} Mend or remove what was not read.`);
  if (wallets.length > MAX_WALLETS) throw new FieldError("allowlist", `At most ${MAX_WALLETS} wallets.`);
  return { allowlist: wallets, allowlist_seconds: seconds("allowlist_seconds", DAY) };
}

function holders() {
  const mint = value("holders_mint");
  if (!mint) return {};
  if (!isAddress(mint)) throw new FieldError("holders_mint", "This is no Solana address: copy it again.");
  const decimals = decimalsOf.get(mint);
  if (decimals === undefined) throw new FieldError("holders_mint", "No token from here has this mint.");
  const minimum = number("holders_minimum", decimals, `Write an amount with at most ${decimals} decimals.`);
  if (minimum === 0n) throw new FieldError("holders_minimum", "Ask for more than nothing.");
  return { holders: { mint, minimum: String(minimum), seconds: seconds("holders_seconds", DAY) } };
}

/** What a preset puts into the fields. @param {Rules | null} preset */
function valuesOf(preset) {
  if (!preset) return NOTHING;
  const { launch_fee: fee, wallet_cap_bps: cap, window_seconds: window } = preset;
  return {
    ...NOTHING,
    ...(fee ? { launch_fee: format.units(fee.start_bps, 2), launch_fee_seconds: String(fee.seconds), launch_fee_half_life: fee.half_life ? String(fee.half_life) : "" } : {}),
    ...(cap ? { wallet_cap_bps: format.units(cap, 2) } : {}),
    ...(window ? { window_seconds: String(window) } : {}),
  };
}

/** Whether the form says what a preset says. @param {Rules | null} preset */
function matches(preset) {
  const off = (/** @type {string} */ name) => name === "launch_fee_seconds" ? !value("launch_fee") : name === "window_seconds" && !value("wallet_cap_bps") && !ticked("one_buy_per_slot");
  const same = Object.entries(valuesOf(preset)).every(([name, wanted]) => value(name) === wanted || off(name));
  return same && ticked("one_buy_per_slot") === Boolean(preset?.one_buy_per_slot) && !value("sale_days");
}

/** Show which preset is chosen, what was pasted, and the fields that belong to it. */
export function showRules() {
  for (const card of all("[data-opening]")) {
    const preset = JSON.parse(card.dataset.opening ?? "{}");
    card.setAttribute("aria-pressed", String(matches(preset.rules) && endsAs(preset)));
  }
  one("#h-allowlist").textContent = allowlistReport() || "One address in a line.";
  one("#allowlist-fields").hidden = !value("allowlist");
  one("#holders-fields").hidden = !value("holders_mint");
}

/** The rules in a few words, for the fold's head. */
export function rulesName() {
  const name = maybe('[data-opening][aria-pressed="true"] .strong')?.textContent;
  const told = [value("launch_fee") && `${value("launch_fee")}% on first buys`, value("wallet_cap_bps") && `${value("wallet_cap_bps")}% a wallet`];
  if (ticked("one_buy_per_slot")) told.push("one buy a slot");
  if (value("allowlist")) told.push("a list first");
  if (value("holders_mint")) told.push("holders first");
  if (value("sale_days")) told.push(`paid back unless sold out in ${value("sale_days")} days`);
  return told.filter(Boolean).join(", ") || (name ?? "No extra rules");
}

/** Wire the presets and the look-up of the community's token. @param {() => void} changed @param {(mint: string) => Promise<number | null>} lookUp its decimals */
export function startRules(changed, lookUp) {
  for (const card of all("[data-opening]")) {
    card.addEventListener("click", () => {
      const { rules: preset, ...ending } = JSON.parse(card.dataset.opening ?? "{}");
      setEnding(ending);
      for (const [name, text] of Object.entries(valuesOf(preset))) /** @type {HTMLInputElement} */ (one(`#f-${name}`)).value = text;
      for (const name of TICKS) /** @type {HTMLInputElement} */ (one(`#launch-form [name="${name}"]`)).checked = Boolean(preset?.[name]);
      /** @type {HTMLInputElement} */ (one("#f-sale_days")).value = "";
      changed();
    });
  }
  one("#f-holders_mint").addEventListener("input", async () => {
    const mint = unknownMint();
    const decimals = mint && (await lookUp(mint));
    if (mint && typeof decimals === "number") {
      knowDecimals(mint, decimals);
      changed();
    }
  });
}
