/** A creator's page: each form is one transaction that its owner signs. */

import { post } from "./api.js";
import { all, one, problem } from "./dom.js";
import * as format from "./format.js";
import { run } from "./transactions.js";
import { openChoice } from "./wallet/dialog.js";
import * as session from "./wallet/session.js";

const DAY = 86_400;
const { mint = "", symbol = "", decimals = "9" } = one("#manage-page").dataset;

/** What cannot be sent as it is; the message is for people. */
class FormError extends Error {}

/** @param {FormData} data @param {string} name */
function text(data, name) {
  return String(data.get(name) ?? "").trim();
}

/** @param {FormData} data */
function amount(data) {
  const value = format.typed(text(data, "amount"), Number(decimals));
  if (!value) throw new FormError(`Write an amount above zero, with at most ${decimals} decimals.`);
  return String(value);
}

/** @param {FormData} data @param {string} name @param {number} least */
function days(data, name, least) {
  const value = Number(text(data, name) || "0");
  if (!Number.isInteger(value) || value < least || value > 3660) throw new FormError(`Write whole days, from ${least} to 3660.`);
  return value * DAY;
}

/** @param {FormData} data @param {string} name */
function needed(data, name) {
  const value = text(data, name);
  if (!value) throw new FormError("Fill this in first.");
  return value;
}

/** @param {FormData} data */
function sure(data) {
  if (!data.get("sure")) throw new FormError("Tick the box first: this is for good.");
}

/**
 * What each form asks for: its title, its path and its body for a wallet.
 * @type {Record<string, {title: string, path: string, body: (data: FormData, wallet: string) => Record<string, unknown>}>}
 */
const CHANGES = {
  metadata: {
    title: `Change ${symbol}`,
    path: `tokens/${mint}/metadata`,
    body: (data, wallet) => ({ authority: wallet, field: text(data, "field"), value: needed(data, "value") }),
  },
  "metadata-authority": {
    title: `Make ${symbol} final`,
    path: `tokens/${mint}/metadata-authority`,
    body: (data, wallet) => {
      sure(data);
      return { authority: wallet, to: "immutable" };
    },
  },
  offer: {
    title: `Offer ${symbol}`,
    path: `tokens/${mint}/offer`,
    body: (data, wallet) => ({ creator: wallet, new_creator: needed(data, "m-heir") }),
  },
  accept: { title: `Accept ${symbol}`, path: `tokens/${mint}/accept`, body: (_, wallet) => ({ new_creator: wallet }) },
  mint: {
    title: `Mint ${symbol}`,
    path: `tokens/${mint}/mint`,
    body: (data, wallet) => ({ authority: wallet, amount: amount(data), recipient: text(data, "m-recipient") || wallet }),
  },
  "revoke-team": {
    title: `Revoke the team's ${symbol}`,
    path: `tokens/${mint}/revoke-team`,
    body: (data, wallet) => {
      sure(data);
      return { creator: wallet };
    },
  },
  schedules: {
    title: `Lock ${symbol}`,
    path: "schedules",
    body: (data, wallet) => ({
      grantor: wallet,
      mint,
      beneficiary: needed(data, "m-beneficiary"),
      amount: amount(data),
      duration_seconds: days(data, "days", 1),
      cliff_seconds: days(data, "cliff", 0),
      revocable: Boolean(data.get("revocable")),
    }),
  },
};

/** @param {HTMLFormElement} form */
async function change(form) {
  const wallet = session.address();
  if (!wallet) {
    openChoice();
    return;
  }
  const place = /** @type {HTMLElement} */ (one(".problem", form));
  const button = /** @type {HTMLButtonElement} */ (one("button[type=submit]", form));
  const { title, path, body } = CHANGES[form.dataset.change ?? ""];
  problem(null, place, "");
  button.disabled = true;
  try {
    const asked = body(new FormData(form), wallet);
    const entry = await run({ title, href: `/token/${mint}`, build: () => post(`/api/ownership/${path}`, asked) });
    if (entry.state === "failed") problem(null, place, entry.message ?? "It failed. Nothing was changed.");
    else if (entry.state !== "cancelled") form.reset();
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    problem(null, place, error.message);
  } finally {
    button.disabled = false;
  }
}

for (const form of all("form[data-change]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void change(/** @type {HTMLFormElement} */ (/** @type {unknown} */ (form)));
  });
}
