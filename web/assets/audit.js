// Ticks all rows of the audit's table at once. Without it, each is ticked by hand.
for (const form of document.querySelectorAll("[data-many]")) {
  const all = form.querySelector("[data-all]");
  const rows = [...form.querySelectorAll('input[name="source"]')];
  all.hidden = false;
  all.addEventListener("change", () => rows.forEach((row) => { row.checked = all.checked; }));
  form.addEventListener("change", () => { all.checked = rows.every((row) => row.checked); });
}
