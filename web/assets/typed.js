// Keeps what was typed into a form of words while the page looks at another address. What was typed for a video stands
// in its form again; what was typed for another one is offered beside its field.
const kept = new Map(); // by video: what was typed, by the name of the field
let last; // the video for which something was typed last

const formOf = (part) => part.querySelector("form[data-of]");
const fieldsOf = (form) => [...form.querySelectorAll('input[name]:not([type="hidden"]), textarea[name]')];

// keep notes what was typed in a part of the page that is about to be replaced. In a form that was sent already all of it was.
export function keep(part) {
  const form = formOf(part);
  if (!form) return;
  const typed = fieldsOf(form).filter((field) => field.value !== field.defaultValue || (form.hasAttribute("data-sent") && field.value));
  kept.set(form.dataset.of, new Map(typed.map((field) => [field.name, field.value])));
  if (typed.length) last = form.dataset.of;
}

// giveBack fills in what was typed for the video that the part is about now.
export function giveBack(part) {
  const form = formOf(part);
  if (!form) return;
  const mine = kept.get(form.dataset.of), others = last === form.dataset.of ? undefined : kept.get(last);
  for (const field of fieldsOf(form)) {
    if (mine?.has(field.name)) field.value = mine.get(field.name);
    else if (others?.get(field.name) && others.get(field.name) !== field.value) offer(field, others.get(field.name));
  }
}

function offer(field, value) {
  const line = document.querySelector("template[data-typed]").content.cloneNode(true);
  line.querySelector("q").textContent = value;
  Object.assign(line.querySelector("button").dataset, { use: field.name, value });
  field.closest("label").after(line);
}
