// Search as you type, and doing one thing to many with progress. Without scripts the forms are sent whole.
const search = document.querySelector("[data-search]");
const results = document.querySelector("#results");
let asked = 0;

async function find() {
  const turn = ++asked;
  const address = "/videos?" + new URLSearchParams([...new FormData(search)].filter(([, value]) => value !== ""));
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (turn !== asked || !answer.ok) return; // something newer was typed, or the form shows what is wrong
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of ["#results", ".chosen", ".groups"]) {
    const fresh = page.querySelector(part), old = document.querySelector(part);
    if (fresh && old) old.replaceChildren(...fresh.childNodes);
  }
  history.replaceState(null, "", address);
  prepare();
}

let waiting;
search.elements.q.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 150); // milliseconds: faster than a reader, slower than a typist
});

function prepare() {
  const form = results.querySelector("[data-many]");
  if (!form) return;
  const all = form.querySelector("[data-all]");
  const rows = [...form.querySelectorAll('input[name="video"]')];
  form.querySelector("[data-all-label]").hidden = false;
  all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  form.addEventListener("change", () => { all.checked = rows.length > 0 && rows.every((row) => row.checked); });
  form.addEventListener("submit", (event) => step(event, form, rows));
}

// step sends ten at a time, so that a long work shows how far it is and one failure does not hide the others.
async function step(event, form, rows) {
  const action = event.submitter?.value;
  const ids = rows.filter((row) => row.checked).map((row) => row.value);
  if (!action || event.submitter.hasAttribute("data-whole") || ids.length < 2) return;
  event.preventDefault();
  const box = form.querySelector(".progress"), bar = box.querySelector("progress"), said = box.querySelector("[role=status]");
  const list = (name) => form.elements[name]?.value.split(",").map((s) => s.trim()).filter(Boolean) ?? [];
  const explanation = Object.fromEntries(["es", "en"].map((lang) => [lang, form.elements["explanation." + lang]?.value ?? ""]).filter(([, text]) => text));
  const failed = [];
  box.hidden = false;
  event.submitter.disabled = true;
  for (let from = 0; from < ids.length; from += 10) {
    const part = ids.slice(from, from + 10);
    try {
      const answer = await fetch("/api/v1/bulk", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ids: part, action, addTags: list("tags"), addCollections: list("collections"), explanation }),
      });
      const body = await answer.json();
      if (answer.ok) failed.push(...body.items.filter((item) => item.error).map((item) => item.id + ": " + item.error));
      else failed.push(body.detail);
    } catch (error) {
      failed.push(part.join(", ") + ": " + error.message);
    }
    bar.value = (100 * Math.min(from + 10, ids.length)) / ids.length;
    said.textContent = Math.min(from + 10, ids.length) + " / " + ids.length;
  }
  event.submitter.disabled = false;
  said.textContent = failed.length ? failed.join("; ") : said.dataset.done;
  if (!failed.length) find();
}

prepare();
