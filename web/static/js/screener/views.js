/** Views that an account keeps: lists, keeps, shares and forgets them. */

import { api, post } from "../api.js";
import { h, icon, one, toast } from "../dom.js";
import { signedInAs, watch } from "../wallet/session.js";

const PATH = "/api/v1/screener/views";

/** @typedef {import("./state.js").Screen} Screen */

/**
 * Wire the menu of views.
 * @param {() => Screen} current what is shown now @param {() => string} sortField the field that it is sorted by
 * @param {(screen: Screen) => void} show
 */
export function startViews(current, sortField, show) {
  const list = one("#views");
  const form = /** @type {HTMLFormElement} */ (one("#view-form"));
  const name = /** @type {HTMLInputElement} */ (one("#view-name"));

  const draw = async () => {
    const who = signedInAs();
    form.hidden = !who;
    one("#views-note").hidden = Boolean(who);
    const { data } = who ? await api(PATH) : { data: [] };
    list.replaceChildren(...data.map((/** @type {any} */ view) => item(view, show, draw)));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void keep(name, current(), sortField()).then(draw).catch((error) => toast(error.message));
  });
  watch(() => void draw().catch(() => {}));
}

/** @param {HTMLInputElement} name @param {Screen} screen @param {string} sort */
async function keep(name, screen, sort) {
  if (!name.value.trim()) return name.focus();
  await post(PATH, { name: name.value.trim(), ...screen, sort });
  toast(`Kept as ${name.value.trim()}`);
  name.value = "";
}

/** @param {any} view @param {(screen: Screen) => void} show @param {() => Promise<void>} draw */
function item(view, show, draw) {
  const open = () => show({ ...view, sort: view.sort ?? "" });
  const forget = () =>
    api(`${PATH}/${view.id}`, { method: "DELETE" })
      .then(draw)
      .catch((error) => toast(error.message));
  const link = `${location.origin}/screener?view=${view.id}`;
  return h(
    "li",
    {},
    h("button", { class: "text-button cut", type: "button", title: view.filter, click: open }, view.name),
    h("button", { class: "icon-button", type: "button", "data-copy": link, "aria-label": `Copy the link of ${view.name}`, title: "Copy its link" }, icon("copy")),
    h("button", { class: "icon-button", type: "button", click: forget, "aria-label": `Forget ${view.name}`, title: "Forget" }, icon("bin")),
  );
}
