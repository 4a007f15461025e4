"""The step that makes a brief …"""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist
from uuid_utils.compat import uuid7

from apps.onboarding.api import ports
from apps.onboarding.models import Brief, DiscoveryNote, Intake
from apps.onboarding.rules import normalize
from apps.onboarding.tests.factories import (
    DiscoveryNoteFactory,
    IntakeFactory,
    answered,
    bakery_intake,
    run_context,
)
from apps.shared.workflow import StepRefused

pytestmark = pytest.mark.django_db


def test_stores_exactly_what_the_intake_says() -> None:
    intake = ports.get_intake(intake_id=DiscoveryNoteFactory().intake_id)
    brief = ports.normalize_brief(intake=intake, run=run_context())
    assert ports.get_brief(brief_id=brief.id) == brief
    assert brief.model_dump(exclude={"id"}) == normalize(intake).model_dump()


@pytest.mark.parametrize(
    "budget", ["€5.50/month, 12 months, 33.5% paid, ads on top", "5-6k £ in total", "depends", "€900,000,000,000"]
)
def test_stores_every_kind_of_budget(budget: str) -> None:
    row = IntakeFactory(answers=answered(budget=budget).answers)
    intake = ports.get_intake(intake_id=row.pk)
    brief = ports.normalize_brief(intake=intake, run=run_context())
    assert ports.get_brief(brief_id=brief.id).budget == normalize(intake).budget


def test_fills_columns_one_can_search_and_sum() -> None:
    brief_id = ports.normalize_brief(intake=IntakeFactory().as_dto(), run=run_context()).id
    row = Brief.objects.get(pk=brief_id)
    assert (row.budget_amount, row.budget_currency, row.budget_cadence) == (Decimal(5000), "EUR", "MONTHLY")
    assert (row.timeline_weeks_min, row.timeline_weeks_max, row.start_date) == (12, 16, date(2026, 3, 9))


def test_refuses_naming_what_is_missing_and_leaves_only_the_intake() -> None:
    row = IntakeFactory(answers=bakery_intake().answers)
    with pytest.raises(StepRefused, match=r"objective .*target_audience .*target audience") as refusal:
        ports.normalize_brief(intake=row.as_dto(), run=run_context())
    assert "primary_offer" not in refusal.value.reason
    assert (Intake.objects.count(), Brief.objects.count()) == (1, 0)


def test_is_taken_back_with_nothing_else() -> None:
    note = DiscoveryNoteFactory()
    intake = ports.get_intake(intake_id=note.intake_id)
    mine, other = run_context(uuid7()), run_context(uuid7())
    ports.normalize_brief(intake=intake, run=mine)
    kept = ports.normalize_brief(intake=intake, run=other)
    ports.withdraw_brief(run=mine)
    ports.withdraw_brief(run=mine)
    assert list(Brief.objects.values_list("pk", flat=True)) == [kept.id]
    assert (Intake.objects.count(), DiscoveryNote.objects.count()) == (1, 1)


def test_is_checked_before_anything_is_started() -> None:
    ports.check_intake(intake=answered())
    with pytest.raises(ports.BriefImpossible) as refusal:
        ports.check_intake(intake=bakery_intake())
    assert refusal.value.fields == ("objective", "target_audience")


def test_fails_to_give_a_brief_that_is_not_there() -> None:
    with pytest.raises(ObjectDoesNotExist):
        ports.get_brief(brief_id=uuid7())
