/** What only a router's owner may do: shares, tokens that leave, the router itself. And tokens that come. */

import { all, one, problem } from "../dom.js";
import * as session from "../wallet/session.js";
import { router, send } from "./acts.js";
import { putShares, parse, watchSum, written } from "./shares.js";
import { leavable } from "./tokens.js";

const ADDRESS = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;

const area = /** @type {HTMLTextAreaElement} */ (one("#router-shares"));
const submit = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (one(id));
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (one(id));

/**
 * Listen to the forms; the answer shows them to a router's owner and to nobody else.
 * @param {() => Promise<void>} refresh
 */
export function startForms(refresh) {
  one("#shares-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void propose(refresh);
  });
  one("#shares-fix").addEventListener("click", () => {
    if (!confirm("Nobody will ever be able to change these shares or take a token out. Fix them?")) return;
    void send(submit("#shares-fix"), { title: "Fix the router's shares", what: "fix", role: "owner" });
  });
  listen("release", (new_creator) => {
    const mint = /** @type {HTMLSelectElement} */ (one("#release-mint")).value;
    return { title: "Propose that a token leaves", what: "release", body: { mint, new_creator }, role: "owner" };
  });
  listen("heir", (new_owner) => ({ title: "Offer the router to another owner", what: "owner", body: { new_owner }, role: "owner" }));
  listen("adopt", (mint) => ({ title: "Hand a token to the router", what: "adopt", body: { mint } }));
  one("#heir-withdraw").addEventListener("click", () => {
    void send(submit("#heir-withdraw"), { title: "Withdraw the offer of the router", what: "owner", body: { new_owner: null }, role: "owner" });
  });
  return show;
}

/**
 * A form with one address: `#NAME-form`, `#NAME-address`, `#NAME-submit`, `#NAME-problem`.
 * @param {string} name @param {(address: string) => import("./acts.js").Act | Omit<import("./acts.js").Act, "label">} act
 */
function listen(name, act) {
  one(`#${name}-form`).addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = field(`#${name}-address`);
    const address = input.value.trim();
    const wrong = ADDRESS.test(address) ? "" : "This is no Solana address: copy it again.";
    problem(input, one(`#${name}-problem`), wrong);
    if (!wrong && (await send(submit(`#${name}-submit`), act(address)))) input.value = "";
  });
}

/** @param {() => Promise<void>} refresh */
async function propose(refresh) {
  const owner = session.address();
  const button = submit("#shares-propose");
  problem(area, one("#shares-problem"), "");
  button.disabled = true;
  try {
    if (owner && (await putShares(router, owner, parse(area.value)))) await refresh();
  } catch (error) {
    problem(area, one("#shares-problem"), error instanceof Error ? error.message : String(error));
  }
  button.disabled = false;
}

/** @param {any} state the router as the API tells it */
function show(state) {
  const owns = session.address() === state.owner;
  const open = owns && !(state.fixed && state.applied_at);
  for (const panel of all("[data-owner]")) panel.hidden = panel.dataset.owner === "open" ? !open : !owns;
  one("#shares-fix").hidden = !state.applied_at;
  one("#heir-withdraw").hidden = !state.pending_owner;
  const options = leavable(state.tokens);
  one("#release-panel").hidden = !open || !options.length;
  one("#release-mint").replaceChildren(...options);
  if (open && !area.value) area.value = written(state.shares.filter((/** @type {{bps: number}} */ share) => share.bps));
  watchSum(area);
}
