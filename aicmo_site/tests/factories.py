"""Rows for the desk to show, by themselves: no run made them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.billing.services import answers
from apps.billing.tests.factories import AT, a_draft, a_draft_quote, a_quote, an_overdue_invoice
from apps.client_review.models import Review, RevisionPlan
from apps.client_review.rules import sha256_of
from apps.delivery.models import Package, Publication
from apps.identity.models import Client
from apps.identity.tests.factories import ClientFactory, UserFactory
from apps.onboarding.tests.factories import IntakeFactory, IntakeInvitationFactory
from apps.orchestration.models import EventReceipt, OutboxEvent, WorkflowRun
from apps.orchestration.tests.factories import WebhookEndpointFactory
from apps.production.models import Draft
from apps.qc.models import QcReport
from apps.reporting.tests.factories import an_old_report
from apps.retention.models import HealthScore
from apps.retention.tests.factories import HealthScoreFactory, RenewalFactory, SurveyFactory
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


def a_risen_score(client: Client) -> HealthScore:
    """Make a score that rose this week; a client has one a week, so that a further one is another client's."""
    has_one = HealthScore.objects.filter(client=client).exists()
    return HealthScoreFactory(client=ClientFactory() if has_one else client)


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
    an_overdue_invoice(client)
    a_draft(client)
    a_draft_quote(client)
    a_quote(client)
    answers.expire_quotes(at=timezone.now())
    a_quote(client, days=(timezone.now() - AT).days + 30)
    an_old_report(client)
    a_risen_score(client)
    RenewalFactory(client=client)
    SurveyFactory(client=client)
    a_review(client)
    a_review(client, "CHANGES_REQUESTED", round=client.included_revision_rounds + 1)
    a_planned_revision(client)
    WebhookEndpointFactory(client=client, is_active=False, disabled_by="FAILURES", disabled_at=timezone.now())
