"""What events tell of a client's health …"""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.services import issuing
from apps.billing.tests.factories import an_invoice, pay
from apps.client_review import services as client_review
from apps.client_review.api.dtos import Decision, RevisionRequest
from apps.delivery.tests.factories import plain_draft, run_for
from apps.identity import services as identity
from apps.identity.api.dtos import ClientDetails
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding.tests.factories import dental_brief
from apps.orchestration.models import EventReceipt, OutboxEvent
from apps.orchestration.services import outbox
from apps.orchestration.workflows.noticed import mean_attainment
from apps.production import services as production
from apps.qc.api.events import QcFailed, ReportWithdrawn
from apps.reporting import rules as reporting_rules
from apps.reporting.api.events import ReportPublished
from apps.reporting.models import Report
from apps.reporting.tests.factories import an_old_report, kpi, point, published
from apps.retention.models import Lifecycle, Signal
from apps.retention.queries import inputs_of
from apps.shared.events import publish
from apps.strategy.tests.factories import strategy_for

pytestmark = pytest.mark.django_db(transaction=True)


def noticed(client: Client) -> dict[str, int]:
    """Bring all events out, and return how many of each kind were taken down of a client."""
    outbox.dispatch_events()
    return dict(Counter(Signal.objects.filter(client=client).values_list("kind", flat=True)))


def measured(client: Client) -> dict[str, Decimal]:
    """Return what the score of a client would stand on now."""
    seen = inputs_of(client, timezone.now() + timedelta(minutes=1))
    return {name: value for name, value in seen.items() if value is not None}


def a_review(client: Client) -> Any:
    """Put a draft in front of a client."""
    brief = dental_brief(client_id=client.pk)
    written = plain_draft(brief, strategy_for(brief), client_id=client.pk)
    row = production.store_draft(brief, strategy_for(brief), written, run=run_for(client.pk))
    draft = written.model_copy(update={"id": row.pk, "brief_id": brief.id})
    return client_review.send_for_review(draft, run=run_for(client.pk))


def tell(*events: Any) -> None:
    with transaction.atomic():
        for event in events:
            publish(event)


def test_begins_when_the_client_is_opened(db: None) -> None:
    details = ClientDetails(name="Initech", country="IE", currency="EUR", time_zone="Europe/Dublin")
    client = identity.open_client(details, by=None)
    outbox.dispatch_events()
    assert Lifecycle.objects.get().client == client


def test_is_what_the_client_decided_and_the_rounds_over_the_agreed_number(acme: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(included_revision_rounds=0)
    review, person = a_review(acme), MembershipFactory(client=acme).user
    change = RevisionRequest(section=review.shown.sections[0].key, change="Shorter.", priority="MUST")
    decision = Decision(
        verdict="CHANGES_REQUESTED", draft_sha256=review.draft_sha256, text="As said.", requests=(change,)
    )
    review = client_review.record_decision(review, decision, by=person.pk, at=timezone.now())
    client_review.allow_further_round(review, by=person.pk, reason="Once.", at=timezone.now())
    client_review.plan_revision(review)
    assert noticed(acme) == {"REVIEW_DECIDED": 1, "ROUND_PLANNED": 1}
    assert measured(acme) == {"DAYS_SINCE_ENGAGEMENT": 0, "ROUNDS_BEYOND_INCLUDED": 1}


def test_is_what_quality_control_found_but_not_what_a_run_took_back(acme: Client) -> None:
    about = [{"client_id": acme.pk, "aggregate_id": uuid7(), "draft_id": uuid7()} for _ in range(2)]
    verdict = {"score": 20, "verdict": "FAIL", "failed_rules": ("x",)}
    tell(*(QcFailed(**each, **verdict) for each in about), ReportWithdrawn(**about[0]))
    assert noticed(acme) == {"QC_FAILED": 2, "TAKEN_BACK": 1}
    assert measured(acme) == {"QC_FAILS": 1}


def test_is_which_invoices_are_overdue(acme: Client) -> None:
    one, _ = an_invoice(acme), an_invoice(acme)
    issuing.mark_overdue(at=timezone.now() + timedelta(days=365))
    assert noticed(acme) == {"INVOICE_ISSUED": 2, "INVOICE_OVERDUE": 2}
    assert measured(acme) == {"OVERDUE_INVOICES": 2}
    one.refresh_from_db()
    pay(one, one.total)
    assert noticed(acme)["INVOICE_SETTLED"] == 1
    assert measured(acme) == {"OVERDUE_INVOICES": 1}


def test_is_what_invoices_come_to(acme: Client) -> None:
    an_invoice(acme)
    assert noticed(acme) == {"INVOICE_ISSUED": 1}
    signal = Signal.objects.get()
    assert (signal.value, signal.currency) == (123, "EUR")


def test_is_not_an_invoice_that_was_voided(acme: Client) -> None:
    invoice = an_invoice(acme)
    issuing.void_invoice(invoice.pk, reason="It was somebody else's.", by=None, at=timezone.now())
    assert noticed(acme) == {"INVOICE_ISSUED": 1, "TAKEN_BACK": 1}
    assert measured(acme) == {}


@pytest.mark.parametrize(("targets", "expected"), [((12, 40), Decimal(70)), ((), None)])
def test_is_what_the_published_report_reached(acme: Client, targets: tuple[int, ...], expected: Any) -> None:
    """Of 30 that are due, 40 % and all: what is passed makes up for nothing else."""
    report = an_old_report(acme)
    names = [f"KPI {number}" for number in range(len(targets))]
    points = [point(name, value, unit="enquiries") for name, value in zip(names, targets, strict=True)]
    findings = reporting_rules.findings_of(points, [kpi(name, target=90) for name in names], days=30)
    Report.objects.filter(pk=report.pk).update(content=findings.model_dump(mode="json"))
    published(Report.objects.get())
    assert noticed(acme) == {"REPORT_PUBLISHED": 1}
    event = OutboxEvent.objects.get(name="ReportPublished")
    assert measured(acme).get("KPI_ATTAINMENT") == expected
    assert mean_attainment(ReportPublished.model_validate(event.payload)) == expected


def test_is_taken_down_once_though_events_come_twice(acme: Client) -> None:
    an_invoice(acme)
    for _ in range(2):
        assert noticed(acme) == {"INVOICE_ISSUED": 1}
        EventReceipt.objects.filter(reaction__startswith="notice_").delete()
        OutboxEvent.objects.update(dispatched_at=None, wake_at=None)
    assert noticed(acme) == {"INVOICE_ISSUED": 1}
