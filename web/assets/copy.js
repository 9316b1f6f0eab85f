// Copies a snippet with one key and says so. Without scripts the text is
// selected by hand, which the field allows.
function prepare(button) {
  const box = button.closest(".snippet");
  const text = box.querySelector("textarea");
  const said = box.querySelector("[data-copied]");
  text.addEventListener("focus", () => text.select());
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = said.dataset.text;
    } catch {
      // Not a secure context, or refused: leave it selected for the reader's own shortcut.
      text.focus();
      text.select();
      if (document.execCommand("copy")) said.textContent = said.dataset.text;
    }
  });
}

for (const button of document.querySelectorAll("[data-copy]")) prepare(button);
document.querySelector("[data-first]")?.focus(); // so that Enter copies what has just been registered
document.addEventListener("videoteca:copy", (event) => prepare(event.detail)); // one that came in later
