"""What a person answers a lead, beside the sequence that the lead is in …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.cam import queries
from apps.cam.models import Campaign, InboundEmail, Lead, OutboundEmail, SequenceStep
from apps.cam.services import inbox, outreach, processing, wishes
from apps.cam.services.answering import IN_CONVERSATION
from apps.cam.services.deals import open_deal
from apps.cam.services.followups import queue_next
from apps.cam.services.merges import merge_leads
from apps.cam.services.metrics import take_snapshot
from apps.cam.services.rehearsal import rehearse
from apps.cam.services.sending import send_due
from apps.cam.services.sequences import _move_leads
from apps.cam.tests.factories import (
    InboundEmailFactory,
    LeadFactory,
    OutboundEmailFactory,
    SequenceStepFactory,
    eml,
)
from apps.cam.tests.post_office import PostOffice
from apps.cam.tests.test_deals import terms
from apps.cam.tests.test_send_due import NOON
from apps.identity.models import User

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
Answer = Callable[..., OutboundEmail]


def again(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def test_is_not_cancelled_by_what_stops_a_sequence(answer: Answer, mia: Lead, salesperson: User) -> None:
    mail = answer()
    outreach.halt_outreach(again(mia), by=salesperson.pk, reason="Wait.", at=NOON)
    for kind in ("NEUTRAL", "OUT_OF_OFFICE", "POSITIVE", "NEGATIVE"):
        more = InboundEmailFactory(lead=mia, classification="NEUTRAL", from_address=mia.email)
        processing.settle_reply(more, kind=kind, by=salesperson.pk, at=NOON)
    assert (again(mia).state, again(mail).state, again(mail).due_at) == ("LOST", "QUEUED", NOON)


def test_is_not_cancelled_by_a_deal(answer: Answer, mia: Lead, salesperson: User) -> None:
    mail = answer()
    Lead.objects.filter(pk=mia.pk).update(state="REPLIED")
    open_deal(again(mia), terms(), by=salesperson.pk, at=NOON)
    assert again(mail).state == "QUEUED"


def test_lets_no_sequence_go_on(office: PostOffice, answer: Answer, mia: Lead) -> None:
    answer()
    send_due(at=NOON)
    assert queue_next(at=NOON + 60 * DAY).items == 0
    assert again(mia).halted_because == processing.ANSWERED


def test_halts_a_sequence_that_went_on(answer: Answer, mia: Lead, asked: InboundEmail, steps: list) -> None:
    Lead.objects.filter(pk=mia.pk).update(halted_because="")
    waits = OutboundEmailFactory(lead=mia, mailbox=mia.campaign.mailbox, step=steps[1], number=2)
    mail = answer()
    assert (mail.number, again(waits).state, again(mia).halted_because) == (3, "CANCELLED", IN_CONVERSATION)
    assert queue_next(at=NOON + 60 * DAY).items == 0


def test_is_followed_by_the_next_step_once_a_person_lets_it_go_on(
    office: PostOffice, answer: Answer, mia: Lead, salesperson: User, steps: list[SequenceStep]
) -> None:
    answer()
    send_due(at=NOON)
    outreach.resume_outreach(again(mia), by=salesperson.pk, reason="She fell silent.", at=NOON + DAY)
    assert queue_next(at=NOON + 6 * DAY).queued == 0
    assert queue_next(at=NOON + 7 * DAY + timedelta(minutes=1)).queued == 1
    third = mia.sent_mails.get(number=3)
    assert (third.step, third.answers) == (steps[1], None)
    assert send_due(at=NOON + 7 * DAY + timedelta(minutes=2)).sent == 1
    assert "<first@agency.example>" in office.mails[-1]["References"]


def test_is_waited_for_behind_a_step_that_was_cancelled_for_it(
    office: PostOffice, answer: Answer, mia: Lead, salesperson: User, steps: list[SequenceStep], running: Campaign
) -> None:
    waited = {"state": "CANCELLED", "answer": processing.ANSWERED}
    OutboundEmailFactory(lead=mia, mailbox=running.mailbox, step=steps[1], number=2, **waited)
    assert answer().number == 3
    send_due(at=NOON)
    outreach.resume_outreach(again(mia), by=salesperson.pk, reason="She fell silent.", at=NOON + DAY)
    assert queue_next(at=NOON + DAY).items == 0
    assert again(mia).state == "CONTACTED", "nobody is given up a day after they were answered"
    assert queue_next(at=NOON + 40 * DAY).ended == 1


def test_ends_no_sequence_by_its_number(office: PostOffice, answer: Answer, mia: Lead, salesperson: User) -> None:
    answer()
    send_due(at=NOON)
    outreach.resume_outreach(again(mia), by=salesperson.pk, reason="Go on.", at=NOON)
    queue_next(at=NOON + 8 * DAY)
    assert (again(mia).state, mia.sent_mails.count()) == ("CONTACTED", 3)
    OutboundEmail.objects.filter(number=3).update(state="SENDING", fence=1, reserved_at=NOON)
    OutboundEmail.objects.filter(number=3).update(state="SENT", sent_at=NOON + 8 * DAY)
    Lead.objects.filter(pk=mia.pk).update(next_action_at=None)
    queue_next(at=NOON + 40 * DAY)
    assert again(mia).state == "LOST"


def test_goes_before_the_first_message_of_a_sequence(
    office: PostOffice, running: Campaign, steps: list[SequenceStep], salesperson: User, answer: Answer
) -> None:
    tom = LeadFactory(campaign=running, state="QUALIFIED")
    reply = InboundEmailFactory(lead=tom, classification="NEUTRAL", from_address=tom.email)
    assert answer(reply).number == 1
    send_due(at=NOON)
    assert (again(tom).state, queue_next(at=NOON + DAY).planned) == ("QUALIFIED", 0)
    outreach.resume_outreach(again(tom), by=salesperson.pk, reason="Go on.", at=NOON + DAY)
    assert queue_next(at=NOON + DAY).planned == 1
    assert send_due(at=NOON + DAY).sent == 1
    assert (again(tom).state, again(tom).sent_mails.get(number=2).step) == ("CONTACTED", steps[0])


def test_stays_when_a_new_version_of_the_sequence_takes_its_leads(
    answer: Answer, running: Campaign, steps: list[SequenceStep]
) -> None:
    mail = answer()
    other = SequenceStepFactory(sequence__campaign=running, sequence__name=steps[0].sequence.name + " 2").sequence
    _move_leads(steps[0].sequence, other)
    assert again(mail).state == "QUEUED"


def test_is_no_line_of_a_rehearsal(answer: Answer, running: Campaign) -> None:
    answer()
    assert rehearse(running, at=NOON).lines == []


def test_goes_first_in_a_rehearsal_too(answer: Answer, running: Campaign, steps: list[SequenceStep]) -> None:
    tom = LeadFactory(campaign=running, state="QUALIFIED")
    answer(InboundEmailFactory(lead=tom, classification="NEUTRAL", from_address=tom.email))
    Lead.objects.filter(pk=tom.pk).update(halted_because="")
    (line,) = rehearse(running, at=NOON).lines
    assert (line.number, line.ruling) == (2, "HOLD")
    assert "earlier message" in line.because


def test_is_not_sent_to_who_became_part_of_another(
    office: PostOffice, answer: Answer, mia: Lead, running: Campaign, asked: InboundEmail
) -> None:
    mail = answer()
    merge_leads(LeadFactory(campaign=running, state="CONTACTED"), again(mia), chosen={}, by=None, at=NOON)
    send_due(at=NOON)
    assert (again(mail).state, again(asked).answer) == ("CANCELLED", "")


# --- and what comes of it ---------------------------------------------------------------------------------------------


def test_is_counted_by_no_step_or_variant(office: PostOffice, answer: Answer, mia: Lead, running: Campaign) -> None:
    mail = answer()
    send_due(at=NOON)
    before = take_snapshot(running, at=NOON + DAY)
    assert (before.sent, before.contacted, before.replied, before.parts.count()) == (1, 1, 1, 1)
    InboundEmailFactory(lead=mia, classification="POSITIVE", in_reply_to=mail, from_address=mia.email)
    wishes.record_bounce(again(mail), kind="soft", words="Full", at=NOON + DAY)
    assert again(mail).state == "BOUNCED"
    after = take_snapshot(running, at=NOON + DAY)
    part = after.parts.get()
    assert (after.positive, part.positive, after.bounced_hard, after.sent) == (1, 1, 0, 1)


def test_is_counted_as_no_bounce_of_a_step_when_it_comes_back(
    office: PostOffice, answer: Answer, mia: Lead, running: Campaign
) -> None:
    mail = answer()
    send_due(at=NOON)
    InboundEmailFactory(
        lead=mia, classification="BOUNCE", in_reply_to=mail, from_address="mailer-daemon@clinic.example"
    )
    found = take_snapshot(running, at=NOON + DAY)
    assert (found.bounced_soft, found.bounced_hard) == (0, 0)


def test_makes_nobody_one_that_a_sequence_wrote_to(office: PostOffice, answer: Answer, running: Campaign) -> None:
    tom = LeadFactory(campaign=running, state="NEW")
    answer(InboundEmailFactory(lead=tom, classification="NEUTRAL", from_address=tom.email))
    assert send_due(at=NOON).sent == 1
    wishes.note_complaint(tom.email, at=NOON)
    assert take_snapshot(running, at=NOON + DAY).complaints == 0


def test_is_found_by_the_reply_to_it_which_waits_again(office: PostOffice, answer: Answer, mia: Lead) -> None:
    mail = answer()
    send_due(at=NOON)
    headers = {"message_id": "<q2@x.example>", "answers": mail.message_id, "sender": "pa@x.example"}
    content = eml("Who gave you this address?", **headers)
    reply, is_new = inbox.receive_reply(content, by=None, at=NOON + DAY)
    processing.process_new(at=NOON + DAY)
    reply.refresh_from_db()
    assert (is_new, reply.lead, reply.in_reply_to, reply.matched_by) == (True, mia, mail, "REFERENCE")
    shown = queries.next_to_triage(None)
    assert (shown.reply, shown.written) == (reply, mail)
    assert answer(reply, subject="Re: cost", text="Nothing at first.", at=NOON + DAY).number == 3


def test_stands_in_the_contact_proof_with_its_author(answer: Answer, salesperson: User) -> None:
    mail = answer()
    proof = queries.contact_proof("mia@clinic.example")
    assert [each.written_by for each in proof.mails if each.is_answer] == [salesperson]
    assert mail in proof.mails


def test_is_unsubscribed_from_by_its_link(office: PostOffice, answer: Answer, mia: Lead) -> None:
    mail = answer()
    send_due(at=NOON)
    wishes.unsubscribe_by_message(queries.find_by_token(mail.unsubscribe_token), at=NOON, note="A click.")
    assert again(mia).contactability == "UNSUBSCRIBED"


def test_costs_the_database_a_bounded_number_of_questions(
    office: PostOffice, answer: Answer, asks_at_most: Callable
) -> None:
    with asks_at_most(32):
        answer()
    with asks_at_most(40):
        assert send_due(at=NOON).sent == 1
