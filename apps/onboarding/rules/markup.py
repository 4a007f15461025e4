"""What comes with a text without being part of it: tags, links' targets, hidden characters, unfilled placeholders."""

import re

_TAG = re.compile(r"</?[A-Za-z][\w-]{0,30}(?:\s[^<>]{0,500})?/?>|<!--.{0,500}?-->", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((?:https?://|mailto:|/|#)[^()\s]{0,500}\)")
# Direction overrides and characters without width: they make a text read other than it is stored.
_HIDDEN = re.compile("[\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
_LINE_END = re.compile("[\u2028\u2029]")
_HOLE = re.compile(
    r"\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}|\$\{\w{1,60}\}|\{[a-z]+(?:_[a-z]+)*\}"
    r"|[\[<](?:insert|add|enter|your|name|brand|client|company|product|link|date|url|number|tbd|xx|placeholder)"
    r"\b[^\]>\n]{0,80}[\]>](?!\()"
    r"|\[(?-i:[A-Z][A-Z _/-]{2,60})\](?!\()"
    r"|\b(?-i:TODO|FIXME|TBD|TBC|XXX)\b:?"
    r"|\blorem ipsum(?: dolor(?: sit amet)?)?\b[^.;\n]{0,200}|\bplaceholder(?: (?:text|copy|name|image))?\b"
    r"|\bto be (?:determined|defined|confirmed later|filled in|added later)\b"
    r"|\byour (?:brand|company|business|product|name|logo|text|headline) here\b",
    re.IGNORECASE,
)


def has_hole(text: str) -> bool:
    """Tell whether somebody meant to fill in a part of a text, and did not: `[your price]`, `TBD`, `{{ name }}`."""
    return _HOLE.search(text) is not None


def plain_text(text: str) -> str:
    """Return a text without HTML tags, targets of links, hidden characters and placeholders that nobody filled in."""
    bare = _LINK.sub(r"\1", _HIDDEN.sub("", _LINE_END.sub("\n", text)))
    return _TAG.sub(" ", _HOLE.sub(" ", bare))
