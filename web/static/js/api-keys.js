/** The page of API keys: making one, seeing it once, revoking. */

import { api, ApiError, post } from "./api.js";
import { h, one, problem, time, toast } from "./dom.js";

/**
 * @typedef {object} Key
 * @property {string} id
 * @property {string} name
 * @property {string} start
 * @property {string} tier
 * @property {number} requests_per_second
 * @property {string} created_at
 * @property {string | null} last_used_at
 */

const KEYS = "/api/v1/api-keys";
const name = /** @type {HTMLInputElement} */ (one("#key-name"));
const make = /** @type {HTMLButtonElement} */ (one("#key-make"));
const shown = /** @type {HTMLInputElement} */ (one("#key-shown"));

async function show() {
  try {
    /** @type {{data: Key[]}} */
    const { data } = await api(KEYS);
    one("#keys").replaceChildren(...data.map(row));
    one("#keys-count").textContent = String(data.length);
    one("#keys-none").hidden = data.length > 0;
    complain("");
  } catch (error) {
    complain(error instanceof Error ? error.message : "Your keys could not be read.");
  }
}

/** @param {Key} key */
function row(key) {
  const tier = `${key.tier[0].toUpperCase()}${key.tier.slice(1)}, ${key.requests_per_second} requests a second`;
  const used = key.last_used_at ? [" · last used ", time(key.last_used_at)] : [" · never used"];
  const words = h("p", { class: "small quiet" }, tier, " · made ", time(key.created_at), ...used);
  const start = h("span", { class: "mono small quiet" }, `${key.start}…`);
  // Asked again in its place: a key that is revoked by mistake cannot be had back.
  const button = h("button", { class: "button tiny", type: "button", "aria-label": `Revoke ${key.name}` }, "Revoke");
  button.addEventListener("click", () => {
    if (button.dataset.sure) void revoke(key);
    else [button.dataset.sure, button.textContent] = ["yes", "Really revoke"];
  });
  button.addEventListener("blur", () => {
    delete button.dataset.sure;
    button.textContent = "Revoke";
  });
  const title = h("span", { class: "strong" }, key.name);
  return h("li", { class: "claim", "data-key": key.id }, h("div", { class: "cut" }, title, " ", start, words), button);
}

/** @param {Key} key */
async function revoke(key) {
  try {
    await api(`${KEYS}/${key.id}`, { method: "DELETE" });
    toast(`Revoked: ${key.name}.`);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "API_KEY_NOT_FOUND") {
      complain(error instanceof Error ? error.message : "The key could not be revoked. Try again.");
      return;
    }
  }
  await show();
}

/** @param {SubmitEvent} event */
async function create(event) {
  event.preventDefault();
  if (!name.value.trim()) {
    problem(name, one("#key-problem"), "Say what the key is for, so that you know it again.");
    return;
  }
  make.disabled = true;
  try {
    const made = await post(KEYS, { name: name.value });
    problem(name, one("#key-problem"), "");
    shown.value = made.key;
    one("#key-made").hidden = false;
    one("#key-form").hidden = true;
    name.value = "";
    shown.select();
    await show();
  } catch (error) {
    problem(name, one("#key-problem"), error instanceof Error ? error.message : "The key could not be made. Try again.");
  } finally {
    make.disabled = false;
  }
}

async function copy() {
  shown.select();
  try {
    await navigator.clipboard.writeText(shown.value);
    toast("Copied.");
  } catch {
    toast("Press Ctrl+C: the key is selected.");
  }
}

function done() {
  shown.value = "";
  one("#key-made").hidden = true;
  one("#key-form").hidden = false;
  name.focus();
}

/** @param {string} message */
function complain(message) {
  problem(null, one("#keys-problem"), message);
}

one("#key-form").addEventListener("submit", (event) => void create(/** @type {SubmitEvent} */ (event)));
one("#key-copy").addEventListener("click", () => void copy());
one("#key-done").addEventListener("click", done);
void show();
