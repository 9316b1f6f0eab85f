// Registers what is ticked one by one, with progress. What was registered is remembered from try to try, and the page ends
// with the snippets of all of it. Without scripts the form is sent whole.
import { explained, send, Unanswered } from "./answers.js";

const atOnce = 3; // registrations under way: platforms are asked by the server, with manners of its own
const saved = new Map(); // by address, in the order of the lists: the id of its video, empty while it has none
let busy = false;

export function prepare(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!busy) register(form);
  });
}

async function register(form) {
  const rows = [...form.querySelectorAll('input[name="url"]:checked')];
  complain(form, []);
  if (!rows.length) return;
  if (rows.length > Number(form.dataset.most)) return complain(form, [form.dataset.toomany]);
  const button = form.querySelector("button.primary");
  busy = true;
  button.setAttribute("aria-disabled", "true"); // and not disabled, which would lose the focus
  const result = await each(form, rows);
  button.removeAttribute("aria-disabled");
  busy = false;
  finish(form, result);
}

// each registers the rows, a few at a time, until one answer is for all of them.
async function each(form, rows) {
  const box = form.querySelector(".progress"), bar = box.querySelector("progress"), said = box.querySelector("[role=status]");
  const result = { failed: 0, noted: 0, problem: null, field: "" };
  const queue = [...rows];
  let done = 0;
  for (const row of rows) if (!saved.has(row.value)) saved.set(row.value, "");
  box.hidden = bar.hidden = false;
  bar.value = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let row; !result.problem && (row = queue.shift()); ) {
      await one(form, row, result);
      bar.value = (100 * ++done) / rows.length;
      said.textContent = done + " / " + rows.length;
    }
  }));
  return result;
}

async function one(form, row, result) {
  const line = row.closest("li");
  const tell = (place, parts) => {
    const said = line.querySelector(place);
    said.replaceChildren(...parts);
    said.hidden = !parts.length;
  };
  tell("[data-row-problem]", []);
  tell("[data-row-note]", []);
  try {
    const body = new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "url"));
    body.set("url", row.value);
    const { items, problem, field } = await send(form.action, body);
    if (problem) {
      Object.assign(result, { problem: [reason(problem)], field });
      return;
    }
    const [{ id, error, notes }] = items;
    if (error) {
      result.failed++;
      return tell("[data-row-problem]", [reason(error)]);
    }
    saved.set(row.value, id);
    row.checked = false;
    if (!notes) return;
    result.noted++;
    tell("[data-row-note]", notes.flatMap((note) => [reason(note), " "]));
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    if (error.ends) {
      result.problem = explained(error.status);
      return;
    }
    result.failed++;
    tell("[data-row-problem]", explained(error.status));
  }
}

function reason({ words, lang }) {
  const said = Object.assign(document.createElement("span"), { textContent: words, dir: "auto" });
  if (lang) said.lang = lang;
  return said;
}

// finish leads to the snippets, at once where nothing is to be read or mended here and a page has room for all.
function finish(form, { failed, noted, problem, field }) {
  const parts = partsOf([...new Set([...saved.values()].filter(Boolean))], Number(form.dataset.most));
  if (!failed && !noted && !problem && parts.length === 1) return location.assign(addressOf(parts[0]));
  const said = form.querySelector(".progress [role=status]");
  said.textContent = failed ? said.dataset.part : problem ? "" : said.dataset.noted;
  said.parentElement.hidden = !said.textContent;
  form.querySelector("progress").hidden = true;
  const place = form.querySelector("[data-saved]");
  const links = parts.map((ids) => Object.assign(document.createElement("a"), { className: "button", href: addressOf(ids), textContent: place.dataset.text.replace("#", ids.length) }));
  place.replaceChildren(...links);
  place.hidden = !links.length;
  if (problem) complain(form, problem, field);
  else if (failed) form.querySelector("[data-row-problem]:not([hidden])").scrollIntoView({ block: "nearest" });
  else links[0]?.focus();
}

// partsOf cuts a list into pieces for which a page has room.
const partsOf = (list, most) => Array.from({ length: Math.ceil(list.length / most) }, (_, i) => list.slice(i * most, (i + 1) * most));

const addressOf = (ids) => "/new?saved=" + ids.join(",") + "&lang=" + document.documentElement.lang;

// complain says what is wrong with all of them, or that nothing is, and with which field.
function complain(form, parts, field = "") {
  const said = form.querySelector("[data-problem]");
  said.replaceChildren(...parts);
  said.hidden = !parts.length;
  for (const one of form.querySelectorAll(`[aria-describedby="${said.id}"]`)) {
    one.removeAttribute("aria-describedby");
    one.removeAttribute("aria-invalid");
  }
  if (!field) return;
  form.elements[field].setAttribute("aria-invalid", "true");
  form.elements[field].setAttribute("aria-describedby", said.id);
  form.elements[field].focus();
}
