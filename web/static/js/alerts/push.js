/** Web push for this browser: whether it can, whether it does, and switching it. */

import { api, post } from "../api.js";

const PATH = "/api/v1/alerts/push";

/** Whether this browser can show notifications of ours at all. */
export function isPossible() {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && window.isSecureContext;
}

/** This browser's subscription, as the server knows it. @returns {Promise<string | null>} its id */
export async function current() {
  if (!isPossible()) return null;
  const registration = await navigator.serviceWorker.ready;
  const mine = await registration.pushManager.getSubscription();
  if (!mine) return null;
  const { data } = await api(PATH);
  return data.find((/** @type {{endpoint: string}} */ { endpoint }) => endpoint === mine.endpoint)?.id ?? null;
}

/** Ask the person, then the browser's push service, then tell our server. */
export async function subscribe() {
  if (!isPossible()) throw new Error("This browser cannot be notified here: it needs https, and notifications.");
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error("Notifications are blocked for this site. Allow them in the browser's settings, or leave them out.");
  }
  const registration = await navigator.serviceWorker.ready;
  const { public_key: key } = await api(PATH);
  const old = await registration.pushManager.getSubscription();
  if (old && !isOf(old, key)) await old.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const { endpoint, keys } = made.toJSON();
  await post(PATH, { endpoint, keys });
}

/** Hear nothing more here. */
export async function unsubscribe() {
  const id = await current();
  if (id) await api(`${PATH}/${id}`, { method: "DELETE" });
  const registration = await navigator.serviceWorker.ready;
  await (await registration.pushManager.getSubscription())?.unsubscribe();
}

/** @param {PushSubscription} subscription @param {string} key base64url */
function isOf(subscription, key) {
  const used = subscription.options.applicationServerKey;
  const wanted = bytes(key);
  return used !== null && new Uint8Array(used).every((byte, place) => byte === wanted[place]);
}

/** @param {string} text base64url */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
