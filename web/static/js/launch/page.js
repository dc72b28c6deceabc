/** The launch page: checks as one types, shows what the token will be, launches it. */

import { ApiError, api, post } from "../api.js";
import { all, h, icon, one, problem, settled, svg } from "../dom.js";
import * as format from "../format.js";
import { run, watchTransactions } from "../transactions.js";
import { openChoice } from "../wallet/dialog.js";
import * as session from "../wallet/session.js";
import * as form from "./form.js";
import { showCost, showPreview, showProblem } from "./preview.js";
import { batchName, endingName, offerVenues, showEnding } from "./ending.js";
import { rulesName, showRules, startRules } from "./rules.js";
import { shapeName, showShape, startShape } from "./shape.js";
import { isClassic, offerStandards } from "./standard.js";

const MAX_PICTURE_BYTES = 5 * 1024 * 1024;
const PRESETS = /** @type {Record<string, string[]>} */ ({
  fair: ["79.31", "20.69", "0", "0", "0"],
  team: ["71.3", "18.7", "10", "0", "0"],
  project: ["60", "20", "10", "5", "5"],
});
const STEPS = ["Store picture and description", "Build the transaction", "Sign in your wallet", "Wait for the chain"];
const LONG_STEPS = [...STEPS.slice(0, 3), "Put its accounts on chain", ...STEPS.slice(3)];

const LEFT_CURVE = "If the curve is on chain already, it stays there, and a second try signs the launch alone.";
const LEFT_MINT = "If the mint is on chain already, it stays unused, and a second try makes another.";

/** @type {File | null} */
let picture = null;
/** What was stored already, so that a second try does not upload again. @type {{key: string, answer: any} | null} */
let stored = null;
/** How often was asked for a preview: only the newest answer is shown. */
let asked = 0;
let working = false;
/** Whether the launch at hand puts its curve or its mint on chain by a transaction of its own. */
let long = false;

const element = /** @type {HTMLFormElement} */ (one("#launch-form"));

function startPicture() {
  const input = /** @type {HTMLInputElement} */ (one("#f-image"));
  const drop = one("#drop");
  input.addEventListener("change", () => takePicture(input.files?.[0] ?? null));
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    takePicture(event.dataTransfer?.files[0] ?? null);
  });
}

/** @param {File | null} file */
function takePicture(file) {
  const input = one("#f-image");
  const place = one("#e-image");
  if (file && !/^image\/(png|jpeg|webp|gif)$/.test(file.type)) {
    problem(input, place, "Choose a PNG, JPEG, WebP or GIF.");
    return;
  }
  if (file && file.size > MAX_PICTURE_BYTES) {
    problem(input, place, `This picture has ${(file.size / 1024 / 1024).toFixed(1)} MB; at most 5 are taken.`);
    return;
  }
  problem(input, place, "");
  picture = file;
  const shown = /** @type {HTMLImageElement} */ (one("#picture-now"));
  if (shown.src) URL.revokeObjectURL(shown.src);
  shown.hidden = !file;
  one("#drop-text").hidden = Boolean(file);
  if (file) shown.src = URL.createObjectURL(file);
  showIdentity();
}

function showIdentity() {
  const name = form.value("name");
  const symbol = form.value("symbol");
  one("#preview-name").textContent = name || "Your token";
  one("#preview-symbol").textContent = symbol || "TICKER";
  one("#preview-description").textContent = form.value("description");
  const shown = /** @type {HTMLImageElement} */ (one("#picture-now"));
  const old = one("#preview-picture");
  const next = shown.hidden
    ? h("span", { class: "avatar letter", id: "preview-picture", "aria-hidden": "true" }, (symbol || "?").slice(0, 2))
    : h("img", { class: "avatar", id: "preview-picture", src: shown.src, alt: "", width: 56, height: 56 });
  old.replaceWith(next);
}

/** Show and hide what depends on what was chosen. */
function showParts() {
  const on = (/** @type {string} */ selector, /** @type {boolean} */ shown) => (one(selector).hidden = !shown);
  const share = (/** @type {string} */ name) => (format.typed(form.value(`${name}_bps`), 2) ?? 0n) > 0n;
  on("#mintable-fields", form.choice("supply_mode") === "mintable");
  on("#governance-fields", form.choice("update_authority") === "governance");
  on("#team-fields", share("team"));
  on("#ecosystem-fields", share("ecosystem"));
  on("#treasury-fields", share("treasury"));
  on("#lock-fields", form.ticked("lock"));
  showShape();
  showRules();
  showEnding();
}

function summaries() {
  const say = (/** @type {string} */ name, /** @type {string} */ text) => (one(`[data-summary="${name}"]`).textContent = text);
  const links = ["website", "twitter", "telegram", "discord"].filter((name) => form.value(name)).length;
  say("links", [form.value("description") ? "Described" : "", links ? `${links} given` : ""].filter(Boolean).join(", ") || "None");
  const supply = format.typed(form.value("supply"), 0);
  const mode = { fixed: "fixed", burnable: "fixed, burnable", mintable: "mintable" }[form.choice("supply_mode")];
  const amount = supply === null ? "" : `${format.amount(String(supply))}, ${mode}${isClassic() ? ", classic" : ""}`;
  say("supply", amount);
  const buckets = form.BUCKETS.map((bucket) => [bucket, format.typed(form.value(`${bucket}_bps`), 2) ?? 0n]);
  say("allocations", buckets.filter(([, bps]) => bps).map(([bucket, bps]) => `${format.share(Number(bps))} ${bucket}`).join(", "));
  const buy = form.value("first_buy") ? `${form.value("first_buy")} SOL${form.ticked("lock") ? ", locked" : ""}` : "";
  say("curve", shapeName());
  say("first_buy", buy || "None");
  say("fair", rulesName());
  say("batch", batchName());
  say("ending", endingName());
  say("more", `${shapeName()} curve, ${amount || "supply"}${buy ? `, first buy of ${buy}` : ""}`);
  showSplit(/** @type {[string, bigint][]} */ (buckets));
}

/** @param {[string, bigint][]} buckets */
function showSplit(buckets) {
  let start = 0;
  const parts = buckets.map(([bucket, bps]) => {
    const rect = svg("rect", { class: bucket, x: `${start / 100}%`, width: `${Number(bps) / 100}%`, height: "100%" });
    start += Number(bps);
    return rect;
  });
  one("#split").replaceChildren(...parts);
}

function finalFacts() {
  const facts = ["Supply, decimals and how the supply is divided", "The curve and the fees that its trades pay"];
  if (form.choice("supply_mode") !== "mintable") facts.push("That nobody can mint more");
  if (form.choice("update_authority") === "immutable") facts.push("Name, ticker, picture and description");
  facts.push("That nobody can freeze tokens in a wallet");
  one("#final-facts").replaceChildren(...facts.map((fact) => h("li", {}, fact)));
}

/** Ask the server what the launch comes to. */
const work = settled(150, async () => {
  asked += 1;
  const number = asked;
  try {
    const preview = await post("/api/launchpad/curve-preview", form.previewRequest(session.address()));
    if (number !== asked) return;
    form.clearProblems(false);
    showProblem("");
    showPreview(preview, { symbol: form.value("symbol"), decimals: Number(form.value("decimals")) });
  } catch (error) {
    if (number !== asked) return;
    if (!(error instanceof form.FieldError || error instanceof ApiError)) throw error;
    form.clearProblems(false);
    if (error.field) form.complainAt(error.field, error.message, true);
    showProblem(error.message);
  }
});

function changed() {
  showParts();
  showIdentity();
  summaries();
  finalFacts();
  form.keepDraft();
  button();
  work();
}

function button() {
  const submit = /** @type {HTMLButtonElement} */ (one("#launch-submit"));
  const name = form.value("symbol");
  submit.textContent = session.address() ? `Launch ${name || "the token"}` : "Connect a wallet to launch";
  submit.disabled = working;
}

/** @param {number} now how many steps are done; -1 hides them */
function steps(now) {
  const list = one("#launch-steps");
  list.hidden = now < 0;
  list.replaceChildren(
    ...(long ? LONG_STEPS : STEPS).map((title, place) => {
      const state = place < now ? "done" : place === now ? "now" : "later";
      const sign = state === "done" ? icon("check") : state === "now" ? h("span", { class: "spinner", "aria-hidden": "true" }) : h("span", { class: "icon" });
      return h("li", { "data-state": state, "aria-current": state === "now" ? "step" : null }, sign, title);
    }),
  );
}

async function launch() {
  const creator = session.address();
  if (!creator) {
    openChoice();
    return;
  }
  if (working) return;
  complain("");
  form.clearProblems();
  /** @type {any} */
  let request;
  try {
    request = form.launchRequest(creator);
    if (!picture) throw new form.FieldError("image", "Choose a picture: it is what people recognise.");
  } catch (error) {
    if (error instanceof form.FieldError) form.complainAt(error.field, error.message);
    else throw error;
    return;
  }
  await send(request);
}

/** @param {any} request */
async function send(request) {
  working = true;
  button();
  /** @type {any} */
  let built = null;
  const entry = await run({
    title: `Launch ${request.name} (${request.symbol})`,
    build: async () => {
      built = await build(request);
      const [launching, ...before] = [...built.transactions].reverse();
      return { ...built, transaction: launching, before: before.reverse(), href: `/token/${built.mint}` };
    },
  });
  working = false;
  button();
  if (entry.state === "confirmed" || entry.state === "finalized") {
    form.dropDraft();
    await waitForPage(built.mint);
    location.assign(`/token/${built.mint}`);
    return;
  }
  steps(-1);
  const rest = long ? ` ${isClassic() ? LEFT_MINT : LEFT_CURVE}` : "";
  if (entry.message) complain(entry.message + rest);
}

/** @param {any} request */
async function build(request) {
  long = false;
  steps(0);
  try {
    const metadata = await store(request);
    steps(1);
    const built = await post("/api/launchpad/deploy-token", { ...request, uri: metadata.uri, metadata_hash: metadata.metadata_hash });
    showCost(built.cost);
    long = built.transactions.length > 1;
    steps(2);
    return built;
  } catch (error) {
    if (error instanceof ApiError && error.field) form.complainAt(error.field, error.message);
    throw error;
  }
}

/** Store picture and metadata, once for the same content. @param {{name: string, symbol: string}} request */
async function store({ name, symbol }) {
  const texts = { name, symbol, ...Object.fromEntries(["description", "website", "twitter", "telegram", "discord"].map((key) => [key, form.value(key)])) };
  const key = JSON.stringify([texts, picture?.name, picture?.size, picture?.lastModified]);
  if (stored?.key === key) return stored.answer;
  const data = new FormData();
  for (const [field, text] of Object.entries(texts)) if (text) data.set(field, text);
  if (picture) data.set("image", picture);
  const answer = await api("/api/launchpad/metadata", { method: "POST", form: data });
  stored = { key, answer };
  return answer;
}

/** The chain has it; the page follows as soon as it is indexed. @param {string} mint */
async function waitForPage(mint) {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await api(`/api/v1/tokens/${mint}`).catch(() => null);
    if (found) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** @param {string} message */
function complain(message) {
  const place = one("#launch-problem");
  place.hidden = !message;
  place.replaceChildren(h("strong", {}, "It was not launched"), message, h("span", { class: "soft" }, "What you typed is kept."));
}

startShape(changed);
startRules(changed, async (mint) => (await api(`/api/v1/tokens/${mint}`).catch(() => null))?.decimals ?? null);
form.restoreDraft();
startPicture();
element.addEventListener("input", (event) => {
  form.clearProblem(/** @type {HTMLInputElement} */ (event.target).name);
  changed();
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  void launch();
});
for (const preset of all("[data-preset]")) {
  preset.addEventListener("click", () => {
    const shares = PRESETS[preset.dataset.preset ?? "fair"];
    for (const [place, bucket] of form.BUCKETS.entries()) /** @type {HTMLInputElement} */ (one(`#f-${bucket}_bps`)).value = shares[place];
    changed();
  });
}
watchTransactions((entry) => {
  if (!working) return;
  if (long && entry.state === "preparing" && entry.message) steps(3);
  if (entry.state === "sent") steps(long ? 4 : 3);
});
session.watch(() => {
  button();
  work();
});
changed();
api("/api/launchpad/standards").then((standards) => {
  offerStandards(standards);
  summaries();
}, () => undefined);
api("/api/launchpad/venues").then((venues) => {
  offerVenues(venues);
  summaries();
}, () => undefined);
