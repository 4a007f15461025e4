"""A brief corrected by hand …"""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from apps.onboarding.api.dtos import Brief, BriefWarning
from apps.onboarding.rules.revision import Revision, RevisionRefused, Wording, revise, wording_of
from apps.onboarding.tests.factories import dental_brief


def corrected(brief: Brief | None = None, **changes: Any) -> Revision:
    brief = brief or dental_brief()
    return revise(brief, replace(wording_of(brief), **changes))


def problems_of(**changes: Any) -> dict[str, str]:
    with pytest.raises(RevisionRefused) as refusal:
        corrected(**changes)
    return refusal.value.problems


def test_changes_what_was_written_anew_and_nothing_else() -> None:
    brief = dental_brief()
    content, changed = corrected(brief, tone=("warm", "plain"), timeline_weeks_max=20)
    assert changed == ("timeline_weeks_max", "tone")
    assert content.brand.tone == ("warm", "plain")
    expected = brief.model_dump(exclude={"id"}) | {"warnings": ()}
    expected["brand"]["tone"], expected["scope"]["timeline_weeks_max"] = ("warm", "plain"), 20
    assert content.model_dump() == expected


def test_reads_the_numbers_of_a_new_objective_and_keeps_those_of_an_old_one() -> None:
    brief = dental_brief()
    old = brief.objectives[0].model_copy(update={"metric": "as the call made clear"})
    brief = brief.model_copy(update={"objectives": (old,)})
    content = corrected(brief, objectives=("60 booked tours a month by September", old.text)).content
    assert content.objectives[1] == old
    new = content.objectives[0]
    assert (new.metric, new.target, new.unit) == ("booked tours", Decimal(60), "per month")


def test_names_a_new_audience_shortly() -> None:
    old = dental_brief().audiences[1]
    content = corrected(audiences=(old.text, "Dentists in Galway, with a practice of their own")).content
    assert content.audiences[0] == old
    assert content.audiences[1].name == "Dentists in Galway"


def test_reads_a_new_budget_as_an_intake_is_read() -> None:
    budget = corrected(budget="£3k to £4k a month, 6 months, excl. ads").content.budget
    assert (budget.amount.amount, budget.amount_max.amount, budget.amount.currency) == (3000, 4000, "GBP")
    assert (budget.cadence, budget.months, budget.includes_ads) == ("MONTHLY", 6, False)


def test_says_what_a_new_budget_leaves_open() -> None:
    content = corrected(budget="7000").content
    assert content.budget.amount.currency == "EUR"
    assert [warning.field for warning in content.warnings] == ["budget", "budget"]


@pytest.mark.parametrize("words", ["", "none", "–"])
def test_may_have_its_budget_taken_out(words: str) -> None:
    content, changed = corrected(budget=words)
    assert content.budget is None
    assert changed == ("budget",)
    assert [warning.field for warning in content.warnings] == ["budget"]


def test_keeps_the_warnings_about_what_was_not_touched() -> None:
    warnings = (BriefWarning(field="objective", message="No number."), BriefWarning(field="proof", message="None."))
    brief = dental_brief(warnings=warnings)
    assert corrected(brief, objectives=("40 bookings a month",)).content.warnings == warnings[1:]
    assert corrected(brief, tone=("warm",)).content.warnings == warnings


def test_says_of_what_was_changed_what_a_new_brief_would_say() -> None:
    content = corrected(objectives=("Become better known",), deliverables=(), tone=()).content
    assert [warning.field for warning in content.warnings] == ["objective", "outputs_wanted", "tone"]


def test_takes_lines_as_an_intake_takes_items() -> None:
    content = corrected(
        banned_words=("painless", "  • “cheap”", "Cheap", "<b>best</b>"), disclaimers=("Results vary.",)
    ).content
    assert content.banned_words == ("painless", "cheap", "best")
    assert content.disclaimers == ("Results vary.",)


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"objectives": ()}, "objectives", "what should be reached"),
        ({"audiences": ()}, "audiences", "who should buy"),
        ({"tone": ("calm", "TBD")}, "tone", "placeholder"),
        ({"exclusions": ("[insert scope]",)}, "exclusions", "placeholder"),
        ({"banned_words": ("n/a",)}, "banned_words", "says nothing"),
        ({"timeline_weeks_min": 0}, "timeline_weeks_min", "between 1 and 260"),
        ({"timeline_weeks_max": 11}, "timeline_weeks_max", "between 12 and 260"),
        ({"timeline_weeks_max": 261}, "timeline_weeks_max", "between 12 and 260"),
        ({"budget": "it depends"}, "budget", "No amount"),
        ({"budget": "TBD"}, "budget", "placeholder"),
        ({"budget": "5000 kr"}, "budget", "several currencies"),
    ],
)
def test_is_refused_naming_the_field(changes: dict[str, Any], field: str, message: str) -> None:
    problems = problems_of(**changes)
    assert list(problems) == [field]
    assert message in problems[field]


def test_is_refused_naming_all_wrong_fields_at_once() -> None:
    assert list(problems_of(objectives=(), audiences=(), budget="soon")) == ["objectives", "audiences", "budget"]


def test_is_refused_when_nothing_differs() -> None:
    assert "Nothing differs" in problems_of()[""]


def test_reads_back_as_it_was_written() -> None:
    wanted = Wording(
        objectives=("60 booked tours a month",),
        audiences=("couples on a weekend trip",),
        deliverables=("PDF",),
        exclusions=("photography",),
        timeline_weeks_min=4,
        timeline_weeks_max=8,
        budget="4,000 EUR a month",
        tone=("warm",),
        banned_words=("cheap",),
        forbidden_claims=("the best in town",),
        disclaimers=("Weather permitting.",),
    )
    assert wording_of(revise(dental_brief(), wanted).content) == wanted
