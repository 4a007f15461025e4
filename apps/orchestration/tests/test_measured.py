"""What events count for a client's reports …"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.services.issuing import void_invoice
from apps.billing.tests.factories import an_invoice, pay
from apps.client_review import services as client_review
from apps.client_review.api.dtos import Decision
from apps.client_review.models import Review
from apps.delivery.services import packages
from apps.delivery.tests.factories import plain_draft, run_for, staged_package
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding.tests.factories import dental_brief
from apps.orchestration.models import EventReceipt, OutboxEvent
from apps.orchestration.services import outbox
from apps.production import services as production
from apps.reporting.api import ports as reporting
from apps.reporting.models import MetricPoint
from apps.shared.models import least_key, moment_of
from apps.shared.workflow import RunContext
from apps.strategy.tests.factories import strategy_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def counted(client: Client) -> dict[str, Decimal | None]:
    """Bring all events out, and return what a report on these days says once they are over."""
    outbox.dispatch_events()
    today = timezone.now().date()
    days: dict[str, date] = {"start_date": today - timedelta(days=1), "end_date": today + timedelta(days=1)}
    at = timezone.now() + timedelta(days=3)
    report = reporting.generate_report(client_id=client.pk, at=at, **days)
    return {each.name: each.value for each in report.findings.metrics if each.value is not None}


def a_draft(client: Client, brief_read_at: datetime) -> Any:
    """Store a draft for a brief that was read at a moment."""
    brief = dental_brief(client_id=client.pk, id=least_key(brief_read_at))
    written = plain_draft(brief, strategy_for(brief), client_id=client.pk)
    row = production.store_draft(brief, strategy_for(brief), written, run=run_for(client.pk))
    return written.model_copy(update={"id": row.pk, "brief_id": brief.id})


def deliver(draft: Any, client: Client) -> RunContext:
    """Deliver a draft, and return the run that did."""
    run = run_for(client.pk)
    rendered = staged_package(run)
    package = packages.create_package(draft=draft, rendered=rendered, run=run)
    packages.promote_package(package.pk, rendered.staged_prefix, at=timezone.now())
    return run


def decide(draft: Any, verdict: str, by: User) -> Review:
    review = client_review.send_for_review(draft, run=run_for(draft.client_id))
    decision = Decision(verdict=verdict, draft_sha256=review.draft_sha256, text="As said.")
    return client_review.record_decision(review, decision, by=by.pk, at=timezone.now())


def test_are_packages_and_the_days_that_they_took(acme: Client) -> None:
    """Of briefs that were read 2 and 5 days ago: 3.5 days on average."""
    for days in (2, 5):
        deliver(a_draft(acme, timezone.now() - timedelta(days=days)), acme)
    assert counted(acme) == {"packages_delivered": 2, "days_to_delivery": Decimal("3.5")}
    assert {point.source.partition(":")[0] for point in MetricPoint.objects.all()} == {"packages"}


def test_are_reviews_and_how_they_were_decided(acme: Client) -> None:
    approver = MembershipFactory(client=acme).user
    for verdict in ("APPROVED", "REJECTED"):
        decide(a_draft(acme, timezone.now()), verdict, approver)
    client_review.send_for_review(a_draft(acme, timezone.now()), run=run_for(acme.pk))
    assert counted(acme) == {"reviews_sent": 3, "drafts_approved": 1, "drafts_rejected": 1}


def test_are_invoices(acme: Client) -> None:
    one, two, _ = (an_invoice(acme) for _ in range(3))
    pay(one, one.total)
    void_invoice(two.pk, reason="Nobody asked for it.", by=None, at=timezone.now())
    assert counted(acme) == {"invoices_issued": 2, "invoices_paid": 1, "payments_received": 1}


def test_are_not_what_was_taken_back(acme: Client) -> None:
    deliver(a_draft(acme, timezone.now()), acme)
    gone = deliver(a_draft(acme, timezone.now() - timedelta(days=9)), acme)
    review = client_review.send_for_review(a_draft(acme, timezone.now()), run=(asking := run_for(acme.pk)))
    before = counted(acme)
    assert (before["packages_delivered"], before["reviews_sent"]) == (2, 1)
    packages.withdraw_package(run=gone)
    client_review.withdraw_reviews(run=asking)
    assert counted(acme) == {"packages_delivered": 1, "days_to_delivery": 0}
    assert not Review.objects.filter(pk=review.pk).exclude(state="WITHDRAWN").exists()


def test_are_counted_once_though_events_come_twice(acme: Client) -> None:
    deliver(a_draft(acme, timezone.now()), acme)
    for _ in range(2):
        counted(acme)
        EventReceipt.objects.filter(reaction__startswith="measure_").delete()
        OutboxEvent.objects.update(dispatched_at=None, wake_at=None)
    assert counted(acme)["packages_delivered"] == 1
    assert MetricPoint.objects.count() == 2


def test_say_when_a_key_was_made() -> None:
    before = timezone.now()
    made = moment_of(uuid7())
    assert before - timedelta(milliseconds=1) <= made <= timezone.now()
    assert moment_of(least_key(before)) == before.replace(microsecond=before.microsecond // 1000 * 1000)
