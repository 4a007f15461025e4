"""Rows for the desk to show, by themselves: no run made them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.models import BillingAddress, Invoice
from apps.billing.services import answers, reminders
from apps.billing.tests.factories import (
    AT,
    a_bank_line,
    a_draft,
    a_draft_quote,
    a_quote,
    address_of,
    an_overdue_invoice,
    vendor_event,
)
from apps.client_review.models import Review, RevisionPlan
from apps.client_review.rules import sha256_of
from apps.delivery.models import Package, Publication
from apps.identity.models import Client, DataRequest
from apps.identity.tests.factories import ClientFactory, MembershipFactory, UserFactory
from apps.learning.tests.factories import LessonFactory
from apps.onboarding.tests.factories import IntakeFactory, IntakeInvitationFactory
from apps.orchestration.models import EventReceipt, OutboxEvent, WorkflowRun
from apps.orchestration.tests.factories import WebhookEndpointFactory
from apps.production.models import Draft
from apps.qc.models import QcReport
from apps.reporting.tests.factories import a_stopped_import, an_old_report
from apps.retention.models import HealthScore, Opportunity, Play
from apps.retention.tests.factories import (
    HealthScoreFactory,
    OpportunityFactory,
    PlayTaskFactory,
    RenewalFactory,
    SurveyFactory,
)
from apps.shared.models import least_key
from apps.strategy.models import Strategy


def a_run(client: Client | None, state: str, **fields: Any) -> WorkflowRun:
    fields = {"inputs": {}, "input_digest": "", "idempotency_key": str(uuid7())} | fields
    return WorkflowRun.objects.create(workflow="client_to_delivery", version=1, client=client, state=state, **fields)


def a_run_of(at: datetime, state: str) -> WorkflowRun:
    """Make a run that was asked for then."""
    run = a_run(None, state, id=least_key(at))
    WorkflowRun.objects.filter(pk=run.pk).update(created_at=at)
    return run


def a_report(client: Client, verdict: str = "FAIL", score: int = 40, **fields: Any) -> QcReport:
    fields = {"draft_id": uuid7(), "sequence": 1, "rules_checked": 9, "evaluated_at": timezone.now()} | fields
    return QcReport.objects.create(client=client, verdict=verdict, score=score, **fields)


def a_strategy(client: Client) -> Strategy:
    days = {"start_date": date(2026, 3, 2), "end_date": date(2026, 5, 24)}
    return Strategy.objects.create(client=client, brief_id=uuid7(), version=1, layers={}, **days)


def an_edited_draft(client: Client) -> Draft:
    """Make a draft as a person edited it, which nobody has checked."""
    what = {"pack": "quick_social_basic", "pack_title": "Quick social", "provider": "offline", "round": 2}
    who = {"author": UserFactory(), "reason": "They open later."}
    return Draft.objects.create(client=client, brief_id=uuid7(), strategy_id=uuid7(), **what, **who)


def a_publication(client: Client, **fields: Any) -> Publication:
    package = Package.objects.create(client=client, draft_id=uuid7(), manifest={}, run_id=uuid7())
    fields = {"state": "FAILED", "error": "The folder is full.", "idempotency_key": str(uuid7())} | fields
    return Publication.objects.create(package=package, destination="FOLDER", **fields)


def a_review(client: Client, state: str = "SENT", **fields: Any) -> Review:
    """Make a review that was due yesterday."""
    due = timezone.now() - timedelta(days=1)
    content = {"title": "A draft", "sections": [], "calendar": []}
    told = {"sent_at": due, "due_at": due, "decided_at": due, "decided_by": UserFactory()}
    ids = {"draft_id": uuid7(), "strategy_id": uuid7(), "draft_round": 1, "draft_sha256": sha256_of(content)}
    return Review.objects.create(client=client, state=state, content=content, **ids | told | {"round": 1} | fields)


def a_planned_revision(client: Client) -> RevisionPlan:
    review = a_review(client, "CHANGES_REQUESTED")
    return RevisionPlan.objects.create(review=review, draft_id=review.draft_id, estimated_hours=2, beyond_included=0)


def reminded_in_vain(client: Client) -> Invoice:
    """Make an overdue invoice of which all reminders went out."""
    invoice = an_overdue_invoice(client)
    MembershipFactory(client=client)
    for level in (1, 2, 3):
        reminders.remind_now(invoice.pk, by=None, at=AT + timedelta(days=60 + level))
    return invoice


def a_data_request(client: Client) -> DataRequest:
    """Make a request for all that is kept of a client, asked for in its portal, which nobody has taken up."""
    known = {"kind": "EXPORT", "state": "ASKED", "note": "In the portal.", "due_date": timezone.localdate()}
    return DataRequest.objects.create(client=client, asked_in=client, **known)


def a_refused_data_request(client: Client) -> DataRequest:
    """Make a request like that, of which a client can have several: each was refused."""
    known = {"kind": "EXPORT", "state": "REFUSED", "note": "In the portal.", "reason": "It was sent by letter."}
    return DataRequest.objects.create(client=client, asked_in=client, due_date=timezone.localdate(), **known)


def who_has_none(model: type[Model], client: Client) -> Client:
    """Return the client, or another one where it has such a row: of these it cannot have two."""
    return ClientFactory() if model.objects.filter(client=client).exists() else client


def a_dead_letter(client: Client) -> EventReceipt:
    event = OutboxEvent.objects.create(
        id=uuid7(),
        name="QcFailed",
        aggregate="qc.qcreport",
        aggregate_id=uuid7(),
        client_id=client.pk,
        payload={},
        occurred_at=timezone.now(),
    )
    return EventReceipt.objects.create(event=event, reaction="log_event", state="DEAD", error="ConnectionError: away")


def all_sorts_of_work(client: Client) -> None:
    """Make one row for every worklist."""
    a_run(client, "STUCK", error="The folder is full.")
    a_run(client, "WAITING", error="The folder is full.")
    a_run(client, "FAILED", error="It said no.")
    IntakeFactory(client=client)
    IntakeInvitationFactory(client=client, state="UNKNOWN")
    a_strategy(client)
    an_edited_draft(client)
    a_report(client)
    a_publication(client)
    a_dead_letter(client)
    vendor_event(reminded_in_vain(client))
    address_of(who_has_none(BillingAddress, client))
    a_bank_line()
    a_draft(client)
    a_draft_quote(client)
    a_quote(client)
    answers.expire_quotes(at=timezone.now())
    a_quote(client, days=(timezone.now() - AT).days + 30)
    an_old_report(client)
    a_stopped_import(client)
    HealthScoreFactory(client=who_has_none(HealthScore, client))
    RenewalFactory(client=client)
    SurveyFactory(client=client)
    OpportunityFactory(client=who_has_none(Opportunity, client))
    PlayTaskFactory(play__client=who_has_none(Play, client))
    a_review(client)
    a_review(client, "CHANGES_REQUESTED", round=client.included_revision_rounds + 1)
    a_planned_revision(client)
    LessonFactory(client=client)
    WebhookEndpointFactory(client=client, is_active=False, disabled_by="FAILURES", disabled_at=timezone.now())
    a_data_request(who_has_none(DataRequest, client))
