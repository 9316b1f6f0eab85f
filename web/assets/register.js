// Looks as soon as something is pasted or typed, and keeps what was typed for it meanwhile. Without scripts the forms are sent whole.
import { ends, explained } from "./answers.js";
import { prepare as prepareTicked } from "./ticked.js";
import { giveBack, keep } from "./typed.js";

const ask = document.querySelector("[data-ask]");
const field = ask.elements.url;
const looking = ask.querySelector("[data-looking]");
const found = document.querySelector("#found");
let seen = field.defaultValue.trim(); // what the page already says something of
let waiting, asking;

async function look() {
  const pasted = field.value.trim();
  if (pasted === seen) return;
  seen = pasted;
  asking?.abort();
  if (!/\S[.:]\S/.test(pasted)) { // no address yet
    show([]);
    looking.textContent = "";
    return;
  }
  const turn = (asking = new AbortController());
  looking.textContent = looking.dataset.text;
  try {
    const answer = await fetch(ask.action, { method: "POST", body: new URLSearchParams(new FormData(ask)), signal: turn.signal });
    if (ends(answer.status)) {
      looking.replaceChildren(...explained(answer.status));
      seen = ""; // so that the same is looked at again
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#found");
    if (!fresh) throw new Error(answer.statusText);
    show(fresh.childNodes);
    problem(page.querySelector("[data-ask] .problem"));
    looking.textContent = found.childElementCount ? looking.dataset.found : "";
    prepare();
  } catch (error) {
    if (error.name !== "AbortError") looking.textContent = looking.dataset.failed;
  }
}

// show puts what was found in the place of what was found before. Nothing that was typed there is lost, and the focus stays in its field.
function show(nodes) {
  const focused = found.contains(document.activeElement) ? document.activeElement.name : "";
  keep(found);
  found.replaceChildren(...nodes);
  giveBack(found);
  if (focused) found.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
}

function problem(fresh) {
  ask.querySelector(".problem")?.remove();
  if (fresh) field.after(fresh);
  if (fresh) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

field.addEventListener("input", (event) => {
  clearTimeout(waiting);
  // Milliseconds: what is pasted is whole at once, what is typed is not.
  waiting = setTimeout(look, event.inputType === "insertFromPaste" ? 0 : 600);
});

if (field.value.trim() !== seen) waiting = setTimeout(look, 600); // typed before this script was here

// prepare makes what has just come in work.
function prepare() {
  for (const button of found.querySelectorAll("[data-use]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const target = button.form.elements[button.dataset.use];
      target.value = button.dataset.value;
      target.focus();
    });
  }
  for (const button of found.querySelectorAll("[data-copy]")) document.dispatchEvent(new CustomEvent("videoteca:copy", { detail: button }));
  const ticked = found.querySelector("[data-register-many]");
  if (ticked) prepareTicked(ticked);
}

prepare();
