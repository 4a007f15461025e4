"""The last look at a message's words before they leave the house."""

import re

_LEFT_OVER = re.compile(
    r"\{\{|\}\}|\{%|%\}|\[[^\]\n]{0,80}\]|<[^>\n]{1,80}>|\b(?:TODO|TBD|FIXME|XXX|LOREM IPSUM)\b|_{4,}", re.IGNORECASE
)


def why_not_said(subject: str, text: str) -> str:
    """Return what is wrong with a message's words, empty where nothing is."""
    if not subject.strip() or not text.strip():
        return "It has no subject, or no text."
    if not all(character.isprintable() for character in subject):
        return "Its subject has a line break or an invisible character in it."
    for words in (subject, text):
        if found := _LEFT_OVER.search(words):
            return f"It still holds {found.group()!r}, which looks like something to fill in."
    return ""
