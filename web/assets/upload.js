// Shows how much of a file has gone. Without scripts the form sends it all the same.
for (const form of document.querySelectorAll("[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const box = form.querySelector(".progress"), bar = box.querySelector("progress"), said = box.querySelector("[role=status]");
    const button = form.querySelector("button");
    const request = new XMLHttpRequest(); // fetch tells nobody how much has gone
    const failed = () => {
      said.textContent = said.dataset.failed;
      button.disabled = false;
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = (100 * loaded) / total;
      said.textContent = Math.floor(bar.value) + " %";
    });
    request.addEventListener("error", failed);
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) {
        location.assign(request.responseURL);
      } else if (request.status === 422) {
        // The server's page says which field is wrong, and the form goes on there.
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const problem = page.querySelector(".problem[role=alert]");
        failed();
        if (problem) said.textContent = problem.textContent;
      } else {
        failed();
      }
    });
    box.hidden = false;
    button.disabled = true;
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
