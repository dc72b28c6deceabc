/** What the chain says of a token: checked again when somebody asks, drawn by the server. */

import { ApiError, part, post } from "../api.js";
import { maybe, one, rendered } from "../dom.js";
import { token } from "./state.js";

/** Let the button work, also on what replaces it. */
export function startVerification() {
  maybe("#verify")?.addEventListener("click", () => void check());
}

async function check() {
  const button = /** @type {HTMLButtonElement} */ (one("#verify"));
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  try {
    await post("/api/verify/contract", { address: token.mint });
    const { html } = await part(`/token/${token.mint}?part=verification`);
    const open = maybe("#verification details[open]");
    one("#verification").replaceWith(one("#verification", rendered(html)));
    if (open) maybe("#verification details")?.setAttribute("open", "");
    startVerification();
  } catch (error) {
    const place = one("#verify-problem");
    place.textContent = error instanceof ApiError ? error.message : "It could not be checked now. Try again.";
    place.hidden = false;
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}
