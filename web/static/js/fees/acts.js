/** One router's transactions: a button sends one, and what it changed is read from the chain again. */

import { post } from "../api.js";
import { h, one, toast } from "../dom.js";
import { run } from "../transactions.js";
import * as session from "../wallet/session.js";
import { landed } from "./shares.js";

export const router = one("#router-page").dataset.router ?? "";
export const path = `/api/fees/routers/${router}`;

/** @type {() => Promise<void>} */
let again = async () => {};

/** What is done after each of them. @param {() => Promise<void>} refresh */
export function afterwards(refresh) {
  again = refresh;
}

/**
 * @typedef {object} Act
 * @property {string} label on the button
 * @property {string} title in the list of transactions
 * @property {string} what the API's word
 * @property {Record<string, unknown>} [body]
 * @property {string} [role] the body's field of the wallet that signs; `payer` unless named
 * @property {boolean} [disabled]
 * @property {string | null} [from] enabled by itself at this time
 * @property {"primary" | "danger" | "ghost"} [kind]
 */

/** A button that sends one transaction. @param {Act} act */
export function button(act) {
  const { label, kind = "primary", disabled = false, from = null } = act;
  const early = Boolean(from) && Date.parse(from ?? "") > Date.now();
  const element = h("button", { class: `button tiny ${kind}`, type: "button", disabled: disabled || early, "data-from": from }, label);
  element.addEventListener("click", () => void send(element, act));
  return element;
}

/** @param {HTMLButtonElement} pressed @param {Pick<Act, "title" | "what" | "body" | "role">} act */
export async function send(pressed, { title, what, body = {}, role = "payer" }) {
  const who = session.address();
  if (!who) {
    toast("Connect a wallet first: it signs, and pays the network's fee.");
    return false;
  }
  pressed.disabled = true;
  const entry = await run({ title, href: `/router/${router}`, build: () => post(`${path}/${what}`, { [role]: who, ...body }) });
  pressed.disabled = false;
  if (!landed(entry)) return false;
  await again();
  return true;
}
