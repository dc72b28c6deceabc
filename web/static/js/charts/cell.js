/** One place of the page of charts: a token is chosen for it, and its chart is drawn in it. */

import { api, part } from "../api.js";
import { h, one, rendered, settled } from "../dom.js";
import * as format from "../format.js";
import { mountChart } from "../chart/chart.js";
import { followTrades } from "./trades.js";

/** @typedef {NonNullable<import("./plan.js").Cell>} Filled */

export class Cell {
  /** @type {import("./plan.js").Cell} */
  state = null;
  /** @type {import("../chart/chart.js").Chart | null} */
  chart = null;
  #turn = 0;

  /** @param {HTMLElement} box @param {{changed: () => void, lead: (cell: Cell) => void, point: (cell: Cell, time: number | null) => void, range: (cell: Cell) => void}} page */
  constructor(box, page) {
    this.box = box;
    this.page = page;
    for (const name of ["pointerenter", "pointerdown", "focusin", "wheel"]) {
      box.addEventListener(name, () => page.lead(this), { passive: true });
    }
    this.#wireChoice();
  }

  /** The field that finds a token, with what it found below it. */
  #wireChoice() {
    const input = /** @type {HTMLInputElement} */ (one("[data-find]", this.box));
    const list = one("[data-found]", this.box);
    const look = settled(150, async () => {
      const term = input.value.trim();
      const { html } = term ? await part(`/search?part=found&q=${encodeURIComponent(term)}`).catch(() => ({ html: "" })) : { html: "" };
      if (term !== input.value.trim()) return;
      list.replaceChildren(rendered(html));
      // The same list may stand in several cells, and here its entries are links.
      for (const link of list.querySelectorAll("[role=option]")) {
        link.removeAttribute("id");
        link.removeAttribute("role");
      }
      list.hidden = !html;
    });
    input.addEventListener("input", look);
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || list.hidden) return;
      list.hidden = true;
      input.focus();
    });
    list.addEventListener("click", (event) => {
      const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a[href]"));
      if (!link) return;
      event.preventDefault();
      list.hidden = true;
      input.value = "";
      const { interval = "15m", studies = [] } = this.state ?? {};
      void this.show({ mint: link.pathname.split("/").at(-1) ?? "", interval, studies }).then(this.page.changed);
    });
  }

  /** Draw a token's chart here. @param {import("./plan.js").Cell} next */
  async show(next) {
    this.#turn += 1;
    const mine = this.#turn;
    this.clear();
    this.state = next;
    this.box.toggleAttribute("data-empty", !next);
    if (!next) return this.#say("Choose a token for this place.");
    this.#say("Loading the chart");
    const token = await api(`/api/v1/tokens/${next.mint}`).catch((error) => this.#say(error.message));
    if (!token || mine !== this.#turn) return;
    const link = h("a", { class: "strong cut", href: `/token/${token.mint}`, title: token.name }, token.symbol);
    one("[data-token]", this.box).replaceChildren(link, h("span", { class: "num small quiet" }, `${format.price(token.price_sol)} SOL`));
    const chart = await mountChart(this.box, token, {
      interval: next.interval,
      studies: next.studies,
      onChange: (changed) => {
        this.state = { mint: next.mint, interval: changed.interval, studies: changed.studies.list };
        this.page.changed();
      },
      onCrosshair: (time) => this.page.point(this, time),
      onRange: () => this.page.range(this),
    });
    if (!chart) return;
    if (mine !== this.#turn) return chart.remove();
    this.chart = chart;
    followTrades(token.mint, this, () => this.chart);
  }

  /** @param {string} text */
  #say(text) {
    const place = one("[data-state]", this.box);
    place.hidden = false;
    place.replaceChildren(text);
  }

  clear() {
    this.chart?.remove();
    this.chart = null;
    one("[data-token]", this.box).replaceChildren();
    one("[data-legend]", this.box).replaceChildren();
  }
}
