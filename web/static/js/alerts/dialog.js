/** Making an alert: a dialog with what most people want filled in. */

import { api, ApiError, post } from "../api.js";
import { h, icon, price, problem, toast } from "../dom.js";
import { askToSignIn } from "../wallet/dialog.js";
import * as session from "../wallet/session.js";
import { KINDS, UNITS, USUAL } from "./kinds.js";
import * as push from "./push.js";

const STEP = 0.1;
const DIGITS = 4;
const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

/** @typedef {{symbol: string, name: string, creator: string, price_sol: string, price_usd: string | null}} Token */

/**
 * Ask for an alert, of this token or of one that is still to be named.
 * @param {string} mint empty asks for it @param {() => void} [made] called once there is one
 */
export async function openAlert(mint, made = () => {}) {
  if (!session.signedInAs()) {
    await askToSignIn();
    return;
  }
  const form = new Form(mint, made);
  await form.read();
  form.open();
}

class Form {
  /** @param {string} mint @param {() => void} made */
  constructor(mint, made) {
    this.mint = mint;
    this.made = made;
    /** @type {Token | null} */
    this.token = null;
    this.address = h("input", { class: "input mono", id: "alert-mint", autocomplete: "off", maxlength: 44, placeholder: "Mint address", change: () => void this.named() });
    this.kind = h("select", { class: "input", id: "alert-kind", change: () => this.chosen() });
    this.threshold = h("input", { class: "input num", id: "alert-threshold", inputmode: "decimal", autocomplete: "off", maxlength: 34 });
    this.unit = h("select", { class: "input alert-unit", "aria-label": "Unit", change: () => this.suggest() });
    this.window = h("select", { class: "input", id: "alert-window" });
    this.cooldown = h("select", { class: "input alert-pause", "aria-label": "Pause between two", disabled: true });
    this.repeats = h("input", { type: "checkbox", id: "alert-repeats", change: () => (this.cooldown.disabled = !this.repeats.checked) });
    this.push = h("input", { type: "checkbox", id: "alert-push", disabled: !push.isPossible() });
    this.hook = h("input", { type: "checkbox", id: "alert-webhook" });
    this.room = h("input", { type: "checkbox", id: "alert-room" });
    this.roomField = h("label", { class: "check", hidden: true }, this.room, "Tell the token's room too");
    this.explains = h("p", { class: "small quiet" });
    this.now = h("p", { class: "small soft num" });
    this.note = h("p", { class: "problem", role: "alert", hidden: true });
    this.windowField = h("div", { class: "field" }, h("label", { for: "alert-window" }, "Within"), this.window);
    this.thresholdField = h(
      "div",
      { class: "field" },
      h("label", { for: "alert-threshold" }, "Threshold"),
      h("div", { class: "row" }, this.threshold, this.unit),
      this.quick(),
    );
    const options = Object.entries(KINDS).map(([value, { title }]) => h("option", { value }, title));
    this.kind.append(...options);
    const pauses = { 60: "1 min", 300: "5 min", 3600: "1 h", 86400: "1 day" };
    this.cooldown.append(...Object.entries(pauses).map(([value, text]) => h("option", { value, selected: value === "300" }, text)));
  }

  /** What the token costs now; nothing where it is not named, or nobody answers. */
  async read() {
    this.token = null;
    if (this.mint) this.token = await api(`/api/v1/tokens/${this.mint}`).catch(() => null);
  }

  async named() {
    this.mint = this.address.value.trim();
    const fits = ADDRESS.test(this.mint);
    if (fits) await this.read();
    problem(this.address, this.note, fits && this.token ? "" : "No token of this mint was launched here.");
    this.chosen();
  }

  open() {
    const title = this.token && this.mint ? `Alert for ${this.token.symbol}` : "New alert";
    this.dialog = h(
      "dialog",
      { class: "dialog alert-dialog", "aria-labelledby": "alert-title", close: () => this.dialog?.remove() },
      h(
        "div",
        { class: "dialog-head" },
        h("h2", { id: "alert-title" }, title),
        h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => this.dialog?.close() }, icon("close")),
      ),
      this.body(),
    );
    document.body.append(this.dialog);
    this.chosen();
    this.dialog.showModal();
    (this.mint ? this.threshold : this.address).focus();
  }

  body() {
    return h(
      "form",
      { class: "dialog-body stack", submit: (/** @type {Event} */ event) => void this.submit(event) },
      this.mint ? null : h("div", { class: "field" }, h("label", { for: "alert-mint" }, "Token"), this.address),
      h("div", { class: "field" }, h("label", { for: "alert-kind" }, "Tell me when"), this.kind, this.explains),
      this.now,
      this.thresholdField,
      this.windowField,
      h("div", { class: "row wrap" }, h("label", { class: "check" }, this.repeats, "Again and again, at most every"), this.cooldown),
      h(
        "div",
        { class: "stack" },
        h("label", { class: "check" }, this.push, "Notify this browser, even when no page is open"),
        h("label", { class: "check" }, this.hook, "Post to my webhooks"),
        this.roomField,
      ),
      this.note,
      h(
        "div",
        { class: "dialog-foot" },
        h("a", { class: "button ghost", href: "/alerts" }, "All alerts"),
        h("button", { class: "button primary", type: "submit", id: "alert-submit" }, "Set alert"),
      ),
    );
  }

  quick() {
    const button = (/** @type {number} */ sign, /** @type {string} */ text) =>
      h("button", { class: "button tiny", type: "button", click: () => this.step(sign) }, text);
    this.steps = h("div", { class: "row" }, button(1, "+10 %"), button(-1, "−10 %"));
    return this.steps;
  }

  /** A tenth above or below what it costs now. @param {number} sign */
  step(sign) {
    this.kind.value = sign > 0 ? "price_above" : "price_below";
    this.chosen();
  }

  get chosenKind() {
    return KINDS[this.kind.value];
  }

  /** Another kind: its units, its window, a threshold that makes sense. */
  chosen() {
    const { units, windows, explains } = this.chosenKind;
    const usable = units.filter((unit) => unit !== "usd" || this.token?.price_usd !== null);
    this.unit.replaceChildren(...usable.map((unit) => h("option", { value: unit }, UNITS[unit])));
    this.window.replaceChildren(...windows.map((name) => h("option", { value: name }, name)));
    this.thresholdField.hidden = units.length === 0;
    this.windowField.hidden = windows.length === 0;
    this.explains.textContent = explains;
    this.roomField.hidden = !this.token || this.token.creator !== session.signedInAs();
    this.suggest();
  }

  suggest() {
    const isPrice = this.kind.value === "price_above" || this.kind.value === "price_below";
    const now = this.unit.value === "usd" ? this.token?.price_usd : this.token?.price_sol;
    if (this.steps) this.steps.hidden = !isPrice || !now;
    this.now.hidden = !isPrice || !now;
    if (isPrice && now) {
      const unit = UNITS[this.unit.value];
      this.now.replaceChildren("Now ", price(now, unit), ` ${unit}`);
      this.threshold.value = plain(Number(now) * (this.kind.value === "price_above" ? 1 + STEP : 1 - STEP));
    } else {
      const sol = this.unit.value === "sol" && this.kind.value === "whale_trade";
      this.threshold.value = sol ? "10" : (USUAL[this.kind.value] ?? "");
    }
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    problem(this.threshold, this.note, "");
    const { units, windows } = this.chosenKind;
    const threshold = this.threshold.value.trim();
    const channels = [this.push.checked && "push", this.hook.checked && "webhook", this.room.checked && !this.roomField.hidden && "room"];
    const body = {
      type: this.kind.value,
      mint: this.mint,
      ...(units.length && threshold ? { threshold } : {}),
      ...(threshold && (this.unit.value === "usd" || this.unit.value === "sol") ? { unit: this.unit.value } : {}),
      ...(windows.length ? { window: this.window.value } : {}),
      repeats: this.repeats.checked,
      cooldown_seconds: Number(this.cooldown.value),
      channels: channels.filter(Boolean),
    };
    try {
      if (this.push.checked) await push.subscribe();
      await post("/api/v1/alerts", body);
      this.dialog?.close();
      toast("The alert is set.");
      this.made();
    } catch (error) {
      const atThreshold = error instanceof ApiError && (error.field === "threshold" || error.field === "multiplier");
      problem(atThreshold ? this.threshold : null, this.note, error instanceof Error ? error.message : "The alert could not be set. Try again.");
    }
  }
}

/** Four digits, without an exponent. @param {number} value */
function plain(value) {
  if (!(value > 0)) return "";
  const places = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(value)));
  return value.toFixed(Math.min(places, 18)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}
