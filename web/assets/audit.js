import { ends, explained } from "./answers.js";

// Ticks all rows of the audit's table at once. Without it, each is ticked by hand.
for (const form of document.querySelectorAll("[data-many]")) {
  const all = form.querySelector("[data-all]");
  if (!all) continue;
  const rows = [...form.querySelectorAll('input[name="source"]')];
  all.hidden = false;
  all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  form.addEventListener("change", () => { all.checked = rows.every((row) => row.checked); });
}

// Says how far a task in the background is. Without it, a link does.
const pause = 1000; // milliseconds between two questions

async function follow(box) {
  const bar = box.querySelector("progress"), said = box.querySelector("[role=status]");
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    const answer = await fetch(box.dataset.task).catch(() => null);
    if (answer?.status === 404) return; // another machine answers; the page says so when it is loaded again
    if (ends(answer?.status)) {
      said.replaceChildren(...explained(answer.status));
      return;
    }
    if (!answer?.ok) continue;
    const task = await answer.json();
    bar.value = task.done;
    said.textContent = task.said;
    if (task.ended) return location.reload(); // the table has changed
  }
}

for (const box of document.querySelectorAll("[data-task]")) follow(box);
