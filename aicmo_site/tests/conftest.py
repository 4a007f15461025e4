"""The desk with work on it, and the people who look at it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.utils import timezone

from aicmo_site.tests.factories import a_data_request, a_review
from apps.billing.api.dtos import LineCredit
from apps.billing.models import Invoice
from apps.billing.services.issuing import credit_invoice
from apps.billing.services.proofs import prove_books
from apps.billing.services.reminders import hold_reminders, remind_now
from apps.billing.tests.factories import (
    AT,
    a_bank_line,
    a_quote,
    a_retainer,
    address_of,
    an_overdue_invoice,
    pay,
    vendor_event,
)
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
from apps.identity.tests.factories import ApiTokenFactory, MembershipFactory, UserFactory
from apps.learning.tests.factories import LearningEventFactory, LessonFactory, StoredArtifactFactory
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
from apps.reporting.services import imports
from apps.reporting.tests.factories import a_published_report, an_import, csv_of
from apps.retention.tests.factories import (
    HealthScoreFactory,
    LifecycleFactory,
    OpportunityFactory,
    PlayTaskFactory,
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
    MembershipFactory(client=run.client)
    remind_now(pay(an_overdue_invoice(run.client), 23).invoice_id, by=None, at=AT + timedelta(days=60))
    credit_invoice(Invoice.objects.get().pk, [LineCredit(position=1, net=10)], reason="Less was done.", by=None, at=AT)
    vendor_event(Invoice.objects.get(), kind="WAITING", type="checkout.session.completed")
    a_quote(run.client)
    address_of(run.client)
    a_bank_line()
    hold_reminders(run.client, invoice_id=None, until_date=None, reason="They call.", by=None, at=AT)
    a_retainer(run.client)
    a_data_request(run.client)
    prove_books(at=AT)
    WorkspaceFactory(client=run.client)
    IntakeInvitationFactory(client=run.client)
    a_review(run.client)
    a_published_report(run.client)
    an_import(run.client, csv_of(["Day", "Clicks"], ["2026-03-10", "7"]))
    imports.continue_imports(at=timezone.now())
    RenewalTaskFactory(renewal__client=run.client)
    PlayTaskFactory(play__client=run.client)
    for made in (HealthScoreFactory, LifecycleFactory, OpportunityFactory, SignalFactory, SurveyFactory):
        made(client=run.client)
    ApiTokenFactory(membership__client=run.client)
    for made in (LearningEventFactory, LessonFactory, StoredArtifactFactory):
        made(client=run.client)
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
