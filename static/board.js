// The lead board: a card that is dropped on a column asks the server to move its lead; the server sends the board back
// as it is then, moved or not, and says why. Without this script each card has its menu.
(() => {
  let dragged = null;

  function columnOf(event) {
    return event.target instanceof Element ? event.target.closest("#board .desk-column") : null;
  }

  function mark(column) {
    for (const each of document.querySelectorAll("#board .desk-over")) {
      each.classList.toggle("desk-over", each === column);
    }
    column?.classList.add("desk-over");
  }

  async function send(data) {
    const board = document.getElementById("board");
    let answer;
    try {
      answer = await fetch(board.dataset.url, { method: "POST", body: data, headers: { "X-Board": "1" } });
    } catch {
      answer = null;
    }
    if (!answer?.ok) {
      const said = board.querySelector("[role=status]");
      said.classList.add("desk-error");
      said.textContent = "The desk did not answer as it should, and nothing is known to have moved. Load the page again.";
      return;
    }
    const across = board.querySelector(".desk-board").scrollLeft;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
    const said = fresh.querySelector("[role=status]");
    const words = said.textContent;
    said.textContent = "";
    board.replaceWith(fresh);
    said.textContent = words; // a screen reader tells what changes, not what was there when it came
    fresh.querySelector(".desk-board").scrollLeft = across;
    (fresh.querySelector("details[open] input[name=reason]") || fresh.querySelector(`[data-lead="${data.get("lead")}"] a`))?.focus();
  }

  document.addEventListener("dragstart", (event) => {
    const card = event.target instanceof Element ? event.target.closest("#board .desk-card[draggable=true]") : null;
    if (card) {
      dragged = card;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", card.dataset.lead);
    }
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
  document.addEventListener("dragover", (event) => {
    const column = columnOf(event);
    if (dragged && column) {
      event.preventDefault();
      mark(column);
    }
  });
  document.addEventListener("drop", (event) => {
    const column = columnOf(event);
    if (!dragged || !column) {
      return;
    }
    event.preventDefault();
    const from = dragged.closest(".desk-column");
    if (from !== column) {
      const data = new FormData(dragged.querySelector("form"));
      data.set("to", column.dataset.state);
      data.set("reason", "");
      send(data);
    }
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#board")) {
      event.preventDefault();
      send(new FormData(event.target));
    }
  });
})();
