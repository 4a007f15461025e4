// Words marked in a section become the quote of a remark on it. Without this script they are typed.
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  const words = selection.toString().trim();
  if (!words || words.length > 2000 || !selection.anchorNode) return;
  const inside = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-section] .document");
  const text = inside(selection.anchorNode);
  if (!text || text !== inside(selection.focusNode)) return;
  const form = text.closest("[data-section]").querySelector("details");
  if (!form) return;
  form.open = true;
  form.querySelector("textarea[name=quote]").value = words;
});
