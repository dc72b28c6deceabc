/** Tokens of a sale that missed its goal, returned for what they are worth. */

import { post } from "../api.js";
import { maybe } from "../dom.js";
import { run } from "../transactions.js";
import { openChoice } from "../wallet/dialog.js";
import * as session from "../wallet/session.js";
import { token } from "./state.js";

/** Let the button of the trade panel, where there is one, return everything that the wallet holds. */
export function startRefund() {
  const button = /** @type {HTMLButtonElement | null} */ (maybe("#refund"));
  button?.addEventListener("click", async () => {
    const wallet = session.address();
    if (!wallet) return openChoice();
    button.disabled = true;
    await run({
      title: `Refund of ${token.symbol}`,
      href: `/token/${token.mint}`,
      build: () => post("/api/claims/refund", { mint: token.mint, holder: wallet }),
    });
    button.disabled = false;
  });
}
