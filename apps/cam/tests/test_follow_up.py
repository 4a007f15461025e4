"""Following up …"""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cam.models import Campaign, Lead, OutboundEmail, Sequence
from apps.cam.services.followups import queue_next
from apps.cam.services.outbound import went_out
from apps.cam.services.outreach import resume_outreach
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import (
    CampaignFactory,
    DealFactory,
    LeadFactory,
    MailboxFactory,
    OutboundEmailFactory,
    SequenceFactory,
    SequenceStepFactory,
)
from apps.identity.models import User

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def running(db: None) -> Campaign:
    return CampaignFactory(state="ACTIVE", mailbox=MailboxFactory())


@pytest.fixture
def sequence(running: Campaign) -> Sequence:
    made = SequenceFactory(campaign=running)
    SequenceStepFactory(sequence=made, position=1)
    SequenceStepFactory(sequence=made, position=2, wait_days=7)
    return made


def _written_to(sequence: Sequence, *, number: int = 1, state: str = "SENT", **columns: Any) -> Lead:
    lead = LeadFactory(campaign=sequence.campaign, sequence=sequence, state="CONTACTED", **columns)
    for each in range(1, number + 1):
        is_last = each == number
        OutboundEmailFactory(
            lead=lead,
            mailbox=sequence.campaign.mailbox,
            step=sequence.steps.get(position=each),
            number=each,
            state=state if is_last else "SENT",
            sent_at=AT if state in ("SENT", "BOUNCED") or not is_last else None,
        )
    return lead


def _numbers(lead: Lead) -> list[tuple[int, str]]:
    return list(lead.sent_mails.order_by("number").values_list("number", "state"))


def test_plans_leads_that_are_qualified(sequence: Sequence) -> None:
    lead = LeadFactory(campaign=sequence.campaign, state="QUALIFIED")
    assert queue_next(at=AT).planned == 1
    assert _numbers(lead) == [(1, "QUEUED")]


def test_queues_the_next_message_once_its_time_has_come(sequence: Sequence) -> None:
    lead = _written_to(sequence)
    assert queue_next(at=AT + 7 * DAY - timedelta(seconds=1)).queued == 0
    assert _numbers(lead) == [(1, "SENT")]
    assert queue_next(at=AT + 7 * DAY).queued == 1
    assert queue_next(at=AT + 8 * DAY).items == 0
    assert _numbers(lead) == [(1, "SENT"), (2, "QUEUED")]


def test_gives_a_lead_up_after_the_last_message(sequence: Sequence) -> None:
    lead = _written_to(sequence, number=2)
    assert queue_next(at=AT + 6 * DAY).items == 0
    assert queue_next(at=AT + 7 * DAY).ended == 1
    lead.refresh_from_db()
    assert lead.state == "LOST"


def test_waits_as_long_as_somebody_is_out_of_office(sequence: Sequence) -> None:
    lead = _written_to(sequence, next_action_at=AT + 20 * DAY)
    assert queue_next(at=AT + 19 * DAY).items == 0
    assert queue_next(at=AT + 20 * DAY).queued == 1
    assert _numbers(lead)[-1] == (2, "QUEUED")


@pytest.mark.parametrize("state", ["FAILED", "UNKNOWN", "CANCELLED"])
def test_halts_a_lead_whose_last_message_did_not_surely_go_out(sequence: Sequence, state: str) -> None:
    lead = _written_to(sequence, state=state)
    assert queue_next(at=AT + 30 * DAY).halted == 1
    lead.refresh_from_db()
    assert lead.halted_because.startswith("Message 1 ")
    assert queue_next(at=AT + 31 * DAY).items == 0


@pytest.mark.parametrize("columns", [{"contactability": "UNSUBSCRIBED"}, {"halted_because": "They asked something"}])
def test_leaves_leads_alone_that_must_not_or_should_not_be_written_to(
    sequence: Sequence, columns: dict[str, str]
) -> None:
    lead = _written_to(sequence, **columns)
    assert queue_next(at=AT + 30 * DAY).items == 0
    assert _numbers(lead) == [(1, "SENT")]


@pytest.mark.parametrize("state", ["REPLIED", "MEETING", "PROPOSAL", "WON", "LOST"])
def test_ends_with_a_reply(sequence: Sequence, state: str) -> None:
    lead = _written_to(sequence)
    path = {"REPLIED": ["REPLIED"], "MEETING": ["REPLIED", "MEETING"], "PROPOSAL": ["REPLIED", "MEETING", "PROPOSAL"]}
    for each in path.get(state, ["REPLIED", "MEETING", "PROPOSAL", state]):
        Lead.objects.filter(pk=lead.pk).update(state=each)
    assert queue_next(at=AT + 30 * DAY).items == 0


@pytest.mark.parametrize("state", ["DRAFT", "PAUSED", "COMPLETED"])
def test_does_nothing_in_a_campaign_that_stands_still(sequence: Sequence, state: str) -> None:
    _written_to(sequence)
    LeadFactory(campaign=sequence.campaign, state="QUALIFIED")
    reason = "Holidays" if state == "PAUSED" else ""
    Campaign.objects.filter(pk=sequence.campaign_id).update(state=state, pause_reason=reason)
    assert queue_next(at=AT + 30 * DAY).items == 0


def test_says_why_a_campaign_plans_nothing(running: Campaign) -> None:
    LeadFactory(campaign=running, state="QUALIFIED")
    assert queue_next(at=AT).waiting == {f"{running} has no sequence that is at work. Write one and start it."}


def test_halts_a_lead_of_whom_something_is_not_known_and_takes_the_others(sequence: Sequence) -> None:
    nameless = LeadFactory(campaign=sequence.campaign, state="QUALIFIED", full_name="")
    LeadFactory(campaign=sequence.campaign, state="QUALIFIED")
    counts = queue_next(at=AT)
    nameless.refresh_from_db()
    assert (counts.planned, counts.halted, nameless.state) == (1, 1, "QUALIFIED")
    assert "first_name is not known" in nameless.halted_because
    assert OutboundEmail.objects.count() == 1


def test_asks_the_same_number_of_queries_however_many_leads_only_wait(sequence: Sequence) -> None:
    def asked() -> tuple[int, int]:
        """Tell how many rows were written, and how many queries were asked beside that."""
        Lead.objects.update(next_action_at=None)
        with CaptureQueriesContext(connection) as told:
            queue_next(at=AT)
        writing = [query for query in told if query["sql"].startswith("UPDATE")]
        return len(writing), len(told) - len(writing)

    for _ in range(5):
        _written_to(sequence)
    of_five = asked()
    for _ in range(25):
        _written_to(sequence)
    assert (of_five[0], asked()) == (5, (30, of_five[1]))


@pytest.mark.parametrize("state", ["CANCELLED", "FAILED"])
def test_goes_on_behind_a_message_that_never_went_out_once_a_person_says_so(
    sequence: Sequence, salesperson: User, state: str
) -> None:
    lead = _written_to(sequence, state=state)
    queue_next(at=AT + DAY)
    lead.refresh_from_db()
    resume_outreach(lead, by=salesperson.pk, reason="They are back.", at=AT + 2 * DAY)
    assert queue_next(at=AT + 2 * DAY).queued == 1
    assert _numbers(lead) == [(1, state), (2, "QUEUED")]


def test_halts_a_lead_again_whose_next_message_fails_too(sequence: Sequence, salesperson: User) -> None:
    lead = _written_to(sequence, state="FAILED")
    queue_next(at=AT + DAY)
    lead.refresh_from_db()
    resume_outreach(lead, by=salesperson.pk, reason="Mended.", at=AT + 2 * DAY)
    queue_next(at=AT + 2 * DAY)
    OutboundEmail.objects.filter(number=2).update(state="SENDING", reserved_at=AT, fence=1)
    OutboundEmail.objects.filter(number=2).update(state="FAILED")
    assert queue_next(at=AT + 9 * DAY).halted == 1


def test_leaves_who_is_agreed_with_to_a_person(sequence: Sequence) -> None:
    lead = _written_to(sequence, number=2)
    DealFactory(lead=lead)
    assert queue_next(at=AT + 30 * DAY).items == 0
    lead.refresh_from_db()
    assert lead.state == "CONTACTED"


def test_halts_a_lead_whom_no_message_reached(sequence: Sequence, salesperson: User) -> None:
    lead = LeadFactory(campaign=sequence.campaign, sequence=sequence, state="ROUTED", goes_on_behind=2)
    for step in sequence.steps.all():
        OutboundEmailFactory(lead=lead, step=step, number=step.position, state="CANCELLED")
    other = _written_to(sequence)
    counts = queue_next(at=AT + 7 * DAY)
    lead.refresh_from_db()
    assert (counts.halted, counts.queued, lead.state) == (1, 1, "ROUTED")
    assert "None of its messages went out" in lead.halted_because
    assert _numbers(other)[-1] == (2, "QUEUED")


def test_says_that_a_campaign_has_no_mailbox_any_more(sequence: Sequence) -> None:
    _written_to(sequence)
    Campaign.objects.update(mailbox=None)
    assert "has no mailbox" in queue_next(at=AT + 7 * DAY).waiting.pop()


def test_goes_on_once_a_message_in_doubt_is_settled(sequence: Sequence, salesperson: User) -> None:
    lead = _written_to(sequence, state="UNKNOWN")
    OutboundEmail.objects.update(reserved_at=AT)
    assert queue_next(at=AT + DAY).halted == 1
    went_out(OutboundEmail.objects.get(), by=salesperson.pk, reason="They answered by telephone.", at=AT + DAY)
    assert queue_next(at=AT + 7 * DAY).queued == 1
    assert _numbers(lead) == [(1, "SENT"), (2, "QUEUED")]


def test_keeps_an_absence_when_a_person_lets_it_go_on(sequence: Sequence, salesperson: User) -> None:
    lead = _written_to(sequence, next_action_at=AT + 20 * DAY, halted_because="They asked something")
    resume_outreach(lead, by=salesperson.pk, reason="Answered.", at=AT + 8 * DAY)
    assert queue_next(at=AT + 9 * DAY).items == 0
