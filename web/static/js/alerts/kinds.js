/** The kinds of rules, as launchpad/alerts/kinds.py has them; the first of units and windows is the default. */

/** @typedef {{title: string, explains: string, units: string[], windows: string[], needed: boolean, byCreator: boolean}} Kind */

const MONEY = ["usd", "sol"];

/** @type {Record<string, Kind>} */
export const KINDS = {
  price_above: { title: "Price rises to", explains: "Once, when the price is crossed.", units: MONEY, windows: [], needed: true, byCreator: false },
  price_below: { title: "Price falls to", explains: "Once, when the price is crossed.", units: MONEY, windows: [], needed: true, byCreator: false },
  price_change: { title: "Price moves by", explains: "Up or down, within the window.", units: ["percent"], windows: ["1h", "5m", "15m", "6h", "24h"], needed: true, byCreator: true },
  volume_spike: { title: "Trade larger than usual", explains: "So many times the average trade of the window.", units: ["times"], windows: ["24h", "1h", "6h"], needed: true, byCreator: true },
  whale_trade: { title: "Whale trade", explains: "A trade worth at least that much.", units: MONEY, windows: [], needed: true, byCreator: true },
  liquidity_change: { title: "Liquidity moves by", explains: "Since the alert was made, or last fired.", units: ["percent"], windows: [], needed: true, byCreator: true },
  new_holder: { title: "New holder", explains: "Somebody buys who held none.", units: [], windows: [], needed: false, byCreator: true },
  graduation: { title: "Graduation", explains: "The token trades in its pool from then on.", units: [], windows: [], needed: false, byCreator: true },
  creator_sells: { title: "Creator sells", explains: "The creator's wallet sells; leave the amount empty for any.", units: MONEY, windows: [], needed: false, byCreator: true },
};

/** What one begins with, where the price says nothing. @type {Record<string, string>} */
export const USUAL = { price_change: "10", volume_spike: "10", whale_trade: "1000", liquidity_change: "20" };
/** @type {Record<string, string>} */
export const UNITS = { usd: "USD", sol: "SOL", percent: "%", times: "times" };
