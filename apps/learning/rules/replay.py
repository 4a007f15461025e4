"""What judged sections suggest: words that a client objects to, tried on all that it has judged.

How sure a suggestion is, is the lower end of Wilson's interval (z = 1.96) for the share of sections, among those that
the rule finds, that the client objected to: 5 of 5 give 0.57, 11 of 12 give 0.65, 50 of 50 give 0.93.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from uuid import UUID

from apps.learning.rules.words import named_in, pattern_of

MOST_LOOKED_AT = 1000
"""Judged sections of a client, the newest: what it said years ago tells little of what it wants now."""
ENOUGH_DECISIONS = 30
"""Judged sections of a client before anything is proposed for it."""
ENOUGH_NAMED = 5
"""Objections that name the words themselves."""
SURE_ENOUGH = Decimal("0.5")
Z = 1.96


@dataclass(frozen=True)
class Judged:
    """A section as a client judged it."""

    id: UUID
    text: str
    is_refused: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """Words to leave out, and how that would have done: which judged sections named, caught and wrongly stopped it."""

    phrase: str
    named: tuple[UUID, ...]
    caught: tuple[UUID, ...]
    false_alarms: tuple[UUID, ...]
    refused: int
    sample_size: int

    @property
    def confidence(self) -> Decimal:
        return lower_bound(len(self.caught), len(self.caught) + len(self.false_alarms))

    @property
    def claim(self) -> str:
        """The suggestion in a sentence."""
        alarms = len(self.false_alarms)
        return (
            f"The client objected to “{self.phrase}” {len(self.named)} times. Left out, it would have caught "
            f"{len(self.caught)} of {self.refused} sections that the client objected to, with {alarms} false "
            f"alarm{'' if alarms == 1 else 's'} among {self.sample_size - self.refused} that it accepted."
        )


def lower_bound(hits: int, tries: int) -> Decimal:
    """Return the lower end of Wilson's interval for a share, rounded to four places; 0 without tries."""
    if not tries:
        return Decimal(0)
    share, spread = hits / tries, Z * Z / tries
    low = (share + spread / 2 - Z * sqrt(share * (1 - share) / tries + spread / tries / 4)) / (1 + spread)
    return Decimal(max(low, 0.0)).quantize(Decimal("0.0001"))


def try_phrase(phrase: str, sections: Sequence[Judged], named: Collection[UUID]) -> Suggestion:
    """Say how leaving words out would have done on judged sections."""
    found = [each for each in sections if pattern_of(phrase).search(each.text)]
    return Suggestion(
        phrase=phrase,
        named=tuple(each.id for each in sections if each.id in named),
        caught=tuple(each.id for each in found if each.is_refused),
        false_alarms=tuple(each.id for each in found if not each.is_refused),
        refused=sum(each.is_refused for each in sections),
        sample_size=len(sections),
    )


def suggest(sections: Sequence[Judged], used: dict[str, Collection[UUID]]) -> tuple[Suggestion, ...]:
    """Return what judged sections suggest to leave out, the surest first; nothing while they are too few.

    `used` says by phrase which sections an earlier version of its lesson stood on: they do not suggest it again.
    """
    if len(sections) < ENOUGH_DECISIONS:
        return ()
    refused = [each for each in sections if each.is_refused]
    named = {each.id: named_in(each.remarks, each.text) for each in refused}
    tally = Counter(phrase for phrases in named.values() for phrase in phrases)
    often = sorted(phrase for phrase, times in tally.items() if times >= ENOUGH_NAMED)
    tried = [
        try_phrase(phrase, sections, {pk for pk, phrases in named.items() if phrase in phrases}) for phrase in often
    ]
    sure = [
        each
        for each in tried
        if each.confidence >= SURE_ENOUGH and len(set(each.named).difference(used.get(each.phrase, ()))) >= ENOUGH_NAMED
    ]
    return tuple(_widest(sorted(sure, key=lambda each: (-each.confidence, -len(each.named), each.phrase))))


def _widest(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Leave out single words whose sections a phrase that holds them names as well: one lesson says it."""
    chosen = list(suggestions)
    return [
        each
        for each in chosen
        if not any(
            each is not other and f" {each.phrase} " in f" {other.phrase} " and set(each.named) <= set(other.named)
            for other in chosen
        )
    ]


def sections_found(phrase: str, sections: Iterable[tuple[str, str]]) -> list[str]:
    """Return the keys of the sections, given with their texts, that hold a phrase."""
    return [key for key, text in sections if pattern_of(phrase).search(text)]
