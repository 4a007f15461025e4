"""What a rule is, what it is shown, and how its hits become findings."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Literal
from uuid import UUID

from apps.learning.api.dtos import LessonInForce
from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import CalendarItem, Draft, DraftSection
from apps.qc.api.dtos import QcFinding
from apps.qc.rules.reader import Text, clean, read, sentences_in
from apps.strategy.api.dtos import Strategy

Severity = Literal["BLOCKER", "MAJOR", "MINOR"]
Status = Literal["FAIL", "WARN"]

QUOTED_PER_FINDING = 3
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # its digits are no facts


@dataclass(frozen=True)
class Hit:
    """One place where a rule is broken. `section` "" means the draft as a whole."""

    section: str
    message: str
    evidence: str
    fix: str
    status: Status | None = None  # None = the rule's own
    lesson_id: UUID | None = None


@dataclass(frozen=True)
class Passage:
    """A sentence, table row or heading, with what announces it."""

    section: str
    text: str
    lead: str
    kind: Literal["heading", "paragraph", "item", "header", "row", "post"]


@dataclass(frozen=True)
class ReadSection:
    """A section beside its parsed text."""

    source: DraftSection
    text: Text

    @property
    def key(self) -> str:
        return self.source.key

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        title = Passage(self.key, clean(self.source.heading), "", "heading")
        return title, *(
            Passage(self.key, part, block.lead, block.kind)
            for block in self.text.blocks
            for part in (sentences_in(block.text) if block.kind in ("paragraph", "item") else (block.text,))
        )


@dataclass(frozen=True)
class Reading:
    """A draft as rules see it, beside the brief, the strategy and the lessons it must agree with."""

    draft: Draft
    brief: Brief
    strategy: Strategy
    lessons: tuple[LessonInForce, ...] = ()

    @cached_property
    def sections(self) -> tuple[ReadSection, ...]:
        ordered = sorted(self.draft.sections, key=lambda section: section.position)
        return tuple(ReadSection(section, read(section.markdown)) for section in ordered)

    @cached_property
    def calendar_key(self) -> str:
        """The section that shows the calendar: findings about posts belong to it."""
        return next((section.key for section in self.sections if "calendar" in section.key), "")

    @cached_property
    def posts(self) -> tuple[CalendarItem, ...]:
        return tuple(sorted(self.draft.calendar, key=lambda item: item.date))

    @cached_property
    def post_passages(self) -> tuple[Passage, ...]:
        return tuple(
            Passage(self.calendar_key, sentence, "", "post")
            for post in self.posts
            for part in (post.theme, post.hook, post.caption, post.call_to_action)
            for sentence in sentences_in(clean(part))
        )

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Everything a client would read, in order, each text once per section."""
        everything = [passage for section in self.sections for passage in section.passages]
        return tuple(dict.fromkeys([*everything, *self.post_passages]))

    @cached_property
    def brief_text(self) -> str:
        return clean("\n".join(_strings(self.brief.model_dump(mode="json"))))

    @cached_property
    def strategy_text(self) -> str:
        return clean("\n".join(_strings(self.strategy.model_dump(mode="json"))))


def _strings(value: object) -> Iterator[str]:
    """Yield every text and number below a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, str | int | float) and not _ID.fullmatch(str(value)):
        yield str(value)


@dataclass(frozen=True)
class Rule:
    """A check that always gives the same answer, and why it is made."""

    code: str
    family: str
    severity: Severity
    title: str
    why: str
    status: Status
    auto_fixable: bool
    hits: Callable[[Reading], Iterable[Hit]]

    def findings(self, reading: Reading) -> Iterator[QcFinding]:
        """Yield one finding per section, and per lesson: more hits there are quoted in it, not counted again."""
        hits = list(self.hits(reading))
        order = {section.key: place for place, section in enumerate(reading.sections)}
        hits.sort(key=lambda hit: (order.get(hit.section, -1), str(hit.lesson_id or "")))
        for (section, _), group in groupby(hits, key=lambda hit: (hit.section, hit.lesson_id)):
            yield self._finding(section, list(group))

    def _finding(self, section: str, hits: list[Hit]) -> QcFinding:
        quotes = list(dict.fromkeys(hit.evidence for hit in hits if hit.evidence))
        left_out = len(quotes) - QUOTED_PER_FINDING
        evidence = " · ".join(quotes[:QUOTED_PER_FINDING]) + (f" (+{left_out} more)" if left_out > 0 else "")
        stops = any((hit.status or self.status) == "FAIL" for hit in hits)
        return QcFinding(
            rule_code=self.code,
            severity=self.severity,
            status="FAIL" if stops else "WARN",
            section=section,
            message=hits[0].message,
            evidence=evidence,
            fix=hits[0].fix,
            auto_fixable=self.auto_fixable,
            lesson_id=hits[0].lesson_id,
        )


@dataclass
class Family:
    """Rules about one thing, in the order in which they are written down."""

    name: str
    rules: list[Rule] = field(default_factory=list)

    def on_draft(
        self,
        code: str,
        severity: Severity,
        title: str,
        *,
        why: str,
        status: Status = "FAIL",
        auto_fixable: bool = False,
    ) -> Callable[[Callable[[Reading], Iterable[Hit]]], Callable[[Reading], Iterable[Hit]]]:
        """Register a rule that looks at the whole draft."""

        def register(hits: Callable[[Reading], Iterable[Hit]]) -> Callable[[Reading], Iterable[Hit]]:
            self.rules.append(Rule(code, self.name, severity, title, why, status, auto_fixable, hits))
            return hits

        return register

    def on_section(
        self, code: str, severity: Severity, title: str, **about: object
    ) -> Callable[[Callable[[ReadSection, Reading], Iterable[Hit]]], Callable[[Reading], Iterable[Hit]]]:
        """Register a rule that looks at each section by itself."""

        def register(check: Callable[[ReadSection, Reading], Iterable[Hit]]) -> Callable[[Reading], Iterable[Hit]]:
            def hits(reading: Reading) -> Iterator[Hit]:
                for section in reading.sections:
                    yield from check(section, reading)

            return self.on_draft(code, severity, title, **about)(hits)  # type: ignore[arg-type]

        return register

    def on_passage(
        self, code: str, severity: Severity, title: str, **about: object
    ) -> Callable[[Callable[[Passage, Reading], Iterable[Hit]]], Callable[[Reading], Iterable[Hit]]]:
        """Register a rule that looks at each sentence, row, heading and post by itself."""

        def register(check: Callable[[Passage, Reading], Iterable[Hit]]) -> Callable[[Reading], Iterable[Hit]]:
            def hits(reading: Reading) -> Iterator[Hit]:
                for passage in reading.passages:
                    yield from check(passage, reading)

            return self.on_draft(code, severity, title, **about)(hits)  # type: ignore[arg-type]

        return register
