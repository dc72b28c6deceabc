/** The page of charts: one to six side by side, each with its token, interval and indicators. */

import { all, one } from "../dom.js";
import { api } from "../api.js";
import { Cell } from "./cell.js";
import { format, parse } from "./plan.js";

const STORE = "launchpad.charts";

const grid = one("#charts");
const template = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (one("#chart-cell")));
/** @type {Cell[]} */
const cells = [];
/** The chart that the reader moves; the others keep step with it. @type {Cell | null} */
let leader = null;
/** @type {import("./plan.js").Plan} */
let plan = parse(location.search);

const page = {
  changed: save,
  /** @param {Cell} cell */
  lead: (cell) => {
    leader = cell;
  },
  /** @param {Cell} cell @param {number | null} time */
  point: (cell, time) => {
    if (plan.crosshair && cell === leader) for (const other of others(cell)) other.point(time);
  },
  /** @param {Cell} cell */
  range: (cell) => {
    const span = plan.time && cell === leader ? cell.chart?.span() : null;
    if (span) for (const other of others(cell)) other.showSpan(span);
  },
};

/** The charts beside a cell's own. @param {Cell} cell */
function others(cell) {
  return cells.flatMap((other) => (other !== cell && other.chart && !other.box.hidden ? [other.chart] : []));
}

/** Write what is shown into the address, and keep it for the next visit. */
function save() {
  // What a smaller layout hides comes back with a larger one.
  plan.cells = cells.map(({ state }) => state);
  while (plan.cells.length && !plan.cells.at(-1)) plan.cells.pop();
  const query = format(plan);
  history.replaceState(null, "", query);
  localStorage.setItem(STORE, query);
}

/** @param {number} count */
function lay(count) {
  plan.layout = count;
  grid.dataset.layout = String(count);
  for (const button of all("[data-layout]", one("#charts-tools"))) {
    button.setAttribute("aria-pressed", String(Number(button.dataset.layout) === count));
  }
  while (cells.length < count) {
    const box = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    grid.append(box);
    const cell = new Cell(box, page);
    cells.push(cell);
    box.setAttribute("aria-label", `Chart ${cells.length}`);
    void cell.show(plan.cells[cells.length - 1] ?? null);
  }
  for (const [at, { box }] of cells.entries()) box.hidden = at >= count;
}

function start() {
  for (const button of all("[data-layout]", one("#charts-tools"))) {
    button.addEventListener("click", () => {
      lay(Number(button.dataset.layout));
      save();
    });
  }
  for (const button of all("[data-step]", one("#charts-tools"))) {
    const name = /** @type {"crosshair" | "time"} */ (button.dataset.step);
    button.setAttribute("aria-pressed", String(plan[name]));
    button.addEventListener("click", () => {
      plan[name] = !plan[name];
      button.setAttribute("aria-pressed", String(plan[name]));
      save();
      if (name === "time" && leader) page.range(leader);
    });
  }
  lay(plan.layout);
  save();
}

/** Without an address, what was shown last, or what is traded most. */
async function begin() {
  if (!plan.cells.length && !location.search) {
    const kept = localStorage.getItem(STORE);
    plan = parse(kept ?? "?layout=4");
    if (!plan.cells.length) {
      const found = await api(`/api/v1/tokens?sort=volume_24h&limit=${plan.layout}`).catch(() => ({ data: [] }));
      plan.cells = found.data.map((/** @type {{mint: string}} */ { mint }) => ({ mint, interval: "15m", studies: [] }));
    }
  }
  start();
}

void begin();
