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
