/**
 * Discovery of wallets by the Wallet Standard: two window events, in whichever order page and wallet come.
 *
 * @typedef {{address: string, publicKey: Uint8Array, chains: readonly string[], features: readonly string[]}} Account
 * @typedef {{
 *   version: string, name: string, icon: string, chains: readonly string[], features: Record<string, any>,
 *   accounts: readonly Account[], practice?: boolean
 * }} Wallet
 */

/** @type {Map<string, Wallet>} by name: a wallet that registers twice is listed once */
const wallets = new Map();
/** @type {Set<() => void>} */
const listeners = new Set();

const api = Object.freeze({
  /** @param {...Wallet} found */
  register(...found) {
    for (const wallet of found) if (isUsable(wallet)) wallets.set(wallet.name, wallet);
    announce();
    return () => {
      for (const wallet of found) if (wallets.get(wallet.name) === wallet) wallets.delete(wallet.name);
      announce();
    };
  },
});

/** Wallets that can sign what we build, practice wallet last. @returns {Wallet[]} */
export function list() {
  return [...wallets.values()].sort((a, b) => Number(a.practice ?? false) - Number(b.practice ?? false));
}

/** @param {string} name */
export function byName(name) {
  return wallets.get(name);
}

/** @param {Wallet} wallet a wallet of our own */
export function add(wallet) {
  api.register(wallet);
}

/** @param {() => void} listener called whenever the list changes */
export function onChange(listener) {
  listeners.add(listener);
}

/** A wallet's icon if it is a picture in itself, as the standard demands. @param {Wallet} wallet */
export function iconOf(wallet) {
  return /^data:image\/(svg\+xml|png|webp|gif);base64,/.test(wallet.icon) ? wallet.icon : null;
}

/** @param {Wallet} wallet */
function isUsable(wallet) {
  const signs = wallet?.features?.["solana:signTransaction"];
  const versions = signs?.supportedTransactionVersions ?? [];
  return (
    Boolean(wallet?.features?.["standard:connect"] && signs) &&
    [...versions].includes(0) &&
    wallet.chains.some((chain) => chain.startsWith("solana:"))
  );
}

function announce() {
  for (const listener of listeners) listener();
}

class AppReady extends Event {
  constructor() {
    super("wallet-standard:app-ready", { bubbles: false, cancelable: false, composed: false });
  }

  get detail() {
    return api;
  }
}

/** Begin to listen, and tell wallets that came first. */
export function discover() {
  window.addEventListener("wallet-standard:register-wallet", (event) => {
    try {
      /** @type {CustomEvent} */ (event).detail(api);
    } catch (error) {
      console.warn("a wallet could not be registered", error);
    }
  });
  window.dispatchEvent(new AppReady());
}
