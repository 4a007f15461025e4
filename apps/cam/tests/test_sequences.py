"""A sequence …"""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from apps.cam import queries
from apps.cam.models import Campaign, Lead, MessageTemplate, OutboundEmail, Sequence
from apps.cam.rules.sequences import SequenceRefused, StepPlan
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import sequences, templates
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import (
    LeadFactory,
    MessageTemplateFactory,
    OutboundEmailFactory,
    SequenceFactory,
    SequenceStepFactory,
)
from apps.identity.models import User

pytestmark = pytest.mark.django_db


def _plans(*waits: int, **changes: Any) -> list[StepPlan]:
    return [StepPlan(MessageTemplateFactory().pk, wait, **changes) for wait in waits]


def test_is_a_draft_with_the_next_version(campaign: Campaign) -> None:
    first = sequences.write_sequence(campaign, "cold_outreach", _plans(0, 7), by=None)
    second = sequences.write_sequence(campaign, "cold_outreach", _plans(0), by=None)
    assert [(s.version, s.state, s.steps.count()) for s in (first, second)] == [(1, "DRAFT", 2), (2, "DRAFT", 1)]


@pytest.mark.parametrize(
    ("waits", "field"),
    [((), "steps"), ((0,) * 11, "steps"), ((0, 0), "steps.2.wait_days"), ((91,), "steps.1.wait_days")],
)
def test_is_refused_with_the_step_that_is_wrong(campaign: Campaign, waits: tuple[int, ...], field: str) -> None:
    with pytest.raises(SequenceRefused) as refusal:
        sequences.write_sequence(campaign, "cold_outreach", _plans(*waits), by=None)
    assert field in refusal.value.problems
    assert not Sequence.objects.exists()


def test_is_refused_with_a_template_that_nobody_wrote(campaign: Campaign) -> None:
    with pytest.raises(SequenceRefused, match=r"steps\.1\.template"):
        sequences.write_sequence(campaign, "cold_outreach", [StepPlan(uuid4(), 0)], by=None)


def test_is_refused_with_a_second_subject_that_cannot_be_filled(campaign: Campaign) -> None:
    with pytest.raises(SequenceRefused, match="unknown placeholder 'firm'"):
        sequences.write_sequence(campaign, "cold_outreach", _plans(0, subject_b="For {{ firm }}"), by=None)


def test_is_refused_for_a_route_that_is_none(campaign: Campaign) -> None:
    with pytest.raises(SequenceRefused, match="is no route"):
        sequences.write_sequence(campaign, "warm", _plans(0), by=None)


def test_takes_the_place_of_the_version_before_it(campaign: Campaign, salesperson: User) -> None:
    old, new = (sequences.write_sequence(campaign, "cold_outreach", _plans(0), by=None) for _ in range(2))
    sequences.start_sequence(old, by=salesperson.pk)
    sequences.start_sequence(new, by=salesperson.pk)
    old.refresh_from_db()
    assert (old.state, new.state) == ("RETIRED", "LIVE")
    with pytest.raises(TransitionNotAllowed):
        sequences.start_sequence(old, by=salesperson.pk)


def test_is_the_only_one_of_its_route_at_work(campaign: Campaign) -> None:
    SequenceFactory(campaign=campaign)
    with pytest.raises(IntegrityError, match="sequence_one_is_live"), transaction.atomic():
        SequenceFactory(campaign=campaign, version=2)


def _midway(campaign: Campaign) -> tuple[Lead, Sequence, Sequence]:
    old, new = (sequences.write_sequence(campaign, "cold_outreach", _plans(0, 7), by=None) for _ in range(2))
    sequences.start_sequence(old, by=None)
    lead = LeadFactory(campaign=campaign, state="CONTACTED", sequence=old, next_action_at=AT)
    OutboundEmailFactory(lead=lead, step=old.steps.first(), state="SENT", sent_at=AT)
    OutboundEmailFactory(lead=lead, step=old.steps.last(), number=2)
    return lead, old, new


def test_leaves_leads_that_are_midway_to_the_version_they_began_with(campaign: Campaign) -> None:
    lead, old, new = _midway(campaign)
    assert queries.leads_midway(old) == {1: 1}
    sequences.start_sequence(new, by=None)
    lead.refresh_from_db()
    assert (lead.sequence, OutboundEmail.objects.filter(state="QUEUED").count()) == (old, 1)


def test_takes_leads_that_are_midway_along_where_that_is_wished(campaign: Campaign) -> None:
    lead, old, new = _midway(campaign)
    sequences.start_sequence(new, by=None, moves_leads=True)
    lead.refresh_from_db()
    assert (lead.sequence, list(lead.sent_mails.values_list("number", "state"))) == (new, [(1, "SENT")])
    assert queries.leads_midway(old) == {}
    assert queries.leads_midway(new) == {1: 1}


def test_leaves_a_message_that_is_being_sent_to_the_sender(campaign: Campaign) -> None:
    lead, _, new = _midway(campaign)
    OutboundEmail.objects.filter(number=2).update(state="SENDING", reserved_at=AT, fence=1)
    sequences.start_sequence(new, by=None, moves_leads=True)
    assert list(lead.sent_mails.order_by("number").values_list("number", "state")) == [(1, "SENT"), (2, "SENDING")]


def test_is_retired_with_a_reason(campaign: Campaign, salesperson: User) -> None:
    live = SequenceFactory(campaign=campaign)
    with pytest.raises(ValueError, match="reason is empty"):
        sequences.retire_sequence(live, by=salesperson.pk, reason=" ")
    assert sequences.retire_sequence(live, by=salesperson.pk, reason="Nobody answers").state == "RETIRED"


def test_gives_half_of_the_leads_its_second_subject(campaign: Campaign) -> None:
    step = SequenceStepFactory(subject_b="Free chairs at {{ company }}?")
    variants = {lead.pk: step.words_for(lead, "Nora") for lead in LeadFactory.create_batch(40, campaign=campaign)}
    assert {words.variant for words in variants.values()} == {"A", "B"}
    assert {words.subject for words in variants.values()} == {
        "Free chairs at Bright Smiles?",
        "More patients for Bright Smiles",
    }


def test_keeps_its_words_when_a_template_is_revised(campaign: Campaign, salesperson: User) -> None:
    template = templates.write_template("Hello", "Hi {{ company }}", "First", by=None)
    step = SequenceStepFactory(template=template)
    revised = templates.revise_template(template, "Hi {{ company }}", "Second", by=salesperson.pk, reason="Shorter")
    assert (revised.version, revised.name) == (2, "Hello")
    assert step.words_for(LeadFactory(campaign=campaign), "Nora").text == "First"


def test_has_templates_that_only_one_person_revises_at_a_time(salesperson: User) -> None:
    template = templates.write_template("Hello", "Hi", "First", by=None)
    templates.revise_template(template, "Hi", "Second", by=salesperson.pk, reason="Shorter")
    with pytest.raises(TemplateRefused, match="revised by somebody else"):
        templates.revise_template(template, "Hi", "Third", by=salesperson.pk, reason="Longer")
    with pytest.raises(TemplateRefused, match="another template's"):
        templates.write_template("HELLO", "Hi", "First", by=None)
    assert MessageTemplate.objects.count() == 2
