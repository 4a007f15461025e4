"""The output gate: what every package must measure up to before it is stored. It has no switch."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apps.delivery.rules.report import Report
from apps.production.api.dtos import Draft
from apps.qc.api.dtos import QcReport
from apps.shared.text import one_line, without_pictographs

MEBIBYTE = 1024 * 1024
MOST_BYTES = {
    "strategy-report.pdf": 10 * MEBIBYTE,
    "strategy-report.docx": 5 * MEBIBYTE,
    "strategy-deck.pptx": 20 * MEBIBYTE,
    "content-calendar.csv": 5 * MEBIBYTE,
    "draft.md": MEBIBYTE,
    "manifest.json": MEBIBYTE,
    "package.zip": 50 * MEBIBYTE,
}
MOST_UNPACKED_BYTES = 100 * MEBIBYTE
SLIDES = (10, 30)
SHORTEST_NOTE = 50
WORDS_PER_SECTION = 150
"""On average: 2,550 words for the 17 sections of the standard pack."""
MOST_DRAFT_CHARACTERS = 900_000

_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.[a-z]{2,5}")
_LEFTOVERS = re.compile(
    r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|\$\{\w{1,60}\}|\{[a-z]+(?:_[a-z]+)*\}"
    r"|\[(?:insert|your|client|company|brand|add|tbd|name|date|placeholder)\b[^\]\n]{0,60}\](?!\()"
    r"|\b(?-i:TODO|FIXME|TBD)\b|\blorem ipsum\b|\bplaceholder (?:text|copy|name|image)\b"
    r"|@example\.(?:com|org|net)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What was measured in a finished file; a measure that its format lacks stays None or empty.

    `words` are those of the numbered sections, without what stands before and after them.
    """

    name: str
    size: int
    pages: int | None = None
    slides: int | None = None
    shortest_note: int | None = None
    words: int | None = None
    headings: tuple[str, ...] = ()
    text: str = ""
    entries: tuple[str, ...] = ()
    unpacked_size: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule of the gate that a file breaks."""

    file: str
    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.detail}"


def page_bounds(section_count: int) -> tuple[int, int]:
    """Return the fewest and most pages of a report: 8 to 80 for the 17 sections of the standard pack.

    Cover, contents, overview and closing take four pages; a page holds four short sections at best, and no section
    should need more than four pages.
    """
    return 4 + section_count // 4, 12 + 4 * section_count


def find_unfit(draft: Draft, quality: QcReport) -> list[Breach]:
    """List why a draft may not be packed at all, before anything is rendered."""
    breaches = []
    if quality.draft_id != draft.id:
        detail = "the quality report is of another draft; evaluate this one"
        breaches.append(Breach("draft", "checked", detail))
    if quality.verdict == "FAIL":
        breaches.append(Breach("draft", "quality", f"its verdict is FAIL with {quality.score} points; revise it first"))
    if not draft.sections:
        breaches.append(Breach("draft", "sections", "it has none; write it first"))
    characters = sum(len(section.markdown) for section in draft.sections)
    if characters > MOST_DRAFT_CHARACTERS:
        breaches.append(Breach("draft", "length", f"{characters} characters, at most {MOST_DRAFT_CHARACTERS}"))
    return breaches


def find_breaches(report: Report, files: Mapping[str, FileFacts]) -> list[Breach]:
    """List every rule that the finished files break; empty when the package may be stored."""
    return [breach for facts in files.values() for breach in _file_breaches(report, facts)]


def _file_breaches(report: Report, facts: FileFacts) -> Iterator[Breach]:
    yield from _size_and_name(facts)
    yield from _leftovers(facts)
    match facts.name:
        case "strategy-report.pdf":
            yield from _pages(report, facts)
            yield from _sections(report, facts)
        case "strategy-report.docx":
            yield from _sections(report, facts)
            yield from _words(report, facts)
        case "strategy-deck.pptx":
            yield from _slides(facts)
        case "package.zip":
            yield from _entries(facts)


def _size_and_name(facts: FileFacts) -> Iterator[Breach]:
    if not _SAFE_NAME.fullmatch(facts.name):
        yield Breach(facts.name, "name", "only small letters, digits, hyphens and one extension are allowed")
    most = MOST_BYTES.get(facts.name)
    if most is None:
        yield Breach(facts.name, "name", "a package holds no such file")
    elif not 0 < facts.size <= most:
        yield Breach(facts.name, "size", f"{facts.size} bytes, allowed are 1 to {most}")


def _leftovers(facts: FileFacts) -> Iterator[Breach]:
    found = _LEFTOVERS.search(facts.text)
    if found:
        yield Breach(facts.name, "leftover", f"{found.group()!r} was never filled in; revise that section")


def _pages(report: Report, facts: FileFacts) -> Iterator[Breach]:
    fewest, most = page_bounds(len(report.sections))
    if facts.pages is None or not fewest <= facts.pages <= most:
        yield Breach(facts.name, "pages", f"{facts.pages} pages, allowed are {fewest} to {most}")


def _sections(report: Report, facts: FileFacts) -> Iterator[Breach]:
    present = {_bare(heading) for heading in facts.headings}
    for section in report.sections:
        # The PDF numbers "1 Overview", the Word file "1. Overview".
        if present.isdisjoint({_bare(f"{section.number}{mark}{section.heading}") for mark in ("", ".")}):
            yield Breach(facts.name, "sections", f"section {section.heading!r} is missing")


def _bare(heading: str) -> str:
    return "".join(one_line(without_pictographs(heading)).split()).casefold()


def _words(report: Report, facts: FileFacts) -> Iterator[Breach]:
    fewest = WORDS_PER_SECTION * len(report.sections)
    if facts.words is None or facts.words < fewest:
        yield Breach(facts.name, "words", f"{facts.words} words, at least {fewest} for {len(report.sections)} sections")


def _slides(facts: FileFacts) -> Iterator[Breach]:
    fewest, most = SLIDES
    if facts.slides is None or not fewest <= facts.slides <= most:
        yield Breach(facts.name, "slides", f"{facts.slides} slides, allowed are {fewest} to {most}")
    if facts.shortest_note is None or facts.shortest_note < SHORTEST_NOTE:
        detail = f"the shortest has {facts.shortest_note} characters, at least {SHORTEST_NOTE} are needed"
        yield Breach(facts.name, "speaker notes", detail)


def _entries(facts: FileFacts) -> Iterator[Breach]:
    for entry in facts.entries:
        if not _SAFE_NAME.fullmatch(entry):
            yield Breach(facts.name, "entry name", f"{entry!r} is not a plain file name")
    if facts.unpacked_size > MOST_UNPACKED_BYTES:
        yield Breach(facts.name, "unpacked size", f"{facts.unpacked_size} bytes, at most {MOST_UNPACKED_BYTES}")
