// A date and time typed here is meant in the zone of whoever types it: the form carries how
// far that is from UTC on that day. Without scripts it is UTC, as the label says.
for (const form of document.querySelectorAll("[data-zone]")) {
  const at = form.elements.until;
  form.querySelector("[data-zone-name]").textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
  form.addEventListener("submit", () => {
    const day = at.value ? new Date(at.value) : new Date();
    form.elements.offset.value = day.getTimezoneOffset();
  });
}
