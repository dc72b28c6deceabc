/**
 * Where drawings are kept: in this browser at once, and with the account of who has signed in.
 *
 * What a guest drew becomes the account's on signing in. Changes that were made in two places are put
 * together drawing by drawing.
 */

import { ApiError, api } from "../../api.js";
import { settled, toast } from "../../dom.js";
import { signedInAs, watch } from "../../wallet/session.js";
import { Book, merged, same } from "./book.js";
import { checked } from "./kinds.js";

/** @typedef {import("./kinds.js").Drawing} Drawing */
/** @typedef {{drawings: Drawing[], base: Drawing[], revision: number}} Kept `base` is what the account had at `revision` */

const QUIET_MS = 600;
const TRIES = 4;
const GUEST = "guest";

/** @type {Map<string, Book>} */
const books = new Map();

/** The drawings of a token, the same for every chart of this page. @param {string} mint */
export function bookOf(mint) {
  let book = books.get(mint);
  if (!book) {
    book = new Book();
    books.set(mint, book);
    new Keeper(mint, book);
  }
  return book;
}

class Keeper {
  /** @type {string | null | undefined} the account, null for a guest */
  #owner;
  /** @type {Drawing[]} */
  #base = [];
  #revision = 0;
  #sending = false;
  #synced = false;

  /** @param {string} mint @param {Book} book */
  constructor(mint, book) {
    this.mint = mint;
    this.book = book;
    const send = settled(QUIET_MS, () => void this.#send());
    book.watch((own) => {
      if (!own) return;
      this.#save();
      send();
    });
    watch(() => void this.#enter(signedInAs()));
    window.addEventListener("online", () => void this.#send());
    // Another tab has drawn.
    window.addEventListener("storage", ({ key }) => key === this.#key(this.#owner ?? null) && this.#open(this.#owner ?? null));
  }

  /** @param {string | null} owner */
  #key(owner) {
    return `launchpad.drawings.${owner ?? GUEST}.${this.mint}`;
  }

  /** @param {string | null} owner @returns {Kept} */
  #read(owner) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key(owner)) ?? "{}");
      return { drawings: checked(kept.drawings), base: checked(kept.base), revision: Number(kept.revision) || 0 };
    } catch {
      return { drawings: [], base: [], revision: 0 };
    }
  }

  #save() {
    const kept = { drawings: this.book.list, base: this.#base, revision: this.#revision };
    try {
      localStorage.setItem(this.#key(this.#owner ?? null), JSON.stringify(kept));
    } catch {
      toast("This browser has no room to keep your drawings.");
    }
  }

  /** @param {string | null} owner */
  #open(owner) {
    const kept = this.#read(owner);
    this.#base = kept.base;
    this.#revision = kept.revision;
    this.book.take(kept.drawings);
  }

  /** Somebody signed in or out. @param {string | null} owner */
  async #enter(owner) {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.#synced = false;
    this.#open(owner);
    if (!owner) return;
    const guest = this.#read(null).drawings;
    if (guest.length) {
      this.book.take(merged([], guest, this.book.list));
      this.#save();
      localStorage.removeItem(this.#key(null));
    }
    await this.#send();
  }

  /** Bring here and the account together; what fails is tried again with the next change. */
  async #send() {
    if (!this.#owner || this.#sending) return;
    this.#sending = true;
    const owner = this.#owner;
    try {
      if (!this.#synced) this.#take(await api(`/api/v1/drawings/${this.mint}`), owner);
      for (let left = TRIES; left && owner === this.#owner && !same(this.book.list, this.#base); left -= 1) await this.#put(owner);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "DRAWINGS_QUOTA") toast(error.message);
    } finally {
      this.#sending = false;
    }
    // Another account signed in while this one was written.
    if (this.#owner && owner !== this.#owner) await this.#send();
  }

  /** @param {string} owner */
  async #put(owner) {
    const body = { revision: this.#revision, drawings: this.book.list };
    try {
      const stored = await api(`/api/v1/drawings/${this.mint}`, { method: "PUT", body });
      if (owner !== this.#owner) return;
      this.#base = checked(stored.drawings);
      this.#revision = stored.revision;
      this.#save();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "DRAWINGS_CONFLICT") throw error;
      this.#take(/** @type {any} */ (error.details), owner);
    }
  }

  /** What the account has now, with what was changed here on top. @param {{revision: number, drawings: unknown}} stored @param {string} owner */
  #take(stored, owner) {
    if (owner !== this.#owner) return;
    const theirs = checked(stored.drawings);
    this.book.take(merged(this.#base, this.book.list, theirs));
    this.#base = theirs;
    this.#revision = stored.revision;
    this.#synced = true;
    this.#save();
  }
}
