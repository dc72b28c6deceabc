/** The Alert button of a token: what it opens is loaded when it is pressed. */

import { all } from "../dom.js";

for (const button of all("[data-alert]")) {
  button.addEventListener("click", async () => {
    const { openAlert } = await import("./dialog.js");
    await openAlert(button.dataset.alert ?? "");
  });
}
