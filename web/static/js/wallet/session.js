/**
 * Who is here: the connected wallet, and whether it has signed in.
 *
 * Connecting shows us an address; signing in proves it, which talking needs. Trading needs
 * the wallet alone, because every transaction is signed.
 */

import { ApiError, api, post, useCsrfToken } from "../api.js";
import { encode, fromBase64, toBase64 } from "../base58.js";
import { embedded } from "../dom.js";
import { reconnect } from "../live.js";
import * as standard from "./standard.js";

const STORE = "launchpad.wallet";
const CHAINS = { localnet: "solana:localnet", devnet: "solana:devnet", testnet: "solana:testnet", "mainnet-beta": "solana:mainnet" };
const site = embedded("site");

/** What the wallet, not we, refused; shown as cancelled, never as a failure. */
export class DeclinedError extends Error {}

/**
 * @typedef {{wallet: standard.Wallet | null, account: standard.Account | null, signedIn: string | null, name: string | null}} Who
 * @type {Who}
 */
const who = { wallet: null, account: null, signedIn: null, name: null };
/** @type {Set<(who: Who) => void>} */
const listeners = new Set();

/** The address that trades: the connected wallet's. */
export function address() {
  return who.account?.address ?? null;
}

/** The address that is proven, if it is the connected one's. */
export function signedInAs() {
  return who.signedIn && (!who.account || who.account.address === who.signedIn) ? who.signedIn : null;
}

/** @param {(who: Who) => void} listener called at once and on every change */
export function watch(listener) {
  listeners.add(listener);
  listener(who);
}

function announce() {
  for (const listener of listeners) listener(who);
}

/** Take up where the last page left off: the session of the cookie, the wallet of last time. */
export async function restore() {
  const name = localStorage.getItem(STORE);
  await Promise.all([recall(), name ? reopen(name) : null]);
}

async function recall() {
  try {
    take(await api("/api/auth/me"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** @param {{address: string | null, display_name: string | null, csrf_token: string | null}} me */
function take(me) {
  who.signedIn = me.address;
  who.name = me.display_name;
  useCsrfToken(me.csrf_token);
  announce();
}

/** @param {string} name */
async function reopen(name) {
  const wallet = standard.byName(name);
  if (!wallet) {
    // Extensions may come after the page.
    standard.onChange(() => {
      const late = standard.byName(name);
      if (late && !who.wallet) void open(late, true).catch(() => {});
    });
    return;
  }
  await open(wallet, true).catch(() => {});
}

/**
 * Connect a wallet; rejects with DeclinedError when its owner does not want to.
 * @param {standard.Wallet} wallet @param {boolean} [silent] only if it needs no asking
 */
export async function open(wallet, silent = false) {
  const { accounts } = await asked(() => wallet.features["standard:connect"].connect(silent ? { silent: true } : undefined));
  if (!accounts?.length) {
    if (silent) return;
    throw new DeclinedError("The wallet shares no account. Choose one in the wallet, then connect again.");
  }
  who.wallet = wallet;
  who.account = accounts[0];
  localStorage.setItem(STORE, wallet.name);
  wallet.features["standard:events"]?.on?.("change", (/** @type {{accounts?: standard.Account[]}} */ change) => {
    if (change.accounts) void accountChanged(wallet, change.accounts);
  });
  announce();
}

/** @param {standard.Wallet} wallet @param {readonly standard.Account[]} accounts */
async function accountChanged(wallet, accounts) {
  if (who.wallet !== wallet || accounts[0]?.address === who.account?.address) return;
  if (who.signedIn) await signOut();
  if (accounts[0]) who.account = accounts[0];
  else forget();
  announce();
}

/** Prove the address by a signature (Sign In With Solana). */
export async function signIn() {
  const { wallet, account } = who;
  if (!wallet || !account) throw new Error("Connect a wallet first.");
  const withInput = wallet.features["solana:signIn"];
  const challenge = await post("/api/auth/nonce", withInput ? {} : { address: account.address });
  const answer = withInput
    ? await signedInput(withInput, challenge.input)
    : await signedMessage(wallet, account, challenge.message);
  take(await post("/api/auth/verify", { request_id: challenge.request_id, ...answer }));
  reconnect();
}

/** @param {any} feature @param {Record<string, unknown>} input */
async function signedInput(feature, input) {
  const [result] = await asked(() => feature.signIn(input));
  const address = result.account.address ?? encode(result.account.publicKey);
  return { address, signed_message: toBase64(result.signedMessage), signature: toBase64(result.signature) };
}

/** @param {standard.Wallet} wallet @param {standard.Account} account @param {string} text */
async function signedMessage(wallet, account, text) {
  const feature = wallet.features["solana:signMessage"];
  if (!feature) throw new Error("This wallet cannot sign messages, so it cannot sign in. You can still trade with it.");
  const [result] = await asked(() => feature.signMessage({ account, message: new TextEncoder().encode(text) }));
  return { address: account.address, signed_message: toBase64(result.signedMessage), signature: toBase64(result.signature) };
}

/**
 * Let the wallet sign a transaction; we send it ourselves.
 * @param {string} transaction base64 @returns {Promise<Uint8Array>}
 */
export async function sign(transaction) {
  return (await signAll([transaction]))[0];
}

/**
 * Let the wallet sign several transactions at once: it asks one time, and signs all or none.
 * @param {string[]} transactions base64 @returns {Promise<Uint8Array[]>}
 */
export async function signAll(transactions) {
  const { wallet, account } = who;
  if (!wallet || !account) throw new Error("Connect a wallet first.");
  const feature = wallet.features["solana:signTransaction"];
  const chain = CHAINS[/** @type {keyof typeof CHAINS} */ (site.cluster)];
  const inputs = transactions.map((transaction) => ({ account, transaction: fromBase64(transaction), chain }));
  const signed = await asked(() => feature.signTransaction(...inputs));
  return signed.map((/** @type {{signedTransaction: Uint8Array}} */ one) => one.signedTransaction);
}

/** Be shown by a name instead of the address; empty goes back to the address. @param {string} name */
export async function rename(name) {
  take(await api("/api/auth/me", { method: "PATCH", body: { display_name: name || null } }));
}

/** What one is shown by, if anything was chosen. */
export function displayName() {
  return who.name ?? "";
}

/** Leave: the session ends, the wallet is let go. */
export async function close() {
  const { wallet } = who;
  await signOut();
  forget();
  announce();
  await wallet?.features["standard:disconnect"]?.disconnect().catch(() => {});
}

async function signOut() {
  try {
    await post("/api/auth/logout", {});
  } finally {
    take({ address: null, display_name: null, csrf_token: null });
    reconnect();
  }
}

function forget() {
  who.wallet = null;
  who.account = null;
  localStorage.removeItem(STORE);
}

/**
 * Run something that asks the wallet's owner; a refusal becomes a DeclinedError.
 * @template T @param {() => Promise<T>} question @returns {Promise<T>}
 */
async function asked(question) {
  try {
    return await question();
  } catch (error) {
    const { code, message = "" } = /** @type {{code?: number, message?: string}} */ (error ?? {});
    if (code === 4001 || /reject|declin|denied|cancel/i.test(message)) {
      throw new DeclinedError("You declined in your wallet. Nothing was sent.");
    }
    throw new Error(message ? `The wallet says: ${message}` : "The wallet did not answer.");
  }
}
