"""A brief corrected by hand: what a person wrote anew is read as an intake is, and all else stays as it was."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from apps.onboarding.api.dtos import Audience, BriefContent, BriefWarning, Objective
from apps.onboarding.rules.answers import fold_spaces, is_no_answer
from apps.onboarding.rules.audiences import short_name
from apps.onboarding.rules.brief import NO_BUDGET, NO_DELIVERABLES, NO_TARGET, WHAT_TO_ANSWER, WORTH_ASKING
from apps.onboarding.rules.budgets import Reading, read_budget
from apps.onboarding.rules.cleaning import clean
from apps.onboarding.rules.lists import distinct, strip_item
from apps.onboarding.rules.markup import has_hole, plain_text
from apps.onboarding.rules.objectives import read_objective
from apps.onboarding.rules.timeline import MOST_WEEKS


@dataclass(frozen=True)
class Wording:
    """What people correct in a brief, as they read and write it: lists of single lines, the budget in words."""

    objectives: tuple[str, ...]
    audiences: tuple[str, ...]
    deliverables: tuple[str, ...]
    exclusions: tuple[str, ...]
    timeline_weeks_min: int
    timeline_weeks_max: int
    budget: str
    tone: tuple[str, ...]
    banned_words: tuple[str, ...]
    forbidden_claims: tuple[str, ...]
    disclaimers: tuple[str, ...]


class Revision(NamedTuple):
    """What a corrected brief says, and which fields of its wording differ from the version before."""

    content: BriefContent
    changed: tuple[str, ...]


class RevisionRefused(ValueError):
    """A brief cannot be corrected this way. `problems` maps each wrong field to what is wrong; "" is the whole."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(f"{field}: {problem}" if field else problem for field, problem in problems.items()))
        self.problems = problems


_LISTS = (
    "objectives", "audiences", "deliverables", "exclusions", "tone", "banned_words", "forbidden_claims", "disclaimers",
)  # fmt: skip
_ESSENTIAL = {"objectives": "objective", "audiences": "target_audience"}
_QUESTIONS = _ESSENTIAL | {
    "deliverables": "outputs_wanted",
    "timeline_weeks_min": "timeline",
    "timeline_weeks_max": "timeline",
}
"""The questions of the intake by the fields they became, where the names differ: warnings speak of questions."""


def wording_of(content: BriefContent) -> Wording:
    """Return a brief as a person corrects it."""
    return Wording(
        objectives=tuple(objective.text for objective in content.objectives),
        audiences=tuple(audience.text for audience in content.audiences),
        deliverables=content.scope.deliverables,
        exclusions=content.scope.exclusions,
        timeline_weeks_min=content.scope.timeline_weeks_min,
        timeline_weeks_max=content.scope.timeline_weeks_max,
        budget=content.budget.text if content.budget else "",
        tone=content.brand.tone,
        banned_words=content.banned_words,
        forbidden_claims=content.forbidden_claims,
        disclaimers=content.disclaimers,
    )


def revise(content: BriefContent, wanted: Wording) -> Revision:
    """Return a brief with what a person wrote anew, read as an intake is: cleaned, and numbers found in the words.

    Lines that stood there before keep what was read of them, and warnings about other fields stay. Raises
    RevisionRefused, naming every wrong field, where something is empty that a brief cannot be without, cannot be read,
    or is a placeholder, and where nothing differs.
    """
    before = wording_of(content)
    after = _tidied(before, wanted)
    budget = _read_budget(content, before, after)
    if problems := dict(_problems(before, wanted, after, budget)):
        raise RevisionRefused(problems)
    changed = tuple(field for field, value in asdict(after).items() if value != getattr(before, field))
    if not changed:
        raise RevisionRefused({"": "Nothing differs from the version before. Correct something, or go back."})
    revised = _with_wording(content, after, budget)
    warnings = (*_standing_warnings(content, changed), *_new_warnings(revised, changed), *budget.warnings)
    return Revision(revised.model_copy(update={"warnings": warnings}), changed)


def _tidied(before: Wording, wanted: Wording) -> Wording:
    lists = {
        field: distinct(
            line if line in getattr(before, field) else _tidy(line, keep_stop=field == "disclaimers")
            for line in getattr(wanted, field)
        )
        for field in _LISTS
    }
    return replace(wanted, **lists, budget=_tidied_budget(before.budget, clean(wanted.budget)))


def _tidied_budget(before: str, said: str) -> str:
    if said == before:
        return before
    folded = _folded(said)
    return "" if is_no_answer(folded) else folded


def _tidy(line: str, *, keep_stop: bool = False) -> str:
    return strip_item(_folded(line), keep_stop=keep_stop)


def _folded(text: str) -> str:
    return fold_spaces(plain_text(clean(text)))


def _problems(before: Wording, wanted: Wording, after: Wording, budget: Reading) -> Iterator[tuple[str, str]]:
    for field in _LISTS:
        new = [line for line in getattr(wanted, field) if line not in getattr(before, field)]
        if unreadable := next(filter(None, map(_problem_of_line, new)), None):
            yield field, unreadable
        elif field in _ESSENTIAL and not getattr(after, field):
            yield field, f"A brief cannot be without it. Say {WHAT_TO_ANSWER[_ESSENTIAL[field]]}."
    least, most = after.timeline_weeks_min, after.timeline_weeks_max
    if not 1 <= least <= MOST_WEEKS:
        yield "timeline_weeks_min", f"Give between 1 and {MOST_WEEKS} weeks."
    elif not least <= most <= MOST_WEEKS:
        yield "timeline_weeks_max", f"Give between {least} and {MOST_WEEKS} weeks: it takes {least} at least."
    if after.budget != before.budget and (unclear := _problem_of_budget(wanted.budget, after.budget, budget)):
        yield "budget", unclear


def _problem_of_line(line: str) -> str:
    if has_hole(line):
        return f"“{line[:80]}” holds a placeholder that nobody filled in. Say what belongs there."
    if is_no_answer(_tidy(line)):
        return f"“{line[:80]}” says nothing. Leave the line out."
    return ""


def _read_budget(content: BriefContent, before: Wording, after: Wording) -> Reading:
    """Return the budget a person wrote; the one there was where nothing was written anew, without its warnings."""
    if after.budget == before.budget:
        return Reading(content.budget, ())
    if not after.budget:
        return Reading(None, (BriefWarning(field="budget", message=NO_BUDGET),))
    return read_budget(after.budget, currency=content.currency)


def _problem_of_budget(said: str, read: str, reading: Reading) -> str:
    """Return what is wrong with words that were meant as a budget, and are none."""
    if has_hole(said):
        return "It holds a placeholder that nobody filled in. Say what belongs there."
    if read and reading.budget is None:
        return " ".join([*(warning.message for warning in reading.warnings), "Name the amount, or leave this empty."])
    return ""


def _with_wording(content: BriefContent, wording: Wording, budget: Reading) -> BriefContent:
    scope = {
        name: getattr(wording, name)
        for name in ("deliverables", "exclusions", "timeline_weeks_min", "timeline_weeks_max")
    }
    limits = {name: getattr(wording, name) for name in ("banned_words", "forbidden_claims", "disclaimers")}
    kept = {name: getattr(content, name) for name in BriefContent.model_fields}
    return BriefContent(
        **kept
        | limits
        | {
            "objectives": _objectives(content, wording),
            "audiences": _audiences(content, wording),
            "scope": content.scope.model_copy(update=scope),
            "budget": budget.budget,
            "brand": content.brand.model_copy(update={"tone": wording.tone}),
        }
    )


def _objectives(content: BriefContent, wording: Wording) -> tuple[Objective, ...]:
    known = {objective.text: objective for objective in content.objectives}
    return tuple(known.get(text) or read_objective(text, currency=content.currency) for text in wording.objectives)


def _audiences(content: BriefContent, wording: Wording) -> tuple[Audience, ...]:
    known = {audience.text: audience for audience in content.audiences}
    return tuple(known.get(text) or Audience(text=text, name=short_name(text)) for text in wording.audiences)


def _standing_warnings(content: BriefContent, changed: tuple[str, ...]) -> Iterator[BriefWarning]:
    settled = {_QUESTIONS.get(field, field) for field in changed}
    return (warning for warning in content.warnings if warning.field not in settled)


def _new_warnings(content: BriefContent, changed: tuple[str, ...]) -> Iterator[BriefWarning]:
    """Say of the changed fields what a brief just read would say of them."""
    if "objectives" in changed and content.objectives[0].target is None:
        yield BriefWarning(field="objective", message=NO_TARGET)
    if "deliverables" in changed and not content.scope.deliverables:
        yield BriefWarning(field="outputs_wanted", message=NO_DELIVERABLES)
    if "tone" in changed and not content.brand.tone:
        yield BriefWarning(field="tone", message=WORTH_ASKING["tone"])
