// Keys for the review: 1 to 9 choose a category, Enter sends, n passes on. Live parts load themselves again. The pages
// are whole without this.
"use strict";
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("textarea, input:not([type=radio]), select, button, a, summary");
  if (field || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  const form = document.querySelector("form[data-keys]");
  const choice = form && form.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  const next = document.querySelector("a[data-next]");
  if (choice) {
    choice.checked = true;
    choice.focus();
  } else if (event.key === "Enter" && form) form.requestSubmit();
  else if (event.key === "n" && next) next.click();
  else return;
  event.preventDefault();
});
const reload = async () => {
  const shown = document.querySelector("[data-again]");
  if (!shown) return;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.getElementById(shown.id);
    if (fresh) shown.replaceWith(fresh);
  } catch {
    // the server is away for a moment: the next time, perhaps
  }
  setTimeout(reload, 1000 * Number(shown.dataset.again));
};
const live = document.querySelector("[data-again]");
if (live) setTimeout(reload, 1000 * Number(live.dataset.again));
