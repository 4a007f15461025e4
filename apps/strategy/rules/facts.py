"""What the client said in passing that a plan must heed: replies that come late, hours, contacts, people who post."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

_TIMES = {"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_PLATFORMS = ("linkedin", "instagram", "youtube", "facebook", "tiktok", "newsletter", "blog")


@dataclass(frozen=True)
class Facts:
    """The client's sentences by what they bear on; None where no sentence does."""

    response: str | None  # how fast enquiries are answered
    hours: str | None  # when there are slots
    contacts: str | None  # a list of people who agreed to be written to
    spokesperson: str | None  # somebody of the client's who publishes
    capacity: str | None  # how much the client can take
    lesson: str | None  # what went wrong before
    refusals: tuple[str, ...]  # what somebody does not want

    @property
    def platform(self) -> str | None:
        """Where the spokesperson publishes."""
        said = (self.spokesperson or "").lower()
        return next((name for name in _PLATFORMS if name in said), None)

    @property
    def posts_per_week(self) -> int | None:
        """How often the spokesperson publishes, where the sentence says so."""
        said = re.search(r"\b(once|twice|(\w+) times) (?:a|per|each) week", (self.spokesperson or "").lower())
        if not said:
            return None
        word = said[2] or said[1]
        return int(word) if word.isascii() and word.isdigit() and len(word) <= 2 else _TIMES.get(word)

    @property
    def capacity_per_week(self) -> Decimal | None:
        """People times pieces a week each, where the capacity sentence holds both numbers."""
        said = re.search(
            r"\b(\d{1,4}) (?:people|persons|reps|staff)\b.*?\b(\d{1,4}) \w+ a week each", self.capacity or ""
        )
        return Decimal(said[1]) * Decimal(said[2]) if said else None


def sort_facts(sentences: Sequence[str]) -> Facts:
    """Sort the sentences by what they bear on; each goes to the first thing it fits."""
    left = list(sentences)

    def take(fits: Callable[[str], object]) -> str | None:
        found = next((sentence for sentence in left if fits(sentence)), None)
        if found is not None:
            left.remove(found)
        return found

    refusals = tuple(sentence for sentence in sentences if _REFUSAL.search(sentence))
    left = [sentence for sentence in left if sentence not in refusals]
    return Facts(
        response=take(_RESPONSE.search),
        spokesperson=take(_SPOKESPERSON.search),
        contacts=take(_CONTACTS.search),
        capacity=take(_CAPACITY.search),
        hours=take(_HOURS.search),
        lesson=take(_LESSON.search),
        refusals=refusals,
    )


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


_REFUSAL = _words(r"wants? no |does(?:n't| not) want |do(?:n't| not) want |refuses? |no more ")
_RESPONSE = _words(
    r"response time|answers? (?:\w+ )*(?:leads?|enquir|inquir|calls?|mails?)|repl(?:y|ies) |calls? back|responds? "
)
_SPOKESPERSON = _words(
    r"(?:founder|owner|ceo|director|dr\.?)\b.*\b(?:linkedin|instagram|youtube|facebook|newsletter|blog|posts?\b|write)"
)
_CONTACTS = _words(
    r".*\b(?:list|newsletter|opt-in|subscribers|contacts)\b.*\d|.*\d.*\b(?:opt-in|subscribers|contacts)\b"
)
_CAPACITY = _words(r"can (?:take|handle|serve)|capacity|at most|a week each|per week each")
_HOURS = _words(r"evening|until \d|slots?\b|open(?:ing)? (?:hours|until|on)|weekends?\b|saturdays?\b")
_LESSON = _words(r"last agency|previous agency|last year|tried |used to |before us")
