"""Revises a draft as it was wished: only the sections that a wish names change, all others stay byte by byte.

A wish that says exactly which words go and which come is done here. Any other is for a writer, whose text is taken from
a later round of the draft.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from apps.production.api.dtos import CalendarItem, Draft, DraftSection, Wish

CALENDAR_SECTION = "detailed_30_day_calendar"
_QUOTED = '["\u201c\u201e\u00ab](?P<{}>[^"\u201c\u201d\u201e\u00ab\u00bb]+)["\u201c\u201d\u00bb]'
_OLD, _NEW = _QUOTED.format("old"), _QUOTED.format("new")
_EXACT = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:please\s+)?(?:replace|change)\s+{_OLD}\s+(?:with|by|to)\s+{_NEW}",
        rf"(?:please\s+)?(?:write|say|use)\s+{_NEW}\s+instead\s+of\s+{_OLD}",
        rf"(?:please\s+)?(?:remove|delete|strike)\s+{_OLD}",
    )
]
_TEXTS_OF_A_POST = ("theme", "hook", "caption", "call_to_action")


@dataclass(frozen=True)
class Revision:
    """A draft's next content, the keys of the sections that differ, and the wishes nobody has met yet."""

    sections: tuple[DraftSection, ...]
    calendar: tuple[CalendarItem, ...]
    changed: tuple[str, ...]
    open: tuple[Wish, ...]

    @property
    def waits_for_writer(self) -> bool:
        """Tell whether a person must write first: for a wish that has to be met, or because nothing changed at all."""
        return not self.changed or any(wish.priority != "COULD" for wish in self.open)


def revise(base: Draft, edited: Draft, wishes: Iterable[Wish]) -> Revision:
    """Return what becomes of a draft: where a wish names a section, its text in `edited` if somebody wrote it anew.

    Wishes that name their words are done to the letter there. Any other is met by a text that somebody wrote anew, and
    open otherwise.
    """
    wishes, texts = tuple(wishes), {section.key: section for section in edited.sections}
    sections, calendar, still_open = [], base.calendar, []
    for old in base.sections:
        named = [wish for wish in wishes if wish.section == old.key]
        new = texts.get(old.key, old) if named else old
        is_written = new.markdown != old.markdown
        calendar = edited.calendar if is_written and old.key == CALENDAR_SECTION else calendar
        for wish in named:
            new, calendar, is_done = _do(wish, new, calendar)
            still_open += [] if is_done or is_written else [wish]
        sections.append(new)
    return Revision(tuple(sections), calendar, _changed(base, sections), tuple(still_open))


def _changed(base: Draft, sections: list[DraftSection]) -> tuple[str, ...]:
    pairs = zip(base.sections, sections, strict=True)
    return tuple(old.key for old, new in pairs if old.markdown != new.markdown)


def _do(
    wish: Wish, section: DraftSection, calendar: tuple[CalendarItem, ...]
) -> tuple[DraftSection, tuple[CalendarItem, ...], bool]:
    """Do one wish to the letter, in the calendar's posts too where it is about their table; tell whether it is done."""
    exchange = _exchange(wish.change)
    if exchange is None or not (text := exchange(section.markdown)).strip() or text == section.markdown:
        return section, calendar, False
    if section.key == CALENDAR_SECTION:
        calendar = tuple(
            post.model_copy(update={name: exchange(getattr(post, name)) for name in _TEXTS_OF_A_POST})
            for post in calendar
        )
    return section.model_copy(update={"markdown": text}), calendar, True


def _exchange(change: str) -> Callable[[str], str] | None:
    """Return what a wish that names its words does to a text; None for any other wish."""
    for pattern in _EXACT:
        if found := pattern.fullmatch(change.strip().rstrip(".!")):
            return partial(_put, found["old"], found.groupdict().get("new"))
    return None


def _put(old: str, new: str | None, text: str) -> str:
    """Return a text with other words in place of some; with none, the space beside them goes too."""
    if new is None:
        return text.replace(f" {old}", "").replace(f"{old} ", "").replace(old, "")
    return text.replace(old, new)
