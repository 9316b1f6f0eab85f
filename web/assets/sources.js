// Moves sources with the arrow keys while one of a row's buttons for it has the focus, and without leaving the
// page: the focus stays with the source that moves, and where it is now is said. Without scripts the buttons send
// their forms.
const list = document.querySelector("[data-sources]");
const said = document.querySelector("[data-moved]");
let busy = false;

async function move(key, form, to) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "text/html" }, body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) return again(form);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...page.querySelector("[data-sources]").childNodes);
    tell(page);
    focus(key, to);
  } catch {
    again(form); // it may have been moved: to send the form once more would move it twice
  } finally {
    busy = false;
  }
}

// again opens the video's page anew, which says what there is now. It is no reload: that would send a form again where
// this page is the answer to one.
function again(form) {
  location.assign(form.action.replace(/\/move(?=\?|$)/, ""));
}

// tell shows what was done as the page would have, with its button to undo it.
function tell(page) {
  const done = page.querySelector("main > .done");
  document.querySelector("main > .done")?.remove();
  if (done) document.querySelector("h1").after(done);
}

function focus(key, to) {
  const rows = [...list.querySelectorAll("[data-source]")];
  const row = rows.find((one) => one.dataset.source === key);
  if (!row) return;
  const button = row.querySelector(`[data-move="${to}"]`) ?? row.querySelector("[data-move]"); // at the end there is the other one alone
  button?.focus();
  said.textContent = said.dataset.text.replace("#", row.querySelector("strong").textContent).replace("#", rows.indexOf(row) + 1).replace("#", rows.length);
}

list?.addEventListener("submit", (event) => {
  const to = event.submitter?.dataset.move;
  if (!to) return;
  event.preventDefault();
  move(event.target.closest("[data-source]").dataset.source, event.target, to);
});

list?.addEventListener("keydown", (event) => {
  const to = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!to || !event.target.matches("[data-move]") || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const row = event.target.closest("[data-source]");
  const button = row.querySelector(`[data-move="${to}"]`);
  if (button) move(row.dataset.source, button.form, to);
});
