/** The row of drawing tools under a chart's toolbar. */

import { all, h, one } from "../../dom.js";
import { KINDS } from "./kinds.js";

/** @typedef {import("./kinds.js").KindName} KindName */

/**
 * @param {import("./desk.js").Desk} desk @param {import("./hand.js").Hand} hand @param {AbortSignal} signal
 */
export function wireStrip(desk, hand, signal) {
  const { box } = desk.chart;
  const [opener, strip, canvas] = [one("[data-draw]", box), one("[data-strip]", box), one("[data-canvas]", box)];
  const undo = /** @type {HTMLButtonElement} */ (one("[data-undo]", strip));
  const remove = /** @type {HTMLButtonElement} */ (one("[data-remove]", strip));
  const clear = /** @type {HTMLButtonElement} */ (one("[data-clear]", strip));
  const list = /** @type {HTMLSelectElement} */ (one("[data-drawn]", strip));
  const click = (/** @type {Element} */ element, /** @type {() => void} */ act) => element.addEventListener("click", act, { signal });

  click(opener, () => {
    strip.hidden = !strip.hidden;
    opener.setAttribute("aria-pressed", String(!strip.hidden));
    if (strip.hidden) hand.take(null);
  });
  for (const button of all("[data-tool]", strip)) {
    click(button, () => {
      const tool = /** @type {KindName} */ (button.dataset.tool);
      hand.take(hand.tool === tool ? null : tool);
      if (hand.tool) canvas.focus({ preventScroll: true });
    });
  }
  click(undo, () => desk.book.undo());
  click(remove, () => desk.removeChosen());
  click(clear, () => desk.book.clear());
  list.addEventListener(
    "change",
    () => {
      desk.choose(list.value || null);
      if (list.value) canvas.focus({ preventScroll: true });
    },
    { signal },
  );
  const show = () => {
    for (const button of all("[data-tool]", strip)) button.setAttribute("aria-pressed", String(button.dataset.tool === hand.tool));
    undo.disabled = !desk.book.canUndo;
    remove.disabled = !desk.chosen;
    clear.disabled = !desk.book.list.length;
    list.replaceChildren(
      h("option", { value: "" }, desk.book.list.length ? `${desk.book.list.length} drawn` : "None drawn"),
      ...desk.book.list.map(({ id, kind, text }, at) => h("option", { value: id }, `${at + 1} ${text ? `Note: ${text.slice(0, 24)}` : KINDS[kind].name}`)),
    );
    list.value = desk.chosen ?? "";
  };
  box.addEventListener("drawings", show, { signal });
  show();
}
