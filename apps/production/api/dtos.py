"""Nouns of production."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.learning.api.dtos import LessonInForce
from apps.shared.dtos import Dto

CONTRACT_VERSION = "1.4"


class PackChoice(Dto):
    """Which pack a draft is to fill."""

    pack: str


class Benchmark(Dto):
    """What a section must measure: words, bullets, headings, expected labels, how much it may repeat itself."""

    min_words: int
    max_words: int
    min_bullets: int
    max_bullets: int
    min_headings: int
    max_headings: int
    form: Literal["PROSE", "TABLE", "LIST"] = "PROSE"
    labels: tuple[str, ...] = ()
    max_repeated_line_ratio: Decimal = Decimal("0.25")
    max_average_sentence_words: int = 26


class DraftSection(Dto):
    """One section of a draft, as CommonMark with tables; headings inside start at level 3."""

    key: str
    position: int
    heading: str
    markdown: str
    provider: str  # "offline" for the built-in composer
    prompt_version: str
    tokens: int
    benchmark: Benchmark


class CalendarItem(Dto):
    """One post of the content calendar."""

    date: date
    platform: str
    theme: str
    format: str
    hook: str
    caption: str
    call_to_action: str


class DraftPlan(Dto):
    """A draft written but not stored yet. `lessons` are those it was written by, as they stood then."""

    pack: str
    pack_title: str
    provider: str
    sections: tuple[DraftSection, ...]
    calendar: tuple[CalendarItem, ...]
    lessons: tuple[LessonInForce, ...] = ()


class Draft(DraftPlan):
    """A stored draft."""

    id: UUID
    client_id: UUID
    brief_id: UUID
    strategy_id: UUID
    round: int


class BundleAsset(Dto):
    """A specification or file that belongs to a draft."""

    id: UUID
    kind: str
    name: str
    spec: str
    sha256: str


class Bundle(Dto):
    """A draft with the specifications of its creative assets."""

    id: UUID
    draft_id: UUID
    assets: tuple[BundleAsset, ...]


class Pack(Dto):
    """A pack that can be ordered, with the headings of its sections in order."""

    key: str
    title: str
    description: str
    sections: tuple[str, ...]


class Wish(Dto):
    """What somebody wants changed in one section, in their own words."""

    section: str
    change: str
    priority: Literal["MUST", "SHOULD", "COULD"]


class Wishes(Dto):
    """What is wanted of the round after a draft; nothing when it is right as it is."""

    draft_id: UUID
    wishes: tuple[Wish, ...] = ()


class SectionChange(Dto):
    """A section's new text, and who wrote it."""

    key: str
    markdown: str
    provider: str = "person"
