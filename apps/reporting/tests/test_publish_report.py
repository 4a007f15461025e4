"""A published report …"""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, transaction
from django.db.models import QuerySet
from django_fsm import TransitionNotAllowed

from apps.identity.models import Client, User
from apps.observability.api import ports as observability
from apps.reporting import services
from apps.reporting.models import Report
from apps.reporting.tests.factories import AT, a_report, published


def test_says_who_published_it_and_when(acme: Client, strategist: User) -> None:
    report = published(a_report(acme), by=strategist.pk)
    assert (report.state, report.published_by, report.published_at) == ("PUBLISHED", strategist, AT)
    entries = observability.list_entries(object_type="reporting.report", object_id=report.pk)
    (entry,) = [each for each in entries if each.action == "ReportPublished"]
    assert (entry.actor_id, entry.before["state"], entry.after["state"]) == (strategist.pk, "DRAFT", "PUBLISHED")


def test_keeps_a_person_s_note(acme: Client, strategist: User) -> None:
    report = a_report(acme)
    services.publish_report(report, by=strategist.pk, at=AT, note="  A good month.\n")
    assert Report.objects.get().note == "A good month."
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
        Report.objects.update(note="A bad month.")


def test_is_published_once(acme: Client, strategist: User) -> None:
    report = published(a_report(acme))
    with pytest.raises(TransitionNotAllowed):
        services.publish_report(report, by=strategist.pk, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(content={}),
        lambda rows: rows.update(state="DRAFT", published_at=None, published_by=None),
        lambda rows: rows.get().delete(),
    ],
)
def test_is_kept_as_it_is_by_the_database(acme: Client, change: Callable[[QuerySet], object]) -> None:
    report = published(a_report(acme))
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        change(Report.objects.all())
    assert Report.objects.get().content == report.content
