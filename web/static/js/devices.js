/** Where one is signed in, and signing out from afar. */

import { api } from "./api.js";
import { h, icon, maybe, one, problem, time, toast } from "./dom.js";

/** @typedef {{id: string, name: string, device: string, created_at: string, last_seen_at: string, current: boolean}} Device */

const SESSIONS = "/api/auth/sessions";

/** Fill the section, where the page has one. */
export function startDevices() {
  if (!maybe("#devices")) return;
  one("#devices-others").addEventListener("click", () => void end(SESSIONS, "Signed out everywhere else."));
  void show();
}

async function show() {
  try {
    const { data } = await api(SESSIONS);
    one("#devices-list").replaceChildren(...data.map(row));
    one("#devices-others").hidden = data.length < 2;
    complain("");
  } catch (error) {
    complain(error instanceof Error ? error.message : "Your devices could not be read.");
  }
}

/** @param {Device} device */
function row(device) {
  const leave = () => void end(`${SESSIONS}/${device.id}`, `Signed out: ${device.name}.`);
  return h(
    "li",
    { class: "claim" },
    icon("device"),
    h(
      "div",
      { class: "cut" },
      h("span", { class: "strong", title: device.device }, device.name),
      h("p", { class: "small quiet cut" }, "Last seen ", time(device.last_seen_at), " · signed in ", time(device.created_at)),
    ),
    device.current
      ? h("span", { class: "mark good" }, "This device")
      : h("button", { class: "button tiny", type: "button", "aria-label": `Sign out ${device.name}`, click: leave }, "Sign out"),
  );
}

/** @param {string} path @param {string} done */
async function end(path, done) {
  try {
    await api(path, { method: "DELETE" });
    toast(done);
    await show();
  } catch (error) {
    complain(error instanceof Error ? error.message : "That device could not be signed out. Try again.");
  }
}

/** @param {string} message */
function complain(message) {
  problem(null, one("#devices-problem"), message);
}
