"""The record of cycles …"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from apps.cam.api.dtos import Cycle, CycleStep
from apps.cam.models import CycleRun
from apps.cam.models import CycleStep as Row
from apps.cam.services.cycles import forget_cycles, record_cycle
from apps.cam.tests.conftest import AT

pytestmark = pytest.mark.django_db

NAMES = ("send_queued", "poll_inbox", "dispatch_alerts")


def ended(*outcomes: str, at: object = AT, pk: UUID | None = None) -> CycleRun:
    """Record a cycle whose steps came out so."""
    steps = tuple(
        CycleStep(position=place, name=name, outcome=outcome, items=2, error="away" * (outcome == "FAILED"))
        for place, (name, outcome) in enumerate(zip(NAMES, outcomes, strict=False))
    )
    return record_cycle(Cycle(id=pk or uuid7(), started_at=at, finished_at=at, steps=steps))


def test_keeps_one_row_with_one_child_a_step() -> None:
    cycle = ended("OK", "FAILED", "SKIPPED")
    assert cycle.failed_count == 1
    assert [(step.name, step.outcome, step.items) for step in cycle.steps.order_by("position")] == [
        ("send_queued", "OK", 2),
        ("poll_inbox", "FAILED", 2),
        ("dispatch_alerts", "SKIPPED", 2),
    ]


def test_keeps_the_same_cycle_once() -> None:
    key = uuid7()
    assert ended("OK", pk=key) == ended("FAILED", pk=key)
    assert (CycleRun.objects.count(), Row.objects.get().outcome) == (1, "OK")


def test_takes_no_failure_without_a_word() -> None:
    step = ended("OK").steps.get()
    with pytest.raises(IntegrityError, match="cycle_step_says_why_it_failed"), transaction.atomic():
        Row.objects.filter(pk=step.pk).update(outcome="FAILED")


def test_knows_which_step_keeps_failing() -> None:
    for _ in range(2):
        ended("OK", "FAILED", "FAILED")
    assert not Row.objects.keeping_failing().exists(), "twice may be chance"
    last = ended("OK", "FAILED", "OK")
    assert [(step.name, step.cycle_id) for step in Row.objects.keeping_failing()] == [("poll_inbox", last.pk)]
    ended("OK", "OK", "OK")
    assert not Row.objects.keeping_failing().exists()


def test_knows_with_which_failure_a_row_of_them_began() -> None:
    ended("FAILED")
    ended("OK")
    first = ended("FAILED").steps.get()
    last = [ended("FAILED") for _ in range(4)][-1].steps.get()
    assert Row.objects.first_of_streak(last) == first


def test_knows_that_none_has_ended_for_long() -> None:
    assert not CycleRun.objects.overdue(AT).exists(), "none ever ended: nobody has switched them on"
    old, last = ended("OK", at=AT - timedelta(hours=2)), ended("OK", at=AT - timedelta(hours=1))
    assert list(CycleRun.objects.overdue(AT)) == [last]
    assert not CycleRun.objects.overdue(AT - timedelta(hours=1, minutes=30)).filter(pk=old.pk).exists()


def test_is_forgotten_after_three_months() -> None:
    ended("OK", at=AT - timedelta(days=91))
    young = ended("OK", at=AT - timedelta(days=89))
    assert forget_cycles(at=AT) == 1
    assert (list(CycleRun.objects.all()), Row.objects.get().cycle_id) == ([young], young.pk)
