// Search as you type, and doing one thing to many with progress. Without scripts the forms are sent whole.
import { ends, explained, send, Unanswered } from "./answers.js";

const search = document.querySelector("[data-search]");
const form = document.querySelector("[data-many]");
const picked = new Map(); // what is ticked, id to title: also what another search has taken from the list
let asked = 0;
let waiting;

async function find() {
  const turn = ++asked;
  const address = "/videos?" + new URLSearchParams([...new FormData(search)].filter(([, value]) => value !== ""));
  let answer, text;
  try {
    answer = await fetch(address, { headers: { Accept: "text/html" } });
    text = await answer.text();
  } catch {
    return; // the button asks again, and the browser says what is wrong
  }
  if (turn !== asked) return; // something newer was typed, and its answer may be here already
  if (ends(answer.status)) document.querySelector("[data-count]").replaceChildren(...explained(answer.status));
  if (!answer.ok) return; // the form shows what is wrong
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("[data-many]");
  if (!form || !fresh) return location.assign(address);
  for (const part of ["#results", ".chosen", ".groups", "[data-count]"]) {
    const now = page.querySelector(part), old = document.querySelector(part);
    if (now && old) old.replaceChildren(...now.childNodes);
  }
  form.setAttribute("action", fresh.getAttribute("action")); // form.action is the buttons of that name
  const now = fresh.querySelector("[data-whole]"), old = form.querySelector("[data-whole]");
  if (now && old) old.formAction = now.formAction;
  history.replaceState(null, "", address);
  prepare();
}

search.elements.q.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 150); // milliseconds: faster than a reader, slower than a typist
});
if (search.elements.q.value !== search.elements.q.defaultValue) waiting = setTimeout(find, 150); // typed before this script was here
search.addEventListener("submit", () => clearTimeout(waiting));

const boxes = () => [...form.querySelectorAll('input[name="video"]:not([type="hidden"])')];
const note = (box) => (box.checked ? picked.set(box.value, box.getAttribute("aria-label")) : picked.delete(box.value));

// prepare ties what the list shows now to what is ticked.
function prepare() {
  const all = form.querySelector("[data-all]");
  if (all) form.querySelector("[data-all-label]").hidden = false;
  for (const box of boxes()) box.checked = picked.has(box.value);
  tell();
}

// tell says how many are ticked, and keeps those for the form that the list does not show.
function tell() {
  const shown = boxes();
  const all = form.querySelector("[data-all]");
  if (all) all.checked = shown.length > 0 && shown.every((box) => box.checked);
  form.querySelectorAll('input[type="hidden"][name="video"]').forEach((old) => old.remove());
  const away = [...picked.keys()].filter((id) => !shown.some((box) => box.value === id));
  for (const id of away) {
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name: "video", value: id });
    form.append(kept);
  }
  const bar = form.querySelector(".picked"), bulk = form.querySelector(".bulk");
  if (!bar) return;
  bar.hidden = picked.size === 0;
  bulk.hidden = picked.size === 0 && shown.length === 0;
  const said = bar.querySelector("[data-picked]");
  said.textContent = picked.size === 0 ? "" : said.dataset.text.replace("#", picked.size) + (away.length ? " " + said.dataset.away.replace("#", away.length) : "");
}

function untick(ids) {
  for (const id of ids) picked.delete(id);
  for (const box of boxes()) box.checked = picked.has(box.value);
  tell();
}

let busy = false;

// step sends ten at a time, so that a long work shows how far it is and one failure does not hide the others.
async function step(event) {
  const button = event.submitter;
  const action = button?.value;
  if (!action || button.hasAttribute("data-whole")) return;
  event.preventDefault();
  const outcome = form.querySelector("[data-outcome]");
  const ids = [...picked.keys()];
  if (!ids.length) {
    outcome.replaceChildren(paragraph("problem", [outcome.dataset.nothing]));
    return;
  }
  if (busy) return;
  busy = true;
  button.setAttribute("aria-disabled", "true"); // and not disabled, which would lose the focus
  outcome.replaceChildren();
  const result = await inSteps(action, ids);
  button.removeAttribute("aria-disabled");
  busy = false;
  report(action, result);
  untick(result.done);
  if (result.done.length) find();
}

async function inSteps(action, ids) {
  const box = form.querySelector(".progress"), bar = box.querySelector("progress"), said = box.querySelector("[data-step]");
  const result = { done: [], changes: [], failed: [], problem: null };
  box.hidden = false;
  bar.value = 0;
  for (let from = 0; from < ids.length && !result.problem; from += 10) {
    const part = ids.slice(from, from + 10);
    const body = new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "video" && name !== "action"));
    body.set("action", action);
    for (const id of part) body.append("video", id);
    try {
      const { items, problem } = await send(form.getAttribute("action"), body);
      if (problem) result.problem = [problem];
      for (const item of items) {
        if (item.error) result.failed.push({ title: item.title === item.id ? picked.get(item.id) : item.title, why: item.error, lang: item.lang ?? "" }); // of what was erased the server knows no title
        else result.done.push(item.id);
        if (item.change) result.changes.push(item.change);
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const why = explained(error.status);
      if (error.ends) result.problem = why;
      else result.failed.push(...part.map((id) => ({ title: picked.get(id), why: why[0].textContent, lang: "" })));
    }
    const so = Math.min(from + 10, ids.length);
    bar.value = (100 * so) / ids.length;
    said.textContent = so + " / " + ids.length;
  }
  box.hidden = true;
  said.textContent = "";
  return result;
}

// report says what was done, with a button to undo it, and of each that failed why.
function report(action, result) {
  const outcome = form.querySelector("[data-outcome]");
  const parts = [];
  if (result.done.length) {
    const done = document.createElement("div");
    done.className = "done";
    done.append(paragraph("", [outcome.dataset[action]]));
    const offer = undo(action, result.changes);
    if (offer) done.append(offer);
    parts.push(done);
  }
  if (result.problem) parts.push(paragraph("problem", result.problem));
  if (result.failed.length) {
    const list = document.createElement("ul");
    list.append(...result.failed.map(failure));
    const box = document.createElement("div");
    box.className = "problem";
    box.append(list, paragraph("", [outcome.dataset.retry]));
    parts.push(box);
  }
  outcome.replaceChildren(...parts);
}

// failure is a line that says of one video why nothing was done, as the page does without scripts.
function failure({ title, why, lang }) {
  const reason = Object.assign(document.createElement("span"), { textContent: why, dir: "auto" });
  if (lang) reason.lang = lang;
  const line = Object.assign(document.createElement("li"), { dir: "auto" });
  line.append(title + ": ", reason);
  return line;
}

// undo is a button of a form elsewhere on the page, since forms do not nest.
function undo(action, changes) {
  const template = document.querySelector("template[data-undo]");
  document.querySelector("form[data-undo-form]")?.remove();
  if (!template || !changes.length) return null;
  const offer = template.content.cloneNode(true).querySelector("form");
  offer.id = "undo-many";
  offer.dataset.undoForm = "";
  offer.elements.verb.value = action;
  for (const change of changes) {
    const of = document.createElement("input");
    Object.assign(of, { type: "hidden", name: "of", value: change });
    offer.append(of);
  }
  const button = offer.querySelector("button");
  button.setAttribute("form", offer.id);
  form.after(offer);
  return button;
}

function paragraph(kind, parts) {
  const p = Object.assign(document.createElement("p"), { className: kind });
  p.append(...parts);
  return p;
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches('[data-all], input[name="video"]')) {
      boxes().forEach(note);
      tell();
    }
  });
  form.addEventListener("submit", step);
  form.querySelector("[data-clear]")?.addEventListener("click", () => {
    untick([...picked.keys()]);
    boxes()[0]?.focus();
  });
  boxes().forEach(note); // what the browser has kept ticked, back on this page
  prepare();
}
