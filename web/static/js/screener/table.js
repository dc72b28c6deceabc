/**
 * A table of any length: rows have one height, and only those in sight are in the page.
 *
 * Its scroller has the focus and the keys; the row that they move over is named by
 * `aria-activedescendant`, so that screen readers follow.
 */

import { h } from "../dom.js";

const BEYOND = 8;
const IDLE_MS = 4000;

/**
 * @typedef {{
 *   row: (number: number) => HTMLTableRowElement, open: (number: number) => void, watch: (number: number) => void,
 *   move: (number: number, step: 1 | -1) => void
 * }} Ways how a token is drawn, opened and watched
 */

export class Table {
  /** @param {HTMLElement} scroller @param {HTMLTableSectionElement} body @param {Ways} ways */
  constructor(scroller, body, ways) {
    this.scroller = scroller;
    this.body = body;
    this.ways = ways;
    /** @type {number[]} */
    this.order = [];
    this.selected = -1;
    /** @type {Map<number, HTMLTableRowElement>} */
    this.drawn = new Map();
    this.range = "";
    this.touched = 0;
    this.#listen();
  }

  get height() {
    return matchMedia("(max-width: 759px)").matches ? 56 : 44;
  }

  /** Whether nobody reads further down, or has moved anything for a while. */
  get isIdle() {
    return this.scroller.scrollTop < 1 && this.selected < 0 && Date.now() - this.touched > IDLE_MS;
  }

  /** The numbers of the tokens in sight. */
  get inSight() {
    return [...this.drawn.keys()];
  }

  /** Show these, in this order. The reader stays where he is unless `top`. @param {number[]} order @param {boolean} [top] */
  show(order, top = false) {
    const chosen = this.order[this.selected];
    this.order = order;
    this.selected = chosen === undefined ? -1 : order.indexOf(chosen);
    if (top) this.scroller.scrollTop = 0;
    this.redraw();
  }

  /** Draw every row anew. */
  redraw() {
    this.drawn.clear();
    this.range = "";
    this.draw();
  }

  /** Draw what is in sight. */
  draw() {
    const { height } = this;
    const head = this.body.previousElementSibling instanceof HTMLElement ? this.body.previousElementSibling.offsetHeight : 0;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / height) - BEYOND);
    const last = Math.min(this.order.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight - head) / height) + BEYOND);
    const range = `${first}-${last}`;
    if (range === this.range) return;
    this.range = range;
    /** @type {Map<number, HTMLTableRowElement>} */
    const drawn = new Map();
    for (let place = first; place < last; place += 1) {
      const number = this.order[place];
      const row = this.drawn.get(number) ?? this.ways.row(number);
      row.id = `row-${place}`;
      row.setAttribute("aria-rowindex", String(place + 2));
      row.classList.toggle("selected", place === this.selected);
      drawn.set(number, row);
    }
    this.drawn = drawn;
    const rest = this.order.length - last;
    this.body.replaceChildren(space(first * height), ...drawn.values(), space(rest * height));
  }

  /** The row of a token, if it is in sight. @param {number} number */
  rowOf(number) {
    return this.drawn.get(number);
  }

  /** Move the selection. @param {number} place */
  select(place) {
    if (!this.order.length) return;
    this.selected = Math.min(Math.max(place, 0), this.order.length - 1);
    const { height } = this;
    const head = /** @type {HTMLElement} */ (this.body.previousElementSibling).offsetHeight;
    const above = this.selected * height;
    const room = this.scroller.clientHeight - head;
    if (above < this.scroller.scrollTop) this.scroller.scrollTop = above;
    else if (above + height > this.scroller.scrollTop + room) this.scroller.scrollTop = above + height - room;
    this.range = "";
    this.draw();
    this.scroller.setAttribute("aria-activedescendant", `row-${this.selected}`);
  }

  #listen() {
    const note = () => {
      this.touched = Date.now();
    };
    this.scroller.addEventListener("scroll", () => {
      note();
      this.draw();
    });
    for (const kind of ["pointermove", "keydown", "wheel", "touchmove"]) {
      this.scroller.addEventListener(kind, note, { passive: true });
    }
    addEventListener("resize", () => this.redraw());
    this.scroller.addEventListener("keydown", (event) => this.#key(event));
    this.scroller.addEventListener("blur", () => {
      this.selected = -1;
      this.range = "";
      this.draw();
      this.scroller.removeAttribute("aria-activedescendant");
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.scroller) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.height) - 2);
    /** @type {Record<string, () => void>} */
    const moves = {
      ArrowDown: () => this.select(this.selected + 1),
      ArrowUp: () => this.select(this.selected - 1),
      PageDown: () => this.select(this.selected + page),
      PageUp: () => this.select(this.selected - page),
      Home: () => this.select(0),
      End: () => this.select(this.order.length - 1),
      Enter: () => this.selected >= 0 && this.ways.open(this.order[this.selected]),
      w: () => this.selected >= 0 && this.ways.watch(this.order[this.selected]),
    };
    if (event.shiftKey && this.selected >= 0 && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      this.ways.move(this.order[this.selected], event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }
}

/** Rows that are not drawn. @param {number} height pixels */
function space(height) {
  const row = h("tr", { class: "space", "aria-hidden": "true" }, h("td"));
  row.style.height = `${height}px`;
  row.hidden = height === 0;
  return row;
}
