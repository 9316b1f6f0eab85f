// Looks as soon as something is pasted or typed, and registers many step by step. Without scripts the
// forms are sent whole.
const ask = document.querySelector("[data-ask]");
const field = ask.elements.url;
const looking = ask.querySelector("[data-looking]");
const found = document.querySelector("#found");
const atOnce = 3; // registrations under way: platforms are asked by the server, with manners of its own
let seen = field.defaultValue.trim(); // what the page already says something of
let waiting, asking;

async function look() {
  const pasted = field.value.trim();
  if (pasted === seen) return;
  seen = pasted;
  asking?.abort();
  if (!/\S[.:]\S/.test(pasted)) { // no address yet
    found.replaceChildren();
    looking.textContent = "";
    return;
  }
  const turn = (asking = new AbortController());
  looking.textContent = looking.dataset.text;
  try {
    const answer = await fetch(ask.action, { method: "POST", body: new URLSearchParams(new FormData(ask)), signal: turn.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#found");
    if (!fresh) throw new Error(answer.statusText);
    found.replaceChildren(...fresh.childNodes);
    problem(page.querySelector("[data-ask] .problem"));
    looking.textContent = found.childElementCount ? looking.dataset.found : "";
    prepare();
  } catch (error) {
    if (error.name !== "AbortError") looking.textContent = looking.dataset.failed;
  }
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
  found.querySelector("[data-register-many]")?.addEventListener("submit", register);
}

async function register(event) {
  event.preventDefault();
  const form = event.target;
  const rows = [...form.querySelectorAll('input[name="url"]:checked')];
  if (!rows.length) return;
  const box = form.querySelector(".progress"), bar = box.querySelector("progress"), said = box.querySelector("[role=status]");
  const button = form.querySelector("button.primary");
  const saved = [];
  let done = 0, failed = 0;
  box.hidden = false;
  button.disabled = true;
  const body = (url) => {
    const b = { url, language: form.elements.language.value.trim() };
    const article = form.elements.article.value.trim();
    if (article) b.article = { url: article, language: b.language, title: form.elements.articleTitle.value };
    return JSON.stringify(b);
  };
  async function one(row) {
    const line = row.closest("li").querySelector("[data-row-problem]");
    line.hidden = true;
    try {
      const answer = await fetch("/api/v1/videos", { method: "POST", headers: { "Content-Type": "application/json" }, body: body(row.value) });
      const said = await answer.json();
      if (!answer.ok) throw new Error(said.errors?.[0]?.message ?? said.detail ?? answer.statusText);
      saved[rows.indexOf(row)] = said.id ?? said.video?.id;
      row.checked = false;
    } catch (error) {
      failed++;
      line.textContent = error.message;
      line.hidden = false;
    }
    bar.value = (100 * ++done) / rows.length;
    said.textContent = done + " / " + rows.length;
  }
  const queue = [...rows];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let row; (row = queue.shift()); ) await one(row);
  }));
  button.disabled = false;
  if (failed) {
    said.textContent = said.dataset.part;
    form.querySelector("[data-row-problem]:not([hidden])").scrollIntoView({ block: "nearest" });
    return;
  }
  location.assign("/new?saved=" + [...new Set(saved)].join(",") + "&lang=" + document.documentElement.lang);
}

prepare();
