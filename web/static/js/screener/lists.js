/** One's own lists above the table: which is shown, new ones, other names, another order. */

import { h, one, toast } from "../dom.js";
import { addList, arrange, currentLists, FIRST, removeList, renameList, watchLists } from "../watch.js";

let chosen = new URLSearchParams(location.search).get("list") ?? "";

/** The list that is shown; an empty one while there is none. @returns {import("../watch.js").List} */
export function chosenList() {
  const lists = currentLists();
  return lists.find((list) => list.id === chosen) ?? lists[0] ?? { id: "", name: FIRST, mints: [] };
}

/** Move a token on the list. @param {string} mint @param {1 | -1} step */
export async function moveOnList(mint, step) {
  const list = chosenList();
  const mints = list.mints.filter((each) => each !== mint);
  const place = list.mints.indexOf(mint) + step;
  if (place < 0 || place > mints.length) return;
  mints.splice(place, 0, mint);
  await arrange(list, mints);
}

/** Wire the lists. @param {() => void} show called whenever there is something else to be shown */
export function startLists(show) {
  const draw = () => {
    const now = chosenList();
    one("#lists").replaceChildren(...currentLists().map((list) => tab(list, list === now, pick)));
    show();
  };
  /** @param {string} id */
  const pick = (id) => {
    chosen = id;
    const url = new URL(location.href);
    url.searchParams.set("list", id);
    history.replaceState(null, "", url);
    draw();
  };
  form("#list-form", "#list-name", async (name) => pick((await addList(name)).id));
  form("#rename-form", "#list-rename", async (name) => renameList(chosenList(), name));
  one("#list-delete").addEventListener("click", () => {
    void removeList(chosenList()).catch((error) => toast(error.message));
  });
  watchLists(draw);
}

/** @param {import("../watch.js").List} list @param {boolean} isChosen @param {(id: string) => void} pick */
function tab(list, isChosen, pick) {
  const attributes = { class: "tab", type: "button", "data-list": list.id, "aria-pressed": String(isChosen) };
  return h("button", { ...attributes, click: () => pick(list.id) }, list.name);
}

/** @param {string} selector @param {string} field @param {(name: string) => Promise<unknown>} act */
function form(selector, field, act) {
  const input = /** @type {HTMLInputElement} */ (one(field));
  one(selector).addEventListener("submit", (event) => {
    event.preventDefault();
    const name = input.value.trim();
    if (!name) return input.focus();
    act(name).then(
      () => {
        input.value = "";
      },
      (error) => toast(error.message),
    );
  });
}
