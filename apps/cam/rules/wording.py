"""The last look at a message's words before they leave the house."""

from apps.cam.rules.templates import is_one_line, left_over


def why_not_said(subject: str, text: str) -> str:
    """Return what is wrong with a message's words, empty where nothing is."""
    if why := why_no_words(subject, text):
        return why
    found = left_over(subject) or left_over(text)
    return f"It still holds {found[0]!r}, which looks like something to fill in." if found else ""


def why_no_words(subject: str, text: str) -> str:
    """Return why subject and text cannot be a mail's, whatever they say; empty where they can."""
    if not subject.strip() or not text.strip():
        return "It has no subject, or no text."
    if not is_one_line(subject):
        return "Its subject has a line break or an invisible character in it."
    return ""
