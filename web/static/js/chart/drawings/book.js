/** The drawings of one token, and every step back. */

/** @typedef {import("./kinds.js").Drawing} Drawing */

const STEPS = 50;

export class Book {
  /** @type {readonly Drawing[]} */
  list = [];
  /** @type {(readonly Drawing[])[]} */
  #past = [];
  /** @type {Set<(own: boolean) => void>} */
  #watchers = new Set();

  /** Call back on every change: `own` says that it was made here. @param {(own: boolean) => void} watcher @param {AbortSignal} [signal] */
  watch(watcher, signal) {
    this.#watchers.add(watcher);
    signal?.addEventListener("abort", () => this.#watchers.delete(watcher));
  }

  /** @param {string | null} id */
  find(id) {
    return this.list.find((drawing) => drawing.id === id);
  }

  /** @param {Drawing} drawing */
  add(drawing) {
    this.#turn([...this.list, drawing]);
  }

  /** @param {Drawing} drawing in the place of the one with its id */
  change(drawing) {
    this.#turn(this.list.map((other) => (other.id === drawing.id ? drawing : other)));
  }

  /** @param {string} id */
  remove(id) {
    this.#turn(this.list.filter((drawing) => drawing.id !== id));
  }

  clear() {
    if (this.list.length) this.#turn([]);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  undo() {
    const before = this.#past.pop();
    if (before) this.#set(before, true);
  }

  /** Take what was kept, here or elsewhere. @param {readonly Drawing[]} list */
  take(list) {
    this.#set(list, false);
  }

  /** @param {readonly Drawing[]} list */
  #turn(list) {
    this.#past = [...this.#past, this.list].slice(-STEPS);
    this.#set(list, true);
  }

  /** @param {readonly Drawing[]} list @param {boolean} own */
  #set(list, own) {
    this.list = list;
    for (const watcher of this.#watchers) watcher(own);
  }
}

/**
 * What is stored elsewhere, with what was changed here since `base` put on top of it: the last change of a drawing wins.
 * @param {readonly Drawing[]} base @param {readonly Drawing[]} mine @param {readonly Drawing[]} theirs @returns {Drawing[]}
 */
export function merged(base, mine, theirs) {
  const before = new Map(base.map((drawing) => [drawing.id, JSON.stringify(drawing)]));
  const own = new Map(mine.map((drawing) => [drawing.id, drawing]));
  const changed = mine.filter((drawing) => before.get(drawing.id) !== JSON.stringify(drawing));
  const gone = new Set([...before.keys()].filter((id) => !own.has(id)));
  const found = new Map(theirs.filter(({ id }) => !gone.has(id)).map((drawing) => [drawing.id, drawing]));
  for (const drawing of changed) found.set(drawing.id, drawing);
  return [...found.values()];
}

/** @param {readonly Drawing[]} one @param {readonly Drawing[]} other */
export function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}
