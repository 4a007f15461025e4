"""A brief, brought together from answers and calls."""

import re
from datetime import date

from apps.onboarding.api.dtos import (
    Audience,
    BrandGuidelines,
    BriefContent,
    BriefWarning,
    Budget,
    Intake,
    Objective,
    Offer,
    Scope,
)
from apps.onboarding.rules import channels, lists, websites
from apps.onboarding.rules.answers import Answers, as_utc, fold_spaces, in_order_of_calls
from apps.onboarding.rules.audiences import read_audiences
from apps.onboarding.rules.budgets import read_budget
from apps.onboarding.rules.cleaning import clean
from apps.onboarding.rules.dates import find_day, monday_after
from apps.onboarding.rules.languages import read_languages
from apps.onboarding.rules.markup import plain_text
from apps.onboarding.rules.objectives import read_objectives
from apps.onboarding.rules.offers import read_offers
from apps.onboarding.rules.timeline import read_weeks

WHAT_TO_ANSWER = {
    "objective": "what should be reached, if possible with a number and a date",
    "target_audience": "the target audience, who should buy",
    "primary_offer": "what is sold, which is what there is to deliver for",
}
ESSENTIALS = frozenset({*WHAT_TO_ANSWER, "secondary_objectives", "secondary_audience", "secondary_offers"})
"""The questions whose answers tell whether a brief can be made."""
WORTH_ASKING = {
    "industry": "Not answered; the plan uses general benchmarks.",
    "geography": "Not answered; the plan names no place.",
    "pain_points": "Not answered; the plan cannot name what troubles the audience.",
    "desired_outcomes": "Not answered; the plan cannot name what the audience hopes for.",
    "proof": "Not answered; no claim can be made that needs proof.",
    "competitors": "Not answered; the plan compares with nobody.",
    "tone": "Not answered; the plain style of the house is used.",
}

NO_DELIVERABLES = "Not answered; no file format was asked for."
NO_BUDGET = "Not answered; the plan is made without a budget."
NO_TARGET = "No number to reach was found in it; the first weeks measure where the client stands."


class BriefImpossible(Exception):
    """An intake says too little to make a brief. `fields` names every question that must be answered first."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        asked = "; ".join(f"{field} ({WHAT_TO_ANSWER[field]})" for field in fields)
        super().__init__(f"No brief can be made of this intake. Please answer: {asked}.")
        self.fields = fields


class _Reader:
    """Reads one intake, and collects what is missing or unclear on the way."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        notes = in_order_of_calls(intake.discovery_notes)
        self.notes = [fold_spaces(plain_text(clean(note.notes))) for note in notes]
        self.answers = Answers(clean(intake.answers), notes)
        self.submitted_on = as_utc(intake.submitted_at).date()
        self.warnings: list[BriefWarning] = []

    def warn(self, field: str, message: str) -> None:
        self.warnings.append(BriefWarning(field=field, message=message))

    def phrases(self, field: str) -> tuple[str, ...]:
        return self.answers.items(field, split=lists.phrases)

    def terms(self, field: str) -> tuple[str, ...]:
        return self.answers.items(field, split=lists.terms)

    def statements(self, field: str) -> tuple[str, ...]:
        return self.answers.items(field, split=lists.statements)


def normalize(intake: Intake) -> BriefContent:
    """Return what an intake says, in one shape. A pure function: the same intake always gives the same brief.

    Nothing is invented: what is missing or unclear stands in `warnings`. Raises BriefImpossible, naming every field,
    where there is no objective, nobody to reach or nothing to sell.
    """
    reader = _Reader(intake)
    offers, objectives, audiences = _essentials(reader)
    content = BriefContent(
        intake_id=intake.id,
        client_id=intake.client_id,
        client_name=_client_name(reader),
        country=intake.country,
        currency=intake.currency,
        time_zone=intake.time_zone,
        website=_website(reader),
        industry=reader.answers.text("industry"),
        geography=reader.answers.text("geography"),
        offers=offers,
        objectives=objectives,
        audiences=audiences,
        scope=_scope(reader),
        budget=_budget(reader),
        brand=_brand(reader),
        start_date=_start_date(reader),
        tracking_status=reader.answers.text("tracking_status"),
        pricing=reader.answers.text("pricing"),
        success=reader.answers.text("success"),
        facts=_facts(reader),
        **_lists(reader),
    )
    _warn_of_gaps(reader, objectives)
    return content.model_copy(update={"warnings": tuple(reader.warnings)})


def _client_name(reader: _Reader) -> str:
    # Braces would be taken for a placeholder by whoever reads the name next.
    known = re.sub(r"[{}]", "", clean(reader.intake.client_name))
    said = re.sub(r"[{}]", "", reader.answers.text("client_name"))
    return said or fold_spaces(plain_text(known)) or re.sub(r"[<>\[\]]", "", known)


def _essentials(reader: _Reader) -> tuple[tuple[Offer, ...], tuple[Objective, ...], tuple[Audience, ...]]:
    answers, currency = reader.answers, reader.intake.currency
    offers = read_offers(answers.texts("primary_offer", "secondary_offers"), currency=currency)
    objectives = read_objectives(answers.texts("objective", "secondary_objectives"), currency=currency)
    audiences = read_audiences(answers.texts("target_audience")) + read_audiences(answers.texts("secondary_audience"))
    found = {"objective": objectives, "target_audience": audiences, "primary_offer": offers}
    missing = tuple(field for field, items in found.items() if not items)
    if missing:
        raise BriefImpossible(missing)
    return offers, objectives, audiences


def _lists(reader: _Reader) -> dict[str, tuple[str, ...]]:
    return {
        "pain_points": reader.phrases("pain_points"),
        "desired_outcomes": reader.phrases("desired_outcomes"),
        "objections": reader.phrases("objections"),
        "competitors": reader.phrases("competitors"),
        "proof": reader.phrases("proof"),
        "selling_points": reader.phrases("selling_points"),
        "constraints": reader.phrases("constraints"),
        "banned_words": reader.terms("banned_words"),
        "forbidden_claims": reader.answers.items("forbidden_claims", split=lists.prohibitions),
        "disclaimers": reader.statements("disclaimers"),
        "compliance_requirements": reader.phrases("compliance_requirements"),
        "channels_excluded": _channels_excluded(reader),
    }


def _website(reader: _Reader) -> str | None:
    said = reader.answers.raw("website")
    website = read_website_of(said)
    if website is None and websites.is_none_yet(said):
        reader.warn("website", "There is none yet, or it was not named; nothing can link to it.")
    elif website is None:
        reader.warn("website", f"“{said[:80]}” is no web address; name one such as https://www.example.com.")
    return website


def read_website_of(said: str) -> str | None:
    """Return the web address in an answer, unless it stands for "none"."""
    return None if not said or websites.is_none_yet(said) else websites.read_website(said)


def _scope(reader: _Reader) -> Scope:
    said = reader.answers.text("timeline")
    weeks = read_weeks(said, from_day=reader.submitted_on, country=reader.intake.country)
    if not weeks.is_given:
        what = f"“{said[:80]}” names no time" if said else "Not answered"
        reader.warn("timeline", f"{what}; planned for {weeks.most} weeks.")
    elif said.strip().isdigit():
        reader.warn("timeline", f"“{said}” names no unit of time; read as weeks.")
    deliverables = reader.answers.items("outputs_wanted", split=lists.names)
    if not deliverables:
        reader.warn("outputs_wanted", NO_DELIVERABLES)
    return Scope(
        deliverables=deliverables,
        exclusions=reader.phrases("exclusions"),
        timeline_weeks_min=weeks.least,
        timeline_weeks_max=weeks.most,
    )


def _budget(reader: _Reader) -> Budget | None:
    answer = reader.answers.find("budget")
    if answer is None:
        reader.warn("budget", NO_BUDGET)
        return None
    reading = read_budget(" ".join(answer.texts), currency=reader.intake.currency, key=answer.key)
    reader.warnings += reading.warnings
    return reading.budget


def _brand(reader: _Reader) -> BrandGuidelines:
    languages = read_languages(reader.answers.texts("languages"))
    for word in languages.unknown:
        reader.warn("languages", f"“{word[:80]}” is no language we know; name it in English.")
    if not languages.full:
        reader.warn("languages", "No language for the whole work was named; written in English.")
    return BrandGuidelines(
        tone=reader.phrases("tone"),
        languages=languages.full or ("English",),
        brand_kit=reader.answers.text("brand_kit"),
        extra_languages=languages.partly,
    )


def _channels_excluded(reader: _Reader) -> tuple[str, ...]:
    answered = reader.answers.items("channels_excluded", split=lists.names)
    in_notes = channels.ruled_out_in_notes(reader.notes)
    new = (name for name in in_notes if not any(channels.names_channel(item, name) for item in answered))
    return lists.distinct((*answered, *new))


def _start_date(reader: _Reader) -> date:
    earliest = monday_after(reader.submitted_on)
    said = reader.answers.text("start")
    found = find_day(said, after=reader.submitted_on, country=reader.intake.country, edge="first") if said else None
    if found and found[0] >= reader.submitted_on:
        return found[0]
    if said:
        why = "lies before the intake" if found else "names no day"
        reader.warn("start", f"“{said[:80]}” {why}; planned from {earliest.isoformat()}, the Monday after the intake.")
    return earliest


def _facts(reader: _Reader) -> tuple[str, ...]:
    said = [sentence for note in reader.notes for sentence in lists.sentences(note)]
    return lists.distinct([*said, *reader.answers.unused_clarifications])


def _warn_of_gaps(reader: _Reader, objectives: tuple[Objective, ...]) -> None:
    if objectives[0].target is None:
        reader.warn("objective", NO_TARGET)
    for field, message in WORTH_ASKING.items():
        if not reader.answers.texts(field):
            reader.warn(field, message)
    for field in reader.answers.unfinished():
        reader.warn(field, "A placeholder stands in the answer; it was left out. Say what belongs there.")
    for key in reader.answers.unused:
        reader.warn(key[:80], "Not used in the brief; it stays in the intake.")
