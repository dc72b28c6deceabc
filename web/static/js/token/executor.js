/** By which road trades are sent: plainly, or as a bundle where the cluster has a block engine. Kept in this browser. */

import { maybe } from "../dom.js";

const STORE = "launchpad.executor";

const choice = () => /** @type {HTMLInputElement | null} */ (maybe("#executor-jito"));

/** What a quote, a build and a submission say about it; nothing for the plain road. */
export function road() {
  return choice()?.checked ? { executor: "jito" } : {};
}

/** Wire the choice under the cog. @param {() => void} changed hears of a new choice */
export function startExecutor(changed) {
  const box = choice();
  if (!box) return;
  box.checked = localStorage.getItem(STORE) === "jito";
  box.addEventListener("change", () => {
    localStorage.setItem(STORE, box.checked ? "jito" : "legacy");
    changed();
  });
}
