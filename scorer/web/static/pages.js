// What makes the read-only pages handier: the list follows its form without a reload, and a task's bar under the mouse
// shows each rater's score and reason. The pages are whole without this: the form has a button, a task opens by a click.
"use strict";

const form = document.querySelector("form.search");
let asking, later;
const follow = async () => {
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  asking?.abort();
  asking = new AbortController();
  let page;
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // overtaken by the next question, or the server is away: the button asks again
  }
  document.getElementById("said").textContent = page.getElementById("count").textContent;
  for (const fresh of page.querySelectorAll("form.search select")) {
    const shown = form.elements[fresh.name];
    if (shown && shown !== document.activeElement) shown.replaceWith(fresh);
  }
  document.getElementById("found").replaceChildren(...page.getElementById("found").childNodes);
  history.replaceState(null, "", address);
};
if (form) {
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(follow, 250);
  });
  form.addEventListener("submit", () => clearTimeout(later));
}

let peek, waiting;
const hide = () => {
  clearTimeout(waiting);
  peek?.remove();
  peek = undefined;
};
const show = (task) => {
  hide();
  if (task.open) return;
  peek = document.createElement("div");
  peek.className = "peek card";
  peek.setAttribute("aria-hidden", "true");
  peek.append(...[...task.querySelectorAll(".bars, .rationale")].map((part) => part.cloneNode(true)));
  peek.addEventListener("pointerenter", () => clearTimeout(waiting));
  peek.addEventListener("pointerleave", hide);
  task.after(peek);
};
for (const task of document.querySelectorAll("details.taskrow")) {
  if (!task.querySelector(".bars")) continue;
  const line = task.querySelector("summary");
  line.querySelector("[title]")?.removeAttribute("title");
  line.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(waiting);
    waiting = setTimeout(show, 250, task);
  });
  line.addEventListener("pointerleave", () => {
    clearTimeout(waiting);
    waiting = setTimeout(hide, 250);
  });
  task.addEventListener("toggle", hide);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
