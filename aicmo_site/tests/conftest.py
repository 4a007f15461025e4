"""The desk with work on it, and the people who look at it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.utils import timezone

from aicmo_site.tests.factories import a_review
from apps.billing.api.dtos import LineCredit
from apps.billing.models import Invoice
from apps.billing.services.issuing import credit_invoice
from apps.billing.services.proofs import prove_books
from apps.billing.tests.factories import AT, a_quote, an_overdue_invoice, pay
from apps.cam.tests.factories import (
    AlertFactory,
    CampaignSnapshotFactory,
    ConsentFactory,
    CycleRunFactory,
    DealFactory,
    DiscoveredProfileFactory,
    DuplicatePairFactory,
    ImportBatchFactory,
    InboundEmailFactory,
    LeadKeyFactory,
    LeadMergeFactory,
    LeadSubmissionFactory,
    OutboundEmailFactory,
    PauseRuleFactory,
    SuppressionFactory,
)
from apps.delivery.models import Package, Publication
from apps.identity.models import User
from apps.identity.tests.factories import ApiTokenFactory, UserFactory
from apps.learning.tests.factories import LearningEventFactory
from apps.observability import services as observability
from apps.onboarding import services as onboarding
from apps.onboarding.api.ports import read_submission
from apps.onboarding.models import Intake
from apps.onboarding.tests.factories import IntakeInvitationFactory, WorkspaceFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import outbox
from apps.orchestration.services.intake import submit_intake
from apps.orchestration.tests.conftest import finish
from apps.orchestration.tests.factories import WebhookDeliveryFactory
from apps.production import services as production
from apps.production.models import Draft
from apps.reporting.tests.factories import a_published_report
from apps.retention.tests.factories import (
    HealthScoreFactory,
    LifecycleFactory,
    RenewalTaskFactory,
    SignalFactory,
    SurveyFactory,
)

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "intake_dental_clinic.json"


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory(email="owner@aicmo.test", is_superuser=True)


@pytest.fixture
def desk(owner: User) -> Browser:
    browser = Browser()
    browser.force_login(owner)
    return browser


@pytest.fixture
def run(db: None, settings: Any, tmp_path: Path) -> WorkflowRun:
    """A run of the main job from a submission to a package, and the few rows that no run makes."""
    settings.MEDIA_ROOT = tmp_path
    submission = read_submission(data=json.loads(SAMPLE.read_text()))
    wishes = {"workflow": "client_to_delivery", "pack": "quick_social_basic", "key": "desk"}
    run = finish(submit_intake(submission, **wishes, at=timezone.now()))
    assert run.state == "COMPLETED", run.error
    outbox.dispatch_events()
    production.assemble_bundle(Draft.objects.get())
    onboarding.attach_file(Intake.objects.get().pk, name="notes.txt", content=b"Ask for the price list.", by=None)
    Publication.objects.create(package=Package.objects.get(), destination="FOLDER", idempotency_key="desk")
    pay(an_overdue_invoice(run.client), 23)
    credit_invoice(Invoice.objects.get().pk, [LineCredit(position=1, net=10)], reason="Less was done.", by=None, at=AT)
    a_quote(run.client)
    prove_books(at=AT)
    WorkspaceFactory(client=run.client)
    IntakeInvitationFactory(client=run.client)
    a_review(run.client)
    a_published_report(run.client)
    RenewalTaskFactory(renewal__client=run.client)
    for made in (HealthScoreFactory, LifecycleFactory, SignalFactory, SurveyFactory):
        made(client=run.client)
    ApiTokenFactory(membership__client=run.client)
    LearningEventFactory(client=run.client)
    InboundEmailFactory()
    ImportBatchFactory()
    OutboundEmailFactory()
    ConsentFactory()
    SuppressionFactory()
    DealFactory()
    for made in (
        DiscoveredProfileFactory,
        DuplicatePairFactory,
        LeadKeyFactory,
        LeadMergeFactory,
        LeadSubmissionFactory,
    ):
        made()
    for factory in (AlertFactory, CampaignSnapshotFactory, CycleRunFactory, PauseRuleFactory):
        factory()
    WebhookDeliveryFactory(endpoint__client=run.client)
    observability.report_worker(
        name="w@h", host="h", pid=1, queues=["system"], concurrency=1, started_at=timezone.now()
    )
    return run


def desk_of(person: User) -> Browser:
    """Return a browser in which a person has logged in."""
    browser = Browser()
    browser.force_login(person)
    return browser


@pytest.fixture
def member_of(db: None) -> Callable[[str], User]:
    """Make a person of the staff with one role."""

    def make(role: str) -> User:
        person = UserFactory(full_name=f"The {role}")
        person.groups.add(Group.objects.get(name=role))
        return person

    return make
