/** Drawing by mouse, finger and keys: choose a tool, place its points; choose a drawing, move or delete it. */

import { h, icon, one, toast } from "../../dom.js";
import { drawing, KINDS, LONGEST, MOST } from "./kinds.js";
import { handleAt } from "./shapes.js";

/** @typedef {import("./kinds.js").KindName} KindName */
/** @typedef {import("./shapes.js").Spot} Spot */
/** @typedef {{id: string, from: Spot, only: number, drawing: import("./kinds.js").Drawing}} Drag */

const REACH = { mouse: 6, touch: 18, pen: 10 };
const MOVED = 6;
const FAR = 10;
const STEP = 0.01;
const ARROWS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

export class Hand {
  /** @type {KindName | null} */
  tool = null;
  /** @type {Drag | null} */
  #drag = null;
  /** Where the first point was set with the button still down. @type {Spot | null} */
  #down = null;

  /** @param {import("./desk.js").Desk} desk @param {AbortSignal} signal */
  constructor(desk, signal) {
    this.desk = desk;
    this.canvas = one("[data-canvas]", desk.chart.box);
    const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) =>
      this.canvas.addEventListener(name, listener, { signal, capture: true });
    on("pointerdown", (event) => this.#press(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#release(event));
    on("pointercancel", () => this.cancel());
    on("keydown", (event) => this.#key(event));
  }

  /** @param {KindName | null} tool */
  take(tool) {
    this.cancel();
    this.tool = tool;
    this.#hold(tool !== null);
    if (tool) this.desk.choose(null);
    this.desk.changed();
  }

  /** Keep the chart still while one draws on it. @param {boolean} still */
  #hold(still) {
    this.canvas.toggleAttribute("data-still", still);
    this.desk.chart.view.chart.applyOptions({ handleScroll: !still, handleScale: !still });
  }

  /** Let go of what was begun; whether anything was. */
  cancel() {
    const begun = Boolean(this.tool || this.desk.draft || this.#drag);
    Object.assign(this.desk, { draft: null, cursor: null });
    this.#drag = null;
    this.#down = null;
    this.tool = null;
    this.#hold(false);
    this.desk.changed();
    return begun;
  }

  /** @param {PointerEvent} event @returns {Spot | null} null beside the candles */
  #spot(event) {
    const box = this.canvas.getBoundingClientRect();
    const spot = { x: event.clientX - box.left, y: event.clientY - box.top };
    const { width, height } = this.desk.size;
    return spot.x <= width && spot.y <= height ? spot : null;
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const spot = event.button === 0 ? this.#spot(event) : null;
    if (!spot) return;
    if (this.tool) {
      this.#place(spot);
      this.#down = this.desk.draft ? spot : null;
      return;
    }
    const reach = REACH[/** @type {keyof typeof REACH} */ (event.pointerType)] ?? REACH.mouse;
    const found = this.desk.at(spot, reach);
    if (found || this.desk.chosen) this.desk.choose(found?.id ?? null);
    if (!found) return;
    const only = found.points.length > 1 ? handleAt(this.desk.shape(found), spot, reach) : -1;
    this.#drag = { id: found.id, from: spot, only, drawing: found };
    this.#hold(true);
    this.canvas.setPointerCapture(event.pointerId);
  }

  /** Set the next point of what the tool draws. @param {Spot} spot */
  #place(spot) {
    const { desk, tool } = this;
    if (!tool) return;
    const point = desk.point(spot);
    if (tool === "note") return this.#write(point);
    if (KINDS[tool].points === 1) return this.#finish([point]);
    if (desk.draft) return this.#finish([desk.draft.points[0], point]);
    desk.draft = drawing(tool, [point, point]);
    desk.changed();
  }

  /** @param {import("./kinds.js").Point[]} points @param {string} [text] */
  #finish(points, text) {
    const { tool } = this;
    this.cancel();
    if (!tool) return;
    if (this.desk.book.list.length >= MOST) toast(`A chart holds ${MOST} drawings: delete one first.`);
    else this.desk.add(tool, points, text);
  }

  /** Ask for the words of a note. @param {import("./kinds.js").Point} point */
  #write(point) {
    const words = h("textarea", { class: "input", maxlength: LONGEST, rows: 3, required: true, "aria-label": "Note" });
    const keep = (/** @type {Event} */ event) => {
      event.preventDefault();
      const text = words.value.trim();
      if (text) this.#finish([point], text);
      box.close();
    };
    const done = () => {
      box.remove();
      if (this.tool) this.take(null);
    };
    const close = h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => box.close() }, icon("close"));
    const box = h(
      "dialog",
      { class: "dialog", "aria-labelledby": "note-title", close: done },
      h("div", { class: "dialog-head" }, h("h2", { id: "note-title" }, "Note"), close),
      h("form", { class: "dialog-body stack", submit: keep }, words, h("button", { class: "button primary", type: "submit" }, "Put it on the chart")),
    );
    document.body.append(box);
    box.showModal();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const spot = this.#spot(event);
    if (!spot) return;
    const { desk } = this;
    if (this.#drag) {
      const { from, only, drawing: moved } = this.#drag;
      desk.draft = desk.shifted(moved, { x: spot.x - from.x, y: spot.y - from.y }, only);
      desk.layer.update();
    } else if (desk.draft && this.tool) {
      desk.draft = { ...desk.draft, points: [desk.draft.points[0], desk.point(spot)] };
      desk.layer.update();
    } else if (!this.tool && event.pointerType === "mouse") {
      this.canvas.toggleAttribute("data-over", Boolean(desk.at(spot, REACH.mouse)));
    }
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const { desk } = this;
    const spot = this.#spot(event);
    if (this.#drag) {
      const { from } = this.#drag;
      const moved = desk.draft;
      const far = spot && Math.hypot(spot.x - from.x, spot.y - from.y) > 1;
      this.cancel();
      if (moved && far) desk.book.change(moved);
    } else if (this.#down && spot && Math.hypot(spot.x - this.#down.x, spot.y - this.#down.y) > MOVED) {
      // Drawn in one stroke.
      this.#place(spot);
    }
    this.#down = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#does(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key meant something here */
  #does(event) {
    const { desk } = this;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") {
      desk.book.undo();
      return true;
    }
    if (event.key === "Escape") return this.cancel() || this.#leave();
    if ((event.key === "Delete" || event.key === "Backspace") && desk.chosen) {
      desk.removeChosen();
      return true;
    }
    if (Object.hasOwn(ARROWS, event.key)) return this.#step(ARROWS[event.key], event.shiftKey ? FAR : 1);
    if ((event.key === "Enter" || event.key === " ") && this.tool) {
      this.#place(desk.cursor ?? this.#middle());
      return true;
    }
    return false;
  }

  #leave() {
    if (!this.desk.chosen) return false;
    this.desk.choose(null);
    return true;
  }

  #middle() {
    const { width, height } = this.desk.size;
    return { x: width / 2, y: height / 2 };
  }

  /** @param {[number, number]} way @param {number} times */
  #step([right, down], times) {
    const { desk } = this;
    const { width, height } = desk.size;
    const by = { x: right * times * width * STEP, y: down * times * height * STEP };
    if (this.tool) {
      const { x, y } = desk.cursor ?? this.#middle();
      desk.cursor = { x: Math.min(width, Math.max(0, x + by.x)), y: Math.min(height, Math.max(0, y + by.y)) };
      if (desk.draft) desk.draft = { ...desk.draft, points: [desk.draft.points[0], desk.point(desk.cursor)] };
      desk.layer.update();
      return true;
    }
    const chosen = desk.book.find(desk.chosen);
    if (chosen) desk.book.change(desk.shifted(chosen, by));
    return Boolean(chosen);
  }
}
