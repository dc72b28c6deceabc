/** The alerts page: rules, what fired, webhooks, and the switch of this browser. Lists come from the server. */

import { api, part, post } from "../api.js";
import { h, icon, maybe, one, problem, rendered, settled, toast } from "../dom.js";
import { pageOlder } from "../older.js";
import { openAlert } from "./dialog.js";
import * as push from "./push.js";

const QUIET_MS = 300;

/** @param {"rules" | "triggered" | "webhooks"} name */
async function refresh(name) {
  const { html } = await part(`/alerts?part=${name}`);
  one(`#${name}`).replaceChildren(rendered(html));
}

/** Do something that a button asked for, and show the list as it is then. @param {() => Promise<void>} work */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    toast(error instanceof Error ? error.message : "That did not work. Nothing was changed; try again.");
  }
}

/** @type {Record<string, (id: string, button: HTMLElement) => Promise<void>>} */
const ACTS = {
  "rule-on": async (id) => {
    await api(`/api/v1/alerts/${id}`, { method: "PATCH", body: { enabled: true } });
    await refresh("rules");
  },
  "rule-off": async (id) => {
    await api(`/api/v1/alerts/${id}`, { method: "PATCH", body: { enabled: false } });
    await refresh("rules");
  },
  "rule-remove": async (id) => {
    await api(`/api/v1/alerts/${id}`, { method: "DELETE" });
    await refresh("rules");
  },
  "hook-test": async (id) => {
    const { delivered, answer } = await post(`/api/v1/alerts/webhooks/${id}/test`, {});
    toast(delivered ? `It took the message: ${answer}` : `It did not take the message: ${answer}`);
  },
  "hook-rotate": async (id) => {
    showSecret(await post(`/api/v1/alerts/webhooks/${id}/rotate`, {}));
    await refresh("webhooks");
  },
  "hook-on": async (id) => {
    await api(`/api/v1/alerts/webhooks/${id}`, { method: "PATCH", body: { enabled: true } });
    await refresh("webhooks");
  },
  "hook-remove": async (id) => {
    await api(`/api/v1/alerts/webhooks/${id}`, { method: "DELETE" });
    await refresh("webhooks");
  },
  "hook-again": async (id) => {
    await post(`/api/v1/alerts/deliveries/${id}/retry`, {});
    toast("It is on its way again.");
    await refresh("webhooks");
  },
};

/** A secret that is shown this once. @param {{url: string, secret: string}} made */
function showSecret({ url, secret }) {
  const box = h(
    "dialog",
    { class: "dialog", "aria-labelledby": "secret-title", close: () => box.remove() },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "secret-title" }, "Its secret"),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close", click: () => box.close() }, icon("close")),
    ),
    h(
      "div",
      { class: "dialog-body stack" },
      h("p", {}, `Messages to ${url} are signed with it. Keep it now: it is not shown again.`),
      h("button", { class: "copy mono secret", type: "button", "data-copy": secret, "aria-label": "Copy the secret" }, secret, icon("copy")),
    ),
  );
  document.body.append(box);
  box.showModal();
}

function startWebhooks() {
  const form = /** @type {HTMLFormElement} */ (one("#webhook-form"));
  const input = /** @type {HTMLInputElement} */ (one("#webhook-url"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = await post("/api/v1/alerts/webhooks", { url: input.value.trim() });
      input.value = "";
      problem(input, one("#webhook-problem"), "");
      showSecret(made);
      await refresh("webhooks");
    } catch (error) {
      problem(input, one("#webhook-problem"), error instanceof Error ? error.message : "The webhook could not be made.");
    }
  });
}

async function startPush() {
  const button = /** @type {HTMLButtonElement} */ (one("#push-switch"));
  const say = (/** @type {string} */ text) => (one("#push-state").textContent = text);
  if (!push.isPossible()) {
    say("This browser cannot be notified here: it needs https (or localhost), and notifications.");
    return;
  }
  const show = async () => {
    const on = (await push.current()) !== null;
    say(on ? "This browser is notified, even when no page is open." : "This browser is not notified.");
    button.textContent = on ? "Stop notifying this browser" : "Notify this browser";
    button.hidden = false;
    return on;
  };
  let on = await show().catch(() => false);
  button.addEventListener("click", () =>
    attempt(async () => {
      await (on ? push.unsubscribe() : push.subscribe());
      on = await show();
    }),
  );
}

async function markRead() {
  const { unread } = await post("/api/v1/alerts/triggered/read", {});
  document.dispatchEvent(new CustomEvent("alerts-read", { detail: unread }));
  await refresh("triggered");
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-act]"));
  const act = ACTS[button?.dataset.act ?? ""];
  if (button && act) void attempt(() => act(button.dataset.id ?? "", button));
});
// Several may fire at once: they are asked for together.
const news = settled(QUIET_MS, () => void attempt(async () => void (await Promise.all([refresh("triggered"), refresh("rules")]))));
document.addEventListener("alert-fired", news);
maybe("#new-alert")?.addEventListener("click", () => void openAlert("", () => void refresh("rules")));
maybe("#mark-read")?.addEventListener("click", () => void attempt(markRead));
if (maybe("#alerts-page")) {
  startWebhooks();
  void startPush();
  pageOlder("#triggered", "#more-alerts");
}
