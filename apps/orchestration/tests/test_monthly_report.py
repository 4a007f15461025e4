"""A client's month, once it is over …"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models.expressions import RawSQL
from django.utils import timezone

from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries import invariants
from apps.orchestration.services import cycles, outbox
from apps.orchestration.services.commands import cancel, compensate_run
from apps.orchestration.services.sweep import move
from apps.orchestration.tasks import start_monthly_reports
from apps.orchestration.tests.conftest import finish
from apps.reporting import services
from apps.reporting.models import MetricPoint, Report, ReportLetter
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.tests.factories import MARCH, a_report, point

pytestmark = pytest.mark.django_db(transaction=True)

APRIL = datetime(2026, 4, 1, 3, tzinfo=UTC)


def measure(client: Client, *days: datetime) -> None:
    services.collect_metrics(client.pk, [point("packages_delivered", at=day) for day in days])


def start(at: datetime = APRIL) -> list[WorkflowRun]:
    runs = cycles.start_monthly_reports(at=at)
    for run in runs:
        move(run.pk)
        run.refresh_from_db()
    return runs


def publish(report: Report, by: User | None = None) -> None:
    services.publish_report(report, by=(by or UserFactory()).pk, at=timezone.now(), note="A good month.")
    outbox.dispatch_events()


@pytest.fixture
def measured(acme: Client) -> Client:
    measure(acme, datetime(2026, 3, 10, 9, tzinfo=UTC))
    return acme


def test_becomes_a_report_that_waits_for_a_person_and_is_mailed_of(measured: Client) -> None:
    reader = MembershipFactory(client=measured).user
    (run,) = start()
    report = Report.objects.get()
    assert (run.state, run.client_id, report.run_id, report.state) == ("WAITING", measured.pk, run.pk, "DRAFT")
    assert (report.start_date, report.end_date, report.content["metrics"][0]["value"]) == (*MARCH, "1")
    assert not ReportLetter.objects.exists()
    publish(report)
    assert finish(run).state == "COMPLETED"
    assert [letter.user for letter in ReportLetter.objects.all()] == [reader]
    audit = invariants.audit_runs()
    assert (audit.orphans, audit.violations) == (0, [])


def test_is_reported_once_however_often_it_is_asked(measured: Client) -> None:
    (run,) = start()
    assert start() == []
    assert start(APRIL + timedelta(days=3)) == []
    assert WorkflowRun.objects.get() == run


def test_is_over_when_it_is_over_where_the_client_is(acme: Client, globex: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(time_zone="Pacific/Auckland")
    Client.objects.filter(pk=globex.pk).update(time_zone="America/Los_Angeles")
    for client in (acme, globex):
        measure(client, datetime(2026, 3, 10, 9, tzinfo=UTC))
    hours = [datetime(2026, 3, 31, hour, tzinfo=UTC) for hour in (10, 11)] + [APRIL, APRIL + timedelta(hours=4)]
    assert [[run.client_id for run in start(at)] for at in hours] == [[], [acme.pk], [], [globex.pk]]


def test_is_made_up_for_when_nobody_was_awake(acme: Client) -> None:
    measure(acme, *(datetime(2026, month, 10, 9, tzinfo=UTC) for month in (1, 2, 3, 4)))
    runs = start(datetime(2026, 5, 20, tzinfo=UTC))
    assert [report.start_date.month for report in Report.objects.order_by("start_date")] == [2, 3, 4]
    assert len(runs) == 3


@pytest.mark.parametrize("status", ["PROSPECT", "ENDED"])
def test_is_not_reported_to_who_is_no_client_of_ours(measured: Client, status: str) -> None:
    Client.objects.filter(pk=measured.pk).update(status=status)
    assert start() == []


def test_is_not_reported_where_nothing_was_measured_or_somebody_did_already(acme: Client, globex: Client) -> None:
    a_report(globex, point("packages_delivered"))
    assert start() == []


def test_is_not_reported_where_something_was_only_taken_back(acme: Client) -> None:
    services.collect_metrics(acme.pk, [point(TAKEN_BACK, at=datetime(2026, 3, 10, 9, tzinfo=UTC))])
    assert start() == []


def test_has_the_days_of_a_clock_that_was_put_forward(acme: Client) -> None:
    """Berlin's March begins at 23:00 and ends at 22:00 UTC, and its last hour is in the report."""
    Client.objects.filter(pk=acme.pk).update(time_zone="Europe/Berlin")
    first, last = datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    minute = timedelta(minutes=1)
    measure(acme, first - minute, first, last, last + minute)
    start(last)
    assert [report.start_date.month for report in Report.objects.all()] == [2]
    start(last + minute)
    assert Report.objects.get(start_date=MARCH[0]).content["metrics"][0]["value"] == "2"


def test_of_one_client_that_breaks_stops_no_other(acme: Client, globex: Client) -> None:
    broken = {"name": "packages_delivered", "source": "packages:1", "value": RawSQL("'NaN'::numeric", ())}
    MetricPoint.objects.create(client=acme, at=datetime(2026, 3, 10, 9, tzinfo=UTC), **broken)
    measure(globex, datetime(2026, 3, 10, 9, tzinfo=UTC))
    runs = {run.client_id: run.state for run in start()}
    assert (runs[acme.pk], runs[globex.pk]) == ("PENDING", "WAITING")
    assert [report.client for report in Report.objects.all()] == [globex]


def test_loses_its_draft_when_the_run_is_taken_back(measured: Client) -> None:
    (run,) = start()
    cancel(run, by=UserFactory().pk, reason="Not this month.")
    assert finish(run).state == "CANCELLED"
    assert not Report.objects.exists()
    start()
    assert not Report.objects.exists()


def test_keeps_what_is_published_when_the_run_is_taken_back_and_says_so(measured: Client) -> None:
    (run,) = start()
    publish(Report.objects.get())
    compensate_run(finish(run), by=UserFactory().pk, reason="A mistake.")
    assert finish(run).state == "CANCELLED"
    assert Report.objects.get().state == "PUBLISHED"
    assert "is published: the client may have read it" in str(run.step_runs.get(name="make_report").irreversible)


def test_leaves_a_draft_that_a_person_had_made_meanwhile(measured: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    (run,) = cycles.start_monthly_reports(at=APRIL)
    mine = services.generate_report(measured.pk, *MARCH, at=APRIL)
    move(run.pk)
    run.refresh_from_db()
    cancel(run, by=UserFactory().pk, reason="Not this month.")
    assert finish(run).state == "CANCELLED"
    assert Report.objects.get() == mine


def test_is_asked_for_by_beat(measured: Client, settings: Any) -> None:
    assert start_monthly_reports.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    start_monthly_reports()
