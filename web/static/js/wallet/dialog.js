/**
 * The wallet button, and what it opens: choosing a wallet, or the connected one's balance and exits.
 */

import { all, amount, copied, embedded, h, icon, one, problem, toast } from "../dom.js";
import { address as short, units } from "../format.js";
import { balanceOf, faucetButton, hasFaucet } from "./balance.js";
import * as practice from "./practice.js";
import * as session from "./session.js";
import * as standard from "./standard.js";

const site = embedded("site");

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** Offer the wallets of this browser, take up the last one, keep the button true. */
export async function startWallets() {
  if (site.local && practice.isPossible()) standard.add(practice.practiceWallet());
  standard.discover();
  one("#wallet-button").addEventListener("click", () => (session.address() ? openAccount() : openChoice()));
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-connect]")) openChoice();
  });
  session.watch(drawButton);
  standard.onChange(() => {
    const list = dialog?.querySelector(".wallet-list");
    if (list) list.replaceChildren(...choices());
  });
  await session.restore();
}

/** @param {session.Who} who */
function drawButton(who) {
  const button = one("#wallet-button");
  if (!who.account || !who.wallet) {
    button.replaceChildren("Connect");
    button.removeAttribute("aria-label");
    return;
  }
  const picture = standard.iconOf(who.wallet);
  button.replaceChildren(
    ...(picture ? [h("img", { src: picture, alt: "", width: 18, height: 18 })] : []),
    h("span", { class: who.name ? "cut" : "mono" }, who.name || short(who.account.address)),
  );
  button.setAttribute("aria-label", `Your wallet, ${who.account.address}`);
}

/** @param {string} title @param {...(Node | string)} body */
function open(title, ...body) {
  dialog?.close();
  const box = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "wallet-title", close: () => box.remove() },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "wallet-title" }, title),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => box.close() }, icon("close")),
    ),
    h("div", { class: "dialog-body" }, ...body),
  );
  dialog = box;
  document.body.append(box);
  box.showModal();
  return box;
}

/** Ask which wallet to connect. */
export function openChoice() {
  open(
    "Connect a wallet",
    h("p", { class: "soft small" }, "Your wallet keeps your keys. It shows you every transaction before it signs."),
    h("div", { class: "wallet-list" }, ...choices()),
    h("p", { class: "problem", role: "alert", id: "wallet-problem", hidden: true }),
    site.local && !practice.isPossible()
      ? h("p", { class: "notice warn" }, "The practice wallet needs a secure page: open this site as http://localhost or over https.")
      : "",
  );
}

function choices() {
  const wallets = standard.list();
  const list = wallets.map((wallet) => {
    const picture = standard.iconOf(wallet);
    return h(
      "button",
      { class: "wallet-choice", type: "button", click: () => connect(wallet) },
      picture ? h("img", { src: picture, alt: "", width: 28, height: 28 }) : icon("wallet"),
      h(
        "span",
        {},
        h("span", { class: "strong" }, wallet.name),
        wallet.practice ? h("span", { class: "small quiet" }, "Play money; its key stays in this browser") : null,
      ),
    );
  });
  if (wallets.some((wallet) => !wallet.practice)) return list;
  return [
    ...list,
    h(
      "p",
      { class: "small quiet" },
      "No wallet extension was found. Phantom, Solflare, Backpack and others that speak the Wallet Standard appear here by themselves.",
    ),
  ];
}

/** @param {standard.Wallet} wallet */
async function connect(wallet) {
  for (const button of all("button", one(".wallet-list"))) button.setAttribute("disabled", "");
  try {
    await session.open(wallet);
    if (session.signedInAs()) dialog?.close();
    else if (wallet.practice) await signIn();
    else offerSignIn();
  } catch (error) {
    complain(error);
    for (const button of all("button", one(".wallet-list"))) button.removeAttribute("disabled");
  }
}

function offerSignIn() {
  open(
    "Sign in",
    h("p", {}, "Sign a message to prove that this wallet is yours. It costs nothing and moves nothing."),
    h("p", { class: "soft small" }, "You can trade without it; talking in rooms and your portfolio need it."),
    h("p", { class: "problem", role: "alert", id: "wallet-problem", hidden: true }),
    h(
      "div",
      { class: "dialog-foot" },
      h("button", { class: "button ghost", type: "button", click: () => dialog?.close() }, "Not now"),
      h("button", { class: "button primary", type: "button", click: () => void signIn() }, "Sign in"),
    ),
  );
}

/** Sign in, connecting first where that is needed. */
export async function askToSignIn() {
  if (!session.address()) openChoice();
  else if (!session.signedInAs()) offerSignIn();
}

async function signIn() {
  try {
    await session.signIn();
    dialog?.close();
  } catch (error) {
    complain(error);
  }
}

/** @param {unknown} error */
function complain(error) {
  const place = dialog?.querySelector("#wallet-problem");
  const message = error instanceof Error ? error.message : "The wallet did not answer. Try again.";
  if (!place) {
    toast(message);
    return;
  }
  place.removeAttribute("hidden");
  place.textContent = message;
}

function openAccount() {
  const address = /** @type {string} */ (session.address());
  const balance = h("p", { class: "balance-line num" }, "–");
  const note = h("p", { class: "problem", role: "alert", hidden: true });
  /** @type {standard.Wallet | undefined} */
  let wallet;
  session.watch((who) => (wallet = who.wallet ?? undefined));
  const refresh = () => void showBalance(address, balance);
  document.addEventListener("balance-changed", refresh);
  const box = open(
    wallet?.practice ? "Practice wallet" : "Your wallet",
    h(
      "div",
      {},
      copied(address, "address", "quiet"),
      h("div", { class: "row wrap balance-row" }, balance, hasFaucet ? faucetButton("primary", (error) => problem(null, note, error.message)) : ""),
    ),
    wallet?.practice
      ? h(
          "p",
          { class: "notice warn" },
          h("strong", {}, "For play money only"),
          "Its key is kept in this browser. Clearing the browser's data deletes it for good.",
        )
      : "",
    session.signedInAs() ? nameForm() : "",
    note,
    h(
      "div",
      { class: "dialog-foot" },
      h("button", { class: "button ghost", type: "button", click: leave }, "Disconnect"),
      session.signedInAs() ? "" : h("button", { class: "button", type: "button", click: () => void signIn() }, "Sign in"),
      session.signedInAs() ? h("a", { class: "button", href: "/portfolio#devices", click: () => box.close() }, "Devices") : "",
      h("a", { class: "button", href: "/portfolio" }, "Portfolio"),
    ),
  );
  box.addEventListener("close", () => document.removeEventListener("balance-changed", refresh));
  refresh();
}

function nameForm() {
  const input = h("input", { class: "input", id: "display-name", maxlength: 32, value: session.displayName(), autocomplete: "nickname" });
  const place = h("p", { class: "problem", role: "alert", hidden: true });
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await session.rename(input.value.trim());
      problem(input, place, "");
      toast("Your name was changed.");
    } catch (error) {
      problem(input, place, error instanceof Error ? error.message : "The name could not be changed.");
    }
  };
  return h(
    "form",
    { class: "field", submit: save },
    h("label", { for: "display-name" }, "Name shown in rooms"),
    h("div", { class: "row" }, input, h("button", { class: "button", type: "submit" }, "Save")),
    place,
  );
}

async function leave() {
  dialog?.close();
  await session.close().catch(() => toast("Signed out here; the server could not be told."));
  if (location.pathname === "/portfolio") location.reload();
}

/** @param {string} address @param {HTMLElement} place */
async function showBalance(address, place) {
  const lamports = await balanceOf(address);
  place.replaceChildren(lamports === null ? "–" : amount(units(lamports, 9), "SOL"));
}
