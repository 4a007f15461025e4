"""How people are addressed."""

import re

_TITLES = frozenset(
    {"dr", "prof", "mr", "mrs", "ms", "mx", "herr", "frau", "mme", "mlle", "sr", "sra", "sir", "ing", "dipl"}
)
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")


def first_name(full_name: str) -> str:
    """Return a person's first name, empty where the whole name does not tell it.

    "Kelly, Tom" and "Dr. Tom Kelly" are Tom; "T. Kelly" and a single word tell nothing that one may say "Hello" to.
    """
    last, comma, rest = full_name.partition(",")
    words = _WORD.findall(rest if comma and rest.strip() else last)
    names = [word for word in words if word.casefold().rstrip(".") not in _TITLES]
    first = names[0] if len(names) > 1 or (comma and names) else ""
    return "" if first.endswith(".") or len(first) < 2 else first
