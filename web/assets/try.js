// Shows the forms anew as soon as an option changes. Without scripts there is the button.
const form = document.querySelector("[data-try]");
for (const field of form.querySelectorAll("select")) field.addEventListener("change", () => form.requestSubmit());
