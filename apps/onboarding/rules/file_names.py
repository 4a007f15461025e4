"""What a client called a file: shown to people, never used as a path."""

import re
import unicodedata

MOST_CHARACTERS = 150

# Control, format (among them the marks that turn the reading direction round), surrogate, private, unassigned,
# and the separators of lines and paragraphs.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,4})$")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def clean_file_name(name: str) -> str:
    """Return the last part of a name, without anything invisible, of at most 150 characters, its extension kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(letter for letter in last if letter.isspace() or unicodedata.category(letter) not in _INVISIBLE)
    tidy = " ".join(visible.split()).strip(" .") or "attachment"
    if _DEVICE.fullmatch(tidy):  # Windows would write to a device
        tidy = f"_{tidy}"
    extension = _EXTENSION.search(tidy)
    ending = extension.group() if extension else ""
    return tidy.removesuffix(ending)[: MOST_CHARACTERS - len(ending)] + ending


def extension_of(name: str) -> str:
    """Return what a cleaned name says the file is, in lower case without the dot; empty when it says nothing."""
    found = _EXTENSION.search(name)
    return found.group(1).lower() if found else ""
