/**
 * The practice wallet of local clusters: a key in this browser, for play money only.
 *
 * It speaks the Wallet Standard like any other wallet, so nothing else knows the difference.
 */

import { encode } from "../base58.js";

const STORE = "launchpad.practice-key";
const ICON =
  "data:image/svg+xml;base64," +
  btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#e3b341"/>' +
      '<path d="M6 9.5A2 2 0 0 1 8 7.5h9v9H8a2 2 0 0 1-2-2z" fill="none" stroke="#201600" stroke-width="1.8"/>' +
      '<circle cx="14" cy="12" r="1.4" fill="#201600"/></svg>',
  );

/** Whether this browser can keep and use such a key: it needs a secure page and Ed25519. */
export function isPossible() {
  return Boolean(globalThis.crypto?.subtle);
}

/** @returns {import("./standard.js").Wallet} */
export function practiceWallet() {
  /** @type {import("./standard.js").Account[]} */
  let accounts = [];
  /** @type {CryptoKey | null} */
  let key = null;
  const chains = ["solana:localnet"];

  /** @param {{silent?: boolean}} [options] */
  async function connect({ silent = false } = {}) {
    if (silent && !localStorage.getItem(STORE)) return { accounts };
    const pair = await load();
    key = pair.privateKey;
    accounts = [
      { address: encode(pair.publicKey), publicKey: pair.publicKey, chains, features: ["solana:signTransaction", "solana:signMessage"] },
    ];
    return { accounts };
  }

  /** @param {Uint8Array} message @returns {Promise<Uint8Array>} */
  async function sign(message) {
    if (!key) await connect();
    if (!key) throw new Error("The practice wallet has no key.");
    return new Uint8Array(await crypto.subtle.sign("Ed25519", key, /** @type {BufferSource} */ (message)));
  }

  return {
    version: "1.0.0",
    name: "Practice wallet",
    icon: ICON,
    practice: true,
    chains,
    get accounts() {
      return accounts;
    },
    features: {
      "standard:connect": { version: "1.0.0", connect },
      "standard:disconnect": {
        version: "1.0.0",
        disconnect: async () => {
          accounts = [];
          key = null;
        },
      },
      "standard:events": { version: "1.0.0", on: () => () => {} },
      "solana:signTransaction": {
        version: "1.0.0",
        supportedTransactionVersions: ["legacy", 0],
        /** @param {...{transaction: Uint8Array, account: {publicKey: Uint8Array}}} inputs */
        signTransaction: (...inputs) =>
          Promise.all(inputs.map(async (input) => ({ signedTransaction: await signed(input.transaction, input.account.publicKey, sign) }))),
      },
      "solana:signMessage": {
        version: "1.1.0",
        /** @param {...{message: Uint8Array}} inputs */
        signMessage: (...inputs) =>
          Promise.all(
            inputs.map(async ({ message }) => ({ signedMessage: message, signature: await sign(message), signatureType: "ed25519" })),
          ),
      },
    },
  };
}

/** The key that is kept here, made on first use. */
async function load() {
  const stored = localStorage.getItem(STORE);
  const jwk = stored ? JSON.parse(stored) : await create();
  const privateKey = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"]);
  return { privateKey, publicKey: fromUrlBase64(jwk.x) };
}

async function create() {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]));
  const jwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
  localStorage.setItem(STORE, JSON.stringify({ kty: jwk.kty, crv: jwk.crv, d: jwk.d, x: jwk.x }));
  return jwk;
}

/** @param {string} text */
function fromUrlBase64(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

/**
 * The transaction with our signature in the place of our key; other signatures stay.
 * @param {Uint8Array} transaction @param {Uint8Array} publicKey @param {(message: Uint8Array) => Promise<Uint8Array>} sign
 */
async function signed(transaction, publicKey, sign) {
  const [count, start] = shortLength(transaction, 0);
  const message = transaction.subarray(start + 64 * count);
  // A versioned message begins with its version, then comes the header of three bytes.
  const header = message[0] & 0x80 ? 1 : 0;
  const [, keys] = shortLength(message, header + 3);
  for (let place = 0; place < count; place += 1) {
    const candidate = message.subarray(keys + 32 * place, keys + 32 * (place + 1));
    if (candidate.every((byte, index) => byte === publicKey[index])) {
      const result = transaction.slice();
      result.set(await sign(message), start + 64 * place);
      return result;
    }
  }
  throw new Error("This transaction does not ask for this wallet's signature.");
}

/** Solana's short length at `offset`: its value, and where it ends. @param {Uint8Array} bytes @param {number} offset */
function shortLength(bytes, offset) {
  let value = 0;
  for (let place = 0; ; place += 1) {
    const byte = bytes[offset + place];
    value |= (byte & 0x7f) << (7 * place);
    if (!(byte & 0x80)) return [value, offset + place + 1];
  }
}
