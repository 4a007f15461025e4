"""Planning a lead's outreach …"""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.cam.api import ports
from apps.cam.models import Campaign, Lead, OutboundEmail, Sequence
from apps.cam.rules.sequences import PlanRefused
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import outreach
from apps.cam.services.leads import MoveRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory, MailboxFactory, SequenceFactory, SequenceStepFactory
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def sequence(campaign: Campaign) -> Sequence:
    campaign.mailbox = MailboxFactory()
    campaign.save()
    made = SequenceFactory(campaign=campaign)
    SequenceStepFactory(sequence=made, position=1)
    SequenceStepFactory(sequence=made, position=2, wait_days=7)
    return made


@pytest.fixture
def qualified(campaign: Campaign) -> Lead:
    return LeadFactory(campaign=campaign, state="QUALIFIED", full_name="Mia Byrne")


def test_queues_the_first_message_with_its_words(
    sequence: Sequence, qualified: Lead, published: list[tuple[Event, AuditNote]]
) -> None:
    plan = ports.plan_outreach(lead_id=qualified.pk, at=AT)
    mail = OutboundEmail.objects.get()
    qualified.refresh_from_db()
    assert (qualified.state, qualified.sequence, mail.state, mail.number) == ("ROUTED", sequence, "QUEUED", 1)
    assert (mail.subject, mail.due_at) == ("More patients for Bright Smiles", AT)
    assert mail.text.startswith("Hello Mia,\n")
    assert [(message.step, message.day) for message in plan.messages] == [(1, 0), (2, 7)]
    assert [event.name for event, _ in published] == ["LeadAdvanced", "EmailQueued", "OutreachPlanned"]


def test_is_done_once(sequence: Sequence, qualified: Lead) -> None:
    ports.plan_outreach(lead_id=qualified.pk, at=AT)
    with pytest.raises(MoveRefused):
        ports.plan_outreach(lead_id=qualified.pk, at=AT)
    with pytest.raises(IntegrityError, match="outbound_once_per_lead_and_number"), transaction.atomic():
        outreach.queue_message(qualified, sequence.campaign.mailbox, sequence.steps.first(), 1, at=AT)
    assert OutboundEmail.objects.count() == 1


@pytest.mark.parametrize("columns", [{"state": "SCORED"}, {"contactability": "UNSUBSCRIBED"}])
def test_is_refused_for_whom_nobody_may_write_to(
    sequence: Sequence, campaign: Campaign, columns: dict[str, Any]
) -> None:
    lead = LeadFactory(campaign=campaign, **{"state": "QUALIFIED", **columns})
    with pytest.raises(MoveRefused):
        ports.plan_outreach(lead_id=lead.pk, at=AT)
    assert not OutboundEmail.objects.exists()


def test_is_refused_where_something_of_the_lead_is_not_known(sequence: Sequence, campaign: Campaign) -> None:
    lead = LeadFactory(campaign=campaign, state="QUALIFIED", full_name="")
    with pytest.raises(TemplateRefused, match="first_name is not known"):
        ports.plan_outreach(lead_id=lead.pk, at=AT)
    lead.refresh_from_db()
    assert (lead.state, OutboundEmail.objects.count()) == ("QUALIFIED", 0)


def test_is_refused_without_a_mailbox_and_without_a_sequence(campaign: Campaign, qualified: Lead) -> None:
    with pytest.raises(PlanRefused, match="has no mailbox"):
        ports.plan_outreach(lead_id=qualified.pk, at=AT)
    campaign.mailbox = MailboxFactory()
    campaign.save()
    with pytest.raises(PlanRefused, match="has no sequence"):
        ports.plan_outreach(lead_id=qualified.pk, at=AT)


def test_stands_still_and_goes_on_at_a_persons_word(sequence: Sequence, qualified: Lead, salesperson: User) -> None:
    ports.plan_outreach(lead_id=qualified.pk, at=AT)
    lead = Lead.objects.get()
    outreach.halt_outreach(lead, by=salesperson.pk, reason="They are on holiday", at=AT)
    mail = OutboundEmail.objects.get()
    assert (lead.halted_because, mail.state, mail.answer) == ("They are on holiday", "CANCELLED", "They are on holiday")
    outreach.resume_outreach(lead, by=salesperson.pk, reason="They are back", at=AT)
    assert Lead.objects.get().halted_because == ""
    with pytest.raises(ValueError, match="does not stand still"):
        outreach.resume_outreach(lead, by=salesperson.pk, reason="Again", at=AT)
