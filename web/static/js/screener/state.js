/** What the screener shows, and the address that says so: the twin of web/screens.py. */

/**
 * @typedef {{key: string, title: string, field: string, form: string}} Column
 * @typedef {{preset: string, filter: string, sort: string, order: string, window: string, columns: string[]}} Screen
 */

export class Facts {
  /** @param {any} told what the server wrote into the page */
  constructor(told) {
    /** @type {Map<string, import("./parser.js").Field>} */
    this.fields = new Map();
    for (const [name, kind, units, title, choices, sorts] of told.fields) {
      this.fields.set(name, { name, kind, units, title, choices, sorts });
    }
    /** @type {Map<string, Column>} */
    this.columns = new Map();
    for (const [key, title, field, form] of told.columns) this.columns.set(key, { key, title, field, form });
    /** @type {Set<string>} */
    this.sorts = new Set(told.sorts);
    /** @type {string[]} */
    this.usual = told.usual;
    /** @type {string[]} */
    this.always = told.always;
    /** @type {Record<string, [string, string, string]>} filter, order, what is said of an empty one */
    this.presets = told.presets;
    /** @type {number | null} */
    this.head = told.head;
  }

  /** @param {Screen} screen */
  columnsOf(screen) {
    return screen.columns.flatMap((key) => this.columns.get(key) ?? []);
  }

  /** The field that a column has in a window. @param {Column} column @param {string} window */
  fieldOf(column, window) {
    return column.field.replace("{window}", window);
  }

  /** What the screen is sorted by. @param {Screen} screen */
  sortedBy(screen) {
    const column = this.columns.get(screen.sort);
    return column ? this.fieldOf(column, screen.window) : screen.sort || this.presets[screen.preset][1];
  }

  /** Every field that the page asks for, shown or not, so that choosing columns and orders needs no server. @param {Screen} screen */
  wanted(screen) {
    const shown = [...this.columns.values()].map((column) => this.fieldOf(column, screen.window));
    return [...new Set([...this.always, ...shown, this.sortedBy(screen)])];
  }

  /** What an address asks for. @param {URLSearchParams} query @returns {Screen} */
  read(query) {
    const keys = (query.get("columns") ?? "").split(",").filter((key) => this.columns.has(key));
    const preset = query.get("tab") ?? "all";
    const window = query.get("window") ?? "24h";
    const sort = query.get("sort") ?? "";
    return {
      preset: this.presets[preset] ? preset : "all",
      filter: (query.get("filter") ?? "").trim(),
      sort: this.columns.has(sort) || this.sorts.has(sort) ? sort : "",
      order: query.get("order") === "asc" ? "asc" : "desc",
      window: ["5m", "1h", "6h", "24h"].includes(window) ? window : "24h",
      columns: keys.length ? [...new Set(keys)] : this.usual,
    };
  }

  /** The address of a screen. @param {string} path @param {Screen} screen */
  href(path, screen) {
    const values = {
      tab: screen.preset === "all" ? "" : screen.preset,
      filter: screen.filter,
      sort: screen.sort,
      order: screen.order === "desc" ? "" : screen.order,
      window: screen.window === "24h" ? "" : screen.window,
      columns: String(screen.columns) === String(this.usual) ? "" : screen.columns.join(","),
    };
    const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
    return query.size ? `${path}?${query}` : path;
  }
}
