/** What happened to a token, at its candles: one's own trades, its creator's, large ones, milestones, graduation. */

import { api } from "../api.js";
import * as format from "../format.js";
import { placeOf } from "./candles.js";
import { colour } from "./view.js";

/**
 * @typedef {import("./candles.js").Candle} Candle
 * @typedef {{signature: string, instruction: number, inner: number, side: "buy" | "sell", trader: string, quote_amount: string, traded_at: string}} Trade
 * @typedef {{kind: "milestone" | "graduated", at: string, usd: number | null}} Happened
 * @typedef {"own" | "creator" | "large"} Of
 * @typedef {{at: number, of: Of | "event", side: "buy" | "sell" | "", text: string, said: string}} Mark
 */

const NAMES = { own: "You", creator: "Creator", large: "Large" };
const TINTS = { own: "own", creator: "maker", large: "large", event: "event" };

export class Marks {
  /** @type {Map<string, Trade>} */
  #trades = new Map();
  /** @type {Happened[]} */
  #events = [];
  /** @type {Mark[]} */
  #shown = [];
  #turn = 0;

  /**
   * @param {import("./view.js").View} view @param {{mint: string, creator: string}} token
   * @param {import("./settings.js").MarkChoice} choice
   */
  constructor(view, token, choice) {
    this.token = token;
    this.choice = choice;
    /** @type {string | null} */
    this.wallet = null;
    this.layer = view.library.createSeriesMarkers(view.candles, /** @type {any[]} */ ([]));
  }

  /** Fetch what lies within the candles; draws nothing. @param {readonly Candle[]} rows */
  async load(rows) {
    this.#turn += 1;
    const mine = this.#turn;
    const { own, creator, large, least } = this.choice;
    const query = new URLSearchParams({ from: String(rows[0]?.time ?? 0), creator: String(creator) });
    if (own && this.wallet) query.set("wallet", this.wallet);
    if (large) query.set("least", BigInt(Math.round(least * 1e9)).toString());
    const found = await api(`/api/v1/tokens/${this.token.mint}/marks?${query}`).catch(() => null);
    if (!found || mine !== this.#turn) return;
    this.#trades = new Map(found.trades.map((/** @type {Trade} */ trade) => [keyOf(trade), trade]));
    this.#events = found.events;
  }

  /** A live trade, where it is one to be marked. @param {Trade} trade @returns {boolean} */
  take(trade) {
    if (!this.#of(trade)) return false;
    this.#trades.set(keyOf(trade), trade);
    return true;
  }

  /** Whose it is, of those who are shown; one's own go first. @param {Trade} trade @returns {Of | null} */
  #of({ trader, quote_amount: lamports }) {
    const { own, creator, large, least } = this.choice;
    if (own && trader === this.wallet) return "own";
    if (creator && trader === this.token.creator) return "creator";
    return large && Number(lamports) >= least * 1e9 ? "large" : null;
  }

  /** Put them at the candles that they belong to. @param {readonly Candle[]} rows */
  draw(rows) {
    this.#shown = [...this.#ofTrades(rows), ...this.#ofEvents(rows)].sort((a, b) => a.at - b.at);
    const tints = Object.fromEntries(Object.entries(TINTS).map(([of, tint]) => [of, colour(tint)]));
    this.layer.setMarkers(
      this.#shown.map(({ at, of, side, text }) => ({
        time: /** @type {any} */ (rows[at].time),
        position: side === "buy" ? "belowBar" : "aboveBar",
        shape: of === "event" ? "square" : of === "large" ? "circle" : side === "buy" ? "arrowUp" : "arrowDown",
        color: tints[of],
        text,
      })),
    );
  }

  /** Trades of the same people on the same side of one candle are one mark. @param {readonly Candle[]} rows @returns {Mark[]} */
  #ofTrades(rows) {
    /** @type {Map<string, {at: number, of: Of, side: "buy" | "sell", count: number, lamports: bigint}>} */
    const groups = new Map();
    for (const trade of this.#trades.values()) {
      const of = this.#of(trade);
      const at = placeOf(rows, Date.parse(trade.traded_at) / 1000);
      if (!of || at < 0) continue;
      const name = `${at} ${of} ${trade.side}`;
      const group = groups.get(name) ?? { at, of, side: trade.side, count: 0, lamports: 0n };
      group.count += 1;
      group.lamports += BigInt(trade.quote_amount);
      groups.set(name, group);
    }
    return [...groups.values()].map(({ at, of, side, count, lamports }) => ({
      at,
      of,
      side,
      text: of === "own" ? (side === "buy" ? "B" : "S") : of === "creator" ? "C" : format.sol(lamports),
      said: `${NAMES[of]} ${side === "buy" ? "bought" : "sold"} for ${format.sol(lamports)} SOL${count > 1 ? ` in ${count} trades` : ""}`,
    }));
  }

  /** @param {readonly Candle[]} rows @returns {Mark[]} */
  #ofEvents(rows) {
    if (!this.choice.events) return [];
    return this.#events
      .map(({ kind, at, usd }) => {
        const worth = `$${format.amount(usd ?? 0)}`;
        const [text, said] = {
          graduated: ["Graduated", "Graduated into its pool"],
          milestone: [worth, `Reached a market value of ${worth}`],
        }[kind];
        return { at: placeOf(rows, Date.parse(at) / 1000), of: /** @type {const} */ ("event"), side: /** @type {const} */ (""), text, said };
      })
      .filter(({ at }) => at >= 0);
  }

  /** What happened at a candle, in words. @param {number} at @returns {string[]} */
  said(at) {
    return this.#shown.filter((mark) => mark.at === at).map(({ said }) => said);
  }

  get count() {
    return this.#shown.length;
  }
}

/** @param {Trade} trade */
function keyOf({ signature, instruction, inner }) {
  return `${signature}:${instruction}:${inner}`;
}
