// Select2 names its box after the chosen value alone: one that is empty would have no name for those who cannot see it.
function nameBoxes() {
  for (const box of document.querySelectorAll(".select2-selection[role=combobox]:not([aria-label])")) {
    const select = box.closest(".select2").previousElementSibling;
    const label = select && document.querySelector(`label[for="${select.id}"]`);
    if (label) {
      box.removeAttribute("aria-labelledby");
      for (const named of [box, ...box.querySelectorAll("[role=textbox]")]) {
        named.setAttribute("aria-label", label.textContent.trim());
      }
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  nameBoxes();
  new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true });
});

// --- keys: those that the help dialog lists, nowhere while somebody types --------------------------------------------
const ROWS = "#result_list tr.data-row, .desk-worklist li";
let pressed = "";

function isTyping(target) {
  return target.isContentEditable || (target.matches("input, textarea, select") && target.type !== "checkbox");
}

function isCovered() {
  return document.querySelector("dialog[open]") || document.getElementById("modal-content")?.checkVisibility();
}

function rowOf(element) {
  return element.closest(ROWS);
}

function moveBy(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility() && row.querySelector("a[href]"));
  const at = rows.indexOf(rowOf(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  next?.querySelector("a[href]").focus();
  next?.scrollIntoView({ block: "nearest" });
}

function search() {
  const bar = document.getElementById("searchbar");
  bar ? bar.focus() : document.querySelector(".desk-search")?.click();
}

const KEYS = {
  j: () => moveBy(1),
  k: () => moveBy(-1),
  x: () => rowOf(document.activeElement)?.querySelector("input.action-select")?.click(),
  "?": () => document.getElementById("desk-keys")?.showModal(),
  "/": () => search(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isCovered()) {
    pressed = "";
    return;
  }
  const place = document.querySelector(`#desk-keys a[data-keys="${CSS.escape(`${pressed} ${event.key}`)}"]`);
  const does = place ? () => place.click() : pressed === "" ? KEYS[event.key] : undefined;
  pressed = pressed === "" && event.key === "g" ? "g" : event.key === "Shift" ? pressed : "";
  if (does) {
    event.preventDefault();
    does();
  }
});

// --- dialogs keep the focus while they are open, and give it back ----------------------------------------------------
const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden]), textarea, select, summary, [tabindex='0']";
let opener = null;

function reachable(box) {
  return [...box.querySelectorAll(FOCUSABLE)].filter((each) => each.checkVisibility());
}

function focusFirst(box) {
  (reachable(box).find((each) => each.matches("input, textarea, select")) ?? reachable(box)[0])?.focus();
}

function watchDialog(box) {
  let wasOpen = false;
  new MutationObserver(() => {
    const isOpen = box.checkVisibility();
    if (isOpen && !wasOpen) {
      focusFirst(box);
    } else if (wasOpen && !isOpen) {
      opener?.focus();
    }
    wasOpen = isOpen;
  }).observe(box.parentElement, { attributes: true });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") {
      return;
    }
    const all = reachable(box);
    const [first, last] = [all[0], all[all.length - 1]];
    if (document.activeElement === (event.shiftKey ? first : last)) {
      event.preventDefault();
      (event.shiftKey ? last : first)?.focus();
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target === box) {
      opener = event.detail.elt;
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== box && box.contains(event.detail.elt)) {
      focusFirst(box);
    }
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("modal-content");
  if (box) {
    watchDialog(box);
  }
});
