// A chosen file is sent at once, with a bar that shows how far it is. Without this script the button sends it.
document.addEventListener("change", (event) => {
  const form = event.target.closest("#upload");
  const file = form && event.target.files && event.target.files[0];
  if (!file) return;
  const problem = form.querySelector("[data-problem]");
  const bar = form.querySelector("progress");
  const tell = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
    bar.hidden = true;
  };
  if (file.size > Number(form.dataset.mostBytes)) return tell(problem.dataset.tooLarge);
  tell("");
  bar.value = 0;
  bar.hidden = false;
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
  });
  request.addEventListener("error", () => tell(problem.dataset.broken));
  request.addEventListener("load", () => {
    const answered = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("#files");
    if (!answered) return tell(problem.dataset.broken);
    document.querySelector("#files").replaceWith(answered);
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
});

// Where an answer could not be saved, its box says so: nobody looks for it in the browser's console.
for (const fault of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(fault, (event) => {
    const state = event.detail.target;
    const form = document.querySelector("#answers");
    if (!state || !form) return;
    state.querySelectorAll("p, div").forEach((told) => told.remove());
    const told = document.createElement("p");
    told.className = "errors";
    told.textContent = form.dataset.notSaved;
    state.append(told);
  });
}
