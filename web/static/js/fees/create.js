/** Making a router: first the account, then its recipients. */

import { post } from "../api.js";
import { one, problem, toast } from "../dom.js";
import { run } from "../transactions.js";
import * as session from "../wallet/session.js";
import { landed, parse, putShares, watchSum } from "./shares.js";

const area = /** @type {HTMLTextAreaElement} */ (one("#router-shares"));
const place = one("#router-problem");
const submit = /** @type {HTMLButtonElement} */ (one("#router-create"));

watchSum(area);
one("#router-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void start();
});

async function start() {
  problem(area, place, "");
  const owner = session.address();
  if (!owner) {
    toast("Connect a wallet first: it will own the router.");
    return;
  }
  submit.disabled = true;
  try {
    const router = await create(owner, parse(area.value));
    if (router) location.assign(`/router/${router}`);
  } catch (error) {
    problem(area, place, error instanceof Error ? error.message : String(error));
  }
  submit.disabled = false;
}

/**
 * The router's address once it exists, also where its shares are still to be written: its page goes on from there.
 * @param {string} creator @param {import("./shares.js").Share[]} shares
 */
async function create(creator, shares) {
  const delay_seconds = Number(/** @type {HTMLSelectElement} */ (one("#router-delay")).value);
  const { checked: fixed } = /** @type {HTMLInputElement} */ (one("#router-fixed"));
  let router = "";
  const entry = await run({
    title: "Create a fee router",
    build: async () => {
      const built = await post("/api/fees/routers", { creator, delay_seconds, fixed });
      router = built.router;
      return built;
    },
  });
  if (!landed(entry)) return "";
  await putShares(router, creator, shares);
  return router;
}
