/**
 * The small tools that every module uses to make and mend the page.
 *
 * Text always becomes a text node: nothing that people wrote is ever parsed as markup.
 */

import * as format from "./format.js";

/** @typedef {Node | string | number | null | undefined | false} Child */

const DAY_MS = 86_400_000;

/**
 * An element of this page that must be there.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function one(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return /** @type {T} */ (/** @type {unknown} */ (found));
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T | null}
 */
export function maybe(selector, root = document) {
  return /** @type {T | null} */ (/** @type {unknown} */ (root.querySelector(selector)));
}

/**
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export function all(selector, root = document) {
  return /** @type {T[]} */ (/** @type {unknown} */ ([...root.querySelectorAll(selector)]));
}

/**
 * Make an element. Attributes with `null`, `undefined` or `false` are left out; functions become listeners.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter(isShown).map((child) => (typeof child === "number" ? String(child) : child)));
  return element;
}

/** @param {Child} child @returns {child is Node | string | number} */
function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an SVG element.
 * @param {string} tag @param {Record<string, string | number>} [attributes] @param {...(Node | string)} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @param {string} name of a symbol of the page's sprite */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/**
 * Rows or items that our own server rendered (it escapes everything), as nodes.
 * @param {string} html @returns {DocumentFragment}
 */
export function rendered(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/**
 * What the server wrote into a JSON element of the page.
 * @param {string} id @returns {any}
 */
export function embedded(id) {
  return JSON.parse(one(`#${id}`).textContent || "null");
}

/** A price, with its full value in the title. @param {format.Numeric | null} value @param {string} [unit] */
export function price(value, unit = "SOL") {
  const text = format.price(value);
  const full = `${format.exact(value)} ${unit}`;
  const match = /^(.*0\.0)([₀-₉]+)(\d+)$/.exec(text);
  if (!match) return h("span", { title: full }, text);
  const zeros = [...match[2]].map((digit) => "₀₁₂₃₄₅₆₇₈₉".indexOf(digit)).join("");
  return h(
    "span",
    {},
    h("span", { class: "visually-hidden" }, full),
    h("span", { title: full, "aria-hidden": "true" }, match[1], h("span", { class: "zeros" }, zeros), match[3]),
  );
}

/**
 * An amount of whole units, with the exact figure in the title.
 * @param {format.Numeric | null} value @param {string} [unit]
 */
export function amount(value, unit = "") {
  const gap = unit ? ` ${unit}` : "";
  return h("span", { title: format.exact(value) + gap }, format.amount(value) + gap);
}

/** @param {format.Numeric} lamports @param {string} [unit] */
export function sol(lamports, unit = "SOL") {
  return amount(format.units(lamports, 9), unit);
}

/** @param {number} bps */
export function change(bps) {
  return h("span", { class: bps > 0 ? "up" : bps < 0 ? "down" : "quiet" }, format.percent(bps));
}

/** A time that is kept fresh. @param {string} iso */
export function time(iso) {
  const moment = new Date(iso);
  return h("time", { datetime: iso, title: format.moment(moment) }, format.ago(moment, new Date()));
}

/** @param {string} address @param {string | null} [name] */
export function wallet(address, name) {
  return h("a", { class: name ? "" : "mono", href: `/wallet/${address}`, title: address }, name || format.address(address));
}

/** How long ago, with the word that follows it until it becomes a date. @param {HTMLElement} element @param {Date} now */
function agoOf(element, now) {
  const moment = new Date(element.getAttribute("datetime") || 0);
  const { tail } = element.dataset;
  const text = format.ago(moment, now);
  return tail && now.getTime() - moment.getTime() < DAY_MS ? `${text} ${tail}` : text;
}

/** Keep every relative time of the page fresh. */
export function keepTimesFresh() {
  setInterval(() => {
    const now = new Date();
    for (const element of all("time[datetime]")) {
      const text = agoOf(element, now);
      if (element.textContent !== text) element.textContent = text;
    }
  }, 1000);
}

/**
 * Put something else in a place, and flash it once if it is not what stood there.
 * @param {Element | null} place @param {Node | string} content @param {"" | "up" | "down"} [tone]
 */
export function replace(place, content, tone = "") {
  if (!place) return;
  const before = place.textContent;
  place.replaceChildren(content);
  if (place.textContent === before) return;
  const name = tone ? `flash-${tone}` : "flash";
  place.classList.remove("flash", "flash-up", "flash-down");
  void (/** @type {HTMLElement} */ (place).offsetWidth); // a running animation starts over only after a reflow
  place.classList.add(name);
  place.addEventListener("animationend", () => place.classList.remove(name), { once: true });
}

/**
 * Something that is copied whole when its short form is pressed.
 * @param {string} text @param {string} what names it for screen readers @param {string} [kind] further classes
 */
export function copied(text, what, kind = "") {
  const short = format.address(text);
  const label = { title: `${text}: copy`, "aria-label": `Copy ${what} ${short}` };
  return h("button", { class: `copy ${kind}`, type: "button", "data-copy": text, ...label }, short, icon("copy"));
}

/** A transaction on the cluster's explorer. @param {string} signature */
export function explorerLink(signature) {
  const href = embedded("site").explorer.replace("SIGNATURE", signature);
  return h(
    "a",
    { class: "mono quiet", href, rel: "noopener", target: "_blank", title: `Transaction ${signature}` },
    format.address(signature),
  );
}

/** Say something small at the edge of the page, or of the dialog that lies over it. @param {string} text */
export function toast(text) {
  const element = h("div", { class: "toast", role: "status" }, text);
  (maybe("dialog[open]") ?? one("#toasts")).prepend(element);
  setTimeout(() => element.remove(), 4000);
}

/**
 * Show or clear the message that belongs to a field.
 * @param {HTMLElement | null} input @param {HTMLElement} place @param {string} message empty clears it
 */
export function problem(input, place, message) {
  place.hidden = !message;
  place.textContent = message;
  if (!input) return;
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/**
 * Call `work` once things have been quiet for a while.
 * @param {number} milliseconds @param {() => void} work
 */
export function settled(milliseconds, work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}
