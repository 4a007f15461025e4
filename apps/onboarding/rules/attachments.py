"""What kind of file somebody attached. Its content decides, structure included; its name may only agree."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from contextlib import suppress

from apps.onboarding.rules.cleaning import clean
from apps.onboarding.rules.file_names import extension_of
from apps.onboarding.rules.word_files import MOST_UNPACKED_BYTES, word_file_problem
from apps.shared.text import gettext_noop

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"
PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
PICTURES = frozenset({PNG, JPEG, WEBP})

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20
MOST_BYTES_IN_ALL = 50 * 1024 * 1024
"""Of all files of an intake, as they are kept."""
MOST_PIXELS = 25_000_000
"""5,000 × 5,000: more than any camera's picture needs on a screen, about 100 MB once unpacked."""
MOST_TEXT_BYTES = 200_000

LABELS = {
    PDF: "PDF",
    DOCX: gettext_noop("Word file"),
    TEXT: gettext_noop("plain text"),
    PNG: "PNG",
    JPEG: "JPEG",
    WEBP: "WebP",
}
_ENDINGS = {PDF: ("pdf",), DOCX: ("docx",), TEXT: ("txt", "text", "md")}
_PICTURE_ENDINGS = {PNG: ("png",), JPEG: ("jpg", "jpeg"), WEBP: ("webp",)}
_MAY_BE = {ending: {kind} for kind, endings in _ENDINGS.items() for ending in endings} | {
    ending: PICTURES for endings in _PICTURE_ENDINGS.values() for ending in endings
}

_STARTS = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"PK\x03\x04": DOCX}
_BLANK = b"\xef\xbb\xbf \t\r\n"
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_SNIFFED = 1024
"""How far into a file browsers and readers look for another format's marks."""
# Formats of printable characters: read as text they would be harmless, opened by a browser or a shell they act.
_PRINTABLE_FORMATS = (
    *("<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe"),
    *("gif8", "%!ps", "{\\rtf", "#!", "mime-version:"),
)


class AttachmentRefused(Exception):
    """A file cannot be attached; the text names it, what is wrong with it, and what to do.

    It is English; `told` gives it in the language that a door speaks.
    """

    def __init__(self, said: str, **facts: object) -> None:
        self.said, self.facts = said, facts
        super().__init__(said % facts)

    def told(self, translate: Callable[[str], str]) -> str:
        """Return the text as a door says it, given how it translates a sentence."""
        words = {name: translate(str(self.facts[name])) for name in ("actual",) if name in self.facts}
        return translate(self.said) % (self.facts | words)


class ScannerAway(AttachmentRefused):
    """A file cannot be attached for as long as nobody can say whether it holds a virus."""


def recognise(name: str, content: bytes) -> str:
    """Return the media type of a file by its content. `name` is the cleaned one.

    A picture is only recognised here; that it can be decoded is found out in a process of its own. Raises
    AttachmentRefused for an empty, too large, damaged, unsafe or unknown file, and for a name that says otherwise.
    """
    if not content:
        raise AttachmentRefused(gettext_noop("%(name)s is empty; send the file again."), name=name)
    if len(content) > MOST_BYTES:
        too_large = gettext_noop("%(name)s is larger than %(most)s MB; send a smaller file.")
        raise AttachmentRefused(too_large, name=name, most=MOST_BYTES // 1024**2)
    ending, found = extension_of(name), _media_type_of(content)
    if ending and ending not in _MAY_BE:
        unknown = gettext_noop(
            "%(name)s ends in .%(ending)s, which is not accepted; send a PDF, DOCX, TXT, PNG, JPEG or WebP."
        )
        raise AttachmentRefused(unknown, name=name, ending=ending)
    if found is None and not ending:
        untyped = gettext_noop("%(name)s is of no accepted type; send a PDF, DOCX, TXT, PNG, JPEG or WebP.")
        raise AttachmentRefused(untyped, name=name)
    if found is None or (ending and found not in _MAY_BE[ending]):
        actual = LABELS[found] if found else gettext_noop("something else")
        other = gettext_noop(
            "%(name)s ends in .%(ending)s, but its content is %(actual)s; send a PDF, DOCX, TXT, PNG, JPEG or WebP."
        )
        raise AttachmentRefused(other, name=name, ending=ending, actual=actual)
    if problem := _structure_problem(found, content):
        raise AttachmentRefused(problem, name=name, most=MOST_UNPACKED_BYTES // 1_000_000)
    return found


def download_name(name: str, media_type: str) -> str:
    """Return the name a file is handed out under: the client's, ended as its content is."""
    endings = (_ENDINGS | _PICTURE_ENDINGS)[media_type]
    return name if extension_of(name) in endings else f"{name}.{endings[0]}"


def read_text(content: bytes) -> str | None:
    """Return plain text from UTF-8, UTF-16 (with its mark) or Latin-1 as Windows writes it; None when it is none."""
    text = _decoded(content)
    if text is None or _NOT_IN_TEXT.search(text):
        return None
    opening = text[:_SNIFFED].lower()
    return None if opening.lstrip().startswith(_PRINTABLE_FORMATS) or "%pdf-" in opening else text


def shorten_text(text: str) -> tuple[str, bool]:
    """Return text as it is kept, of at most 200 kB in UTF-8, and whether something had to be left out."""
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    kept = tidy.encode()[:MOST_TEXT_BYTES].decode(errors="ignore")
    return kept, kept != tidy


def _media_type_of(content: bytes) -> str | None:
    known = next((kind for start, kind in _STARTS.items() if content.startswith(start)), None)
    if known:
        return known
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[:_SNIFFED].lstrip(_BLANK).startswith(b"%PDF-"):
        return PDF
    return None if read_text(content) is None else TEXT


def _structure_problem(media_type: str, content: bytes) -> str:
    if media_type == PDF:
        return _pdf_problem(content)
    return word_file_problem(content) if media_type == DOCX else ""


def _pdf_problem(content: bytes) -> str:
    ending = content[-2 * _SNIFFED :].rstrip(b"\0 \t\r\n")
    if not ending.endswith(b"%%EOF") or b"startxref" not in ending:
        return gettext_noop("%(name)s is cut off, or holds more than a PDF; export it again.")
    if _MARKUP.search(content[:_SNIFFED]):
        return gettext_noop("%(name)s is a web page and a PDF in one; export it again.")
    return ""


def _decoded(content: bytes) -> str | None:
    is_utf16 = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return None
