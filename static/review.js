// One row after the other is decided on by keys: each presses what names it. What needs a reason asks for it first.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.matches("input, textarea, select");
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || document.querySelector("dialog[open]")) {
    return;
  }
  const pressed = document.querySelector(`main [data-key="${CSS.escape(event.key)}"], form [data-key="${CSS.escape(event.key)}"]`);
  if (!pressed) {
    return;
  }
  event.preventDefault();
  const reason = pressed.form?.elements.reason;
  if (pressed === reason || (pressed.value === "disqualify" && !reason.value.trim())) {
    reason.focus();
  } else {
    pressed.click();
  }
});
