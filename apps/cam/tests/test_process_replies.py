"""Working off what came in …"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from apps.cam.models import Campaign, InboundEmail, Lead, OutboundEmail, Sequence, Suppression
from apps.cam.services import inbox, processing, wishes
from apps.cam.services.merges import merge_leads
from apps.cam.services.processing import process_new, settle_reply
from apps.cam.services.replies import ReplyRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import (
    CampaignFactory,
    DealFactory,
    InboundEmailFactory,
    LeadFactory,
    MailboxFactory,
    OutboundEmailFactory,
    SequenceFactory,
    SequenceStepFactory,
    eml,
)
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

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


@pytest.fixture
def mia(sequence: Sequence) -> Lead:
    """A lead who got the first message, and for whom the second one waits."""
    return _written_to(sequence, "mia@clinic.example")


def _written_to(sequence: Sequence, address: str, *, state: str = "SENT") -> Lead:
    lead = LeadFactory(campaign=sequence.campaign, sequence=sequence, state="CONTACTED", email_key=address)
    same = {"lead": lead, "mailbox": sequence.campaign.mailbox}
    first, second = sequence.steps.all()
    key = address.replace("@", ".at.")
    sent_at = AT if state == "SENT" else None
    OutboundEmailFactory(**same, step=first, state=state, sent_at=sent_at, message_id=f"<1.{key}@agency.example>")
    if state == "SENT":
        OutboundEmailFactory(**same, step=second, number=2, due_at=AT + 7 * DAY)
    return lead


def _receive(text: str, **changes: Any) -> InboundEmail:
    return inbox.receive_reply(eml(text, **changes), by=None, at=AT + DAY)[0]


def _stands(lead: Lead) -> tuple[str, str, list[str]]:
    lead.refresh_from_db()
    return lead.state, lead.contactability, list(lead.sent_mails.order_by("number").values_list("state", flat=True))


def test_ends_the_sequence_with_a_yes(mia: Lead, published: list[tuple[Event, AuditNote]]) -> None:
    reply = _receive("Yes, I am interested. Please call me on Monday.")
    assert reply.classification == "POSITIVE"
    assert _stands(mia) == ("REPLIED", "OK", ["SENT", "CANCELLED"])
    assert [event.name for event, _ in published] == [
        "ReplyReceived",
        "ReplyClassified",
        "EmailCancelled",
        "LeadAdvanced",
    ]


def test_loses_a_lead_with_a_no(mia: Lead) -> None:
    assert _receive("Thank you, but we are not interested.").classification == "NEGATIVE"
    assert _stands(mia) == ("LOST", "OK", ["SENT", "CANCELLED"])


def test_never_writes_again_to_whom_that_was_promised(mia: Lead, sequence: Sequence) -> None:
    elsewhere = LeadFactory(email_key="mia@clinic.example", state="QUALIFIED")
    assert _receive("Please unsubscribe me from your list.").classification == "UNSUBSCRIBE"
    assert _stands(mia) == ("LOST", "UNSUBSCRIBED", ["SENT", "CANCELLED"])
    elsewhere.refresh_from_db()
    assert elsewhere.contactability == "UNSUBSCRIBED"
    assert Suppression.objects.get(kind="ADDRESS").reason == "UNSUBSCRIBED"


def test_heeds_what_a_mail_program_sends_in_somebodys_name(mia: Lead) -> None:
    token = mia.sent_mails.get(number=1).unsubscribe_token
    content = eml("", sender="assistant@elsewhere.example").replace(
        b"Re: more patients", f"unsubscribe {token}".encode()
    )
    reply = inbox.receive_reply(content, by=None, at=AT + DAY)[0]
    assert (reply.classification, reply.lead) == ("UNSUBSCRIBE", mia)
    assert _stands(mia) == ("CONTACTED", "UNSUBSCRIBED", ["SENT", "CANCELLED"])


def _away(text: str, **changes: Any) -> InboundEmail:
    content = eml(text, **changes).replace(b"To: us", b"Auto-Submitted: auto-replied\r\nTo: us")
    return inbox.receive_reply(content, by=None, at=AT + DAY)[0]


def test_waits_until_somebody_is_back(mia: Lead) -> None:
    reply = _away("I am out of the office until 20 March 2026.")
    assert (reply.classification, reply.return_date) == ("OUT_OF_OFFICE", date(2026, 3, 20))
    assert _stands(mia) == ("CONTACTED", "OK", ["SENT", "QUEUED"])
    back_at = datetime(2026, 3, 20, 9, tzinfo=UTC)
    assert mia.next_action_at == back_at
    assert mia.sent_mails.get(number=2).due_at == back_at


def test_waits_a_week_where_nobody_says_when_they_are_back(mia: Lead) -> None:
    _away("I am out of the office.")
    assert mia.sent_mails.get(number=2).due_at == AT + 8 * DAY


def test_leaves_to_a_person_what_it_does_not_understand(mia: Lead) -> None:
    assert _receive("Who gave you my name?").classification == "NEUTRAL"
    state, _, mails = _stands(mia)
    assert (state, mails) == ("CONTACTED", ["SENT", "CANCELLED"])
    assert mia.halted_because.startswith("They have answered")
    assert InboundEmail.objects.unanswered().count() == 1


@pytest.mark.parametrize("words", ["Yes, I am interested.", "Thank you, but we are not interested.", "Who are you?"])
def test_lets_colleagues_of_who_answered_alone(mia: Lead, sequence: Sequence, words: str) -> None:
    tom = _written_to(sequence, "tom@clinic.example")
    other = _written_to(sequence, "ann@other.example")
    _receive(words)
    assert _stands(tom)[2] == ["SENT", "CANCELLED"]
    assert "of the same company has answered" in tom.halted_because
    assert _stands(other) == ("CONTACTED", "OK", ["SENT", "QUEUED"])


def test_takes_two_people_at_a_provider_for_no_colleagues(sequence: Sequence) -> None:
    _written_to(sequence, "mia@gmail.com")
    tom = _written_to(sequence, "tom@gmail.com")
    _receive("Yes, I am interested.", sender="mia@gmail.com")
    assert _stands(tom) == ("CONTACTED", "OK", ["SENT", "QUEUED"])


def _report(recipient: str, *, status: str = "5.1.1", returned: str = "", action: str = "failed") -> bytes:
    """Return a delivery report as Postfix writes it."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.agency.example (Mail Delivery System)",
            "To: nora@agency.example",
            "Subject: Undelivered Mail Returned to Sender",
            f"Message-ID: <report.{status}.{recipient}.{returned}@mx.agency.example>",
            "Date: Tue, 03 Mar 2026 10:00:00 +0000",
            "Auto-Submitted: auto-replied",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            f"<{recipient}>: host mx.example said: {status} see below",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.agency.example",
            "",
            f"Final-Recipient: rfc822; {recipient}",
            f"Action: {action}",
            f"Status: {status}",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            "From: nora@agency.example",
            *([f"Message-ID: {returned}"] if returned else []),
            "Subject: More patients",
            "",
            "--b--",
            "",
        ]
    ).encode()


def _bounce(**report: Any) -> InboundEmail:
    return inbox.receive_reply(_report("mia@clinic.example", **report), by=None, at=AT + DAY)[0]


def test_gives_an_address_up_that_does_not_work(mia: Lead) -> None:
    reply = _bounce(returned="<1.mia.at.clinic.example@agency.example>")
    assert (reply.classification, reply.bounce, reply.lead) == ("BOUNCE", "hard", mia)
    assert _stands(mia) == ("CONTACTED", "BOUNCED", ["BOUNCED", "CANCELLED"])
    assert Suppression.objects.get().reason == "BOUNCED"


def test_finds_what_came_back_by_its_address_where_no_id_is_told(mia: Lead) -> None:
    assert _bounce().in_reply_to == mia.sent_mails.get(number=1)


def test_goes_on_after_a_soft_bounce(mia: Lead) -> None:
    assert _bounce(status="4.2.2").bounce == "soft"
    assert _stands(mia) == ("CONTACTED", "OK", ["BOUNCED", "QUEUED"])


def test_lets_nobody_be_given_up_by_a_report_on_what_was_never_sent(sequence: Sequence) -> None:
    stranger = LeadFactory(campaign=sequence.campaign, email_key="mia@clinic.example", state="QUALIFIED")
    reply = _bounce()
    assert (reply.lead, _stands(stranger)[1]) == (None, "OK")


def test_knows_from_an_answer_that_a_mail_in_doubt_went_out(sequence: Sequence) -> None:
    lead = _written_to(sequence, "mia@clinic.example", state="UNKNOWN")
    OutboundEmail.objects.update(reserved_at=AT)
    _receive("Yes, I am interested.", answers="<1.mia.at.clinic.example@agency.example>")
    assert _stands(lead) == ("REPLIED", "OK", ["SENT"])


def test_knows_from_an_answer_nothing_of_another_message_in_doubt(sequence: Sequence) -> None:
    mia, survivor = (_written_to(sequence, f"mia@{where}.example", state="UNKNOWN") for where in ("clinic", "new"))
    OutboundEmail.objects.update(reserved_at=AT)
    doubt = "Message 1 went out or did not: The line broke"
    Lead.objects.filter(pk=survivor.pk).update(halted_because=doubt)
    merge_leads(survivor, mia, chosen={}, by=None, at=AT)
    _away("I am out of the office until 20 March 2026.", answers="<1.mia.at.clinic.example@agency.example>")
    assert (_stands(mia)[2], _stands(survivor)[2]) == (["SENT"], ["UNKNOWN"])
    assert survivor.halted_because == doubt


def test_finds_a_lead_that_is_known_under_an_older_key(mia: Lead) -> None:
    Lead.objects.filter(pk=mia.pk).update(identity_key="of an older key")
    _receive("Yes, I am interested.", answers="<1.mia.at.clinic.example@agency.example>")
    assert _stands(mia)[0] == "REPLIED"


def test_lets_a_client_stay_one_whatever_they_refuse(sequence: Sequence) -> None:
    lead = _written_to(sequence, "mia@clinic.example")
    for state in ("REPLIED", "MEETING", "PROPOSAL"):
        Lead.objects.filter(pk=lead.pk).update(state=state)
    _receive("Thank you, but we are not interested.")
    assert _stands(lead)[0] == "PROPOSAL"


def test_is_done_once_for_each_mail(mia: Lead) -> None:
    waiting = InboundEmailFactory(lead=mia, text="Yes, I am interested.", from_address="mia@clinic.example")
    assert process_new(at=AT).processed == 1
    assert process_new(at=AT).processed == 0
    waiting.refresh_from_db()
    assert (waiting.classification, waiting.processed_at) == ("POSITIVE", AT)


def test_goes_on_after_a_mail_that_cannot_be_worked_off(
    mia: Lead, sequence: Sequence, monkeypatch: pytest.MonkeyPatch
) -> None:
    tom = _written_to(sequence, "tom@other.example")
    broken = InboundEmailFactory(lead=tom, text="Broken")
    InboundEmailFactory(lead=mia, text="Yes, I am interested.")
    classify = processing.classify

    def fails(mail: Any, **options: Any) -> Any:
        if mail.text == "Broken":
            raise RecursionError("too deep")
        return classify(mail, **options)

    monkeypatch.setattr(processing, "classify", fails)
    counts = process_new(at=AT)
    broken.refresh_from_db()
    assert (counts.processed, counts.failed, broken.process_error) == (1, 1, "RecursionError: too deep")
    tom.refresh_from_db()
    assert tom.halted_because == processing.ANSWERED
    assert process_new(at=AT).items == 0


def test_believes_a_person_more_than_the_rules(mia: Lead, salesperson: User) -> None:
    reply = _receive("Who gave you my name?")
    settle_reply(reply, kind="NEGATIVE", by=salesperson.pk, at=AT + DAY)
    assert _stands(mia)[0] == "LOST"
    assert InboundEmail.objects.get().reason == "A person said so."
    with pytest.raises(ReplyRefused, match="is no class"):
        settle_reply(reply, kind="ANGRY", by=salesperson.pk, at=AT + DAY)


# --- wishes of those who are no lead, or part of another one ----------------------------------------------------------


def test_heeds_a_wish_of_somebody_whom_it_does_not_know(sequence: Sequence) -> None:
    reply = _receive("Please unsubscribe me from your list.", sender="stranger@else.example")
    assert (reply.lead, reply.classification) == (None, "UNSUBSCRIBE")
    assert wishes.suppression_of("stranger@else.example").reason == "UNSUBSCRIBED"
    assert list(InboundEmail.objects.unanswered()) == [reply], "a person looks whom it may be"


def _complaint(*, recipient: str, returned: str = "") -> bytes:
    """Return a feedback report (RFC 5965) as providers send it."""
    head = ["From: staff@provider.example", "To: nora@agency.example", "Subject: complaint"]
    head += [f"Message-ID: <feedback.{recipient}@provider.example>"]
    head += ['Content-Type: multipart/report; report-type=feedback-report; boundary="b"', ""]
    words = ["--b", "Content-Type: text/plain", "", "This is an email abuse report."]
    report = ["--b", "Content-Type: message/feedback-report", "", "Feedback-Type: abuse", "User-Agent: Provider/1.0"]
    report += ["Version: 1", f"Original-Rcpt-To: <{recipient}>", ""]
    ours = ["--b", "Content-Type: text/rfc822-headers", "", *([f"Message-ID: {returned}"] if returned else [])]
    ours += ["Subject: More patients", "", "--b--", ""]
    return "\r\n".join([*head, *words, *report, *ours]).encode()


@pytest.mark.parametrize("returned", ["<1.mia.at.clinic.example@agency.example>", ""])
def test_takes_a_complaint_for_a_wish_to_be_left_alone(mia: Lead, returned: str) -> None:
    content = _complaint(recipient="mia@clinic.example", returned=returned)
    reply = inbox.receive_reply(content, by=None, at=AT + DAY)[0]
    assert (reply.classification, reply.lead) == ("UNSUBSCRIBE", mia)
    assert _stands(mia)[1] == "UNSUBSCRIBED"
    assert wishes.suppression_of("mia@clinic.example").reason == "COMPLAINT"


def test_heeds_a_complaint_about_what_it_does_not_know(sequence: Sequence) -> None:
    content = _complaint(recipient="stranger@else.example")
    inbox.receive_reply(content, by=None, at=AT + DAY)
    assert wishes.suppression_of("stranger@else.example").reason == "COMPLAINT"


def test_silences_what_a_lead_has_become_part_of(mia: Lead, sequence: Sequence) -> None:
    survivor = _written_to(sequence, "mia@new.example")
    merge_leads(survivor, mia, chosen={}, by=None, at=AT)
    token = OutboundEmail.objects.get(lead=mia, number=1).unsubscribe_token
    content = eml("", sender="x@y.example").replace(b"Re: more patients", f"unsubscribe {token}".encode())
    inbox.receive_reply(content, by=None, at=AT + DAY)
    assert _stands(survivor)[1] == "UNSUBSCRIBED"


def test_leaves_the_lead_to_the_person_who_named_it(mia: Lead, sequence: Sequence) -> None:
    tom = _written_to(sequence, "tom@other.example")
    reply = inbox.receive_reply(_report("mia@clinic.example"), by=None, at=AT + DAY, lead=tom)[0]
    assert reply.lead == tom
    assert _stands(mia)[1] == "OK"


# --- who is agreed with, who is away ----------------------------------------------------------------------------------


def test_loses_nobody_with_whom_something_is_being_agreed_on(mia: Lead) -> None:
    Lead.objects.filter(pk=mia.pk).update(state="REPLIED")
    DealFactory(lead=mia)
    _receive("Thank you, but we are not interested.")
    assert _stands(mia)[0] == "REPLIED"


def test_lets_the_sequence_of_somebody_who_is_away_wait_where_a_person_says_so(mia: Lead, salesperson: User) -> None:
    reply = _receive("Who gave you my name?")
    InboundEmail.objects.filter(pk=reply.pk).update(return_date=date(2026, 3, 20))
    reply.refresh_from_db()
    settle_reply(reply, kind="OUT_OF_OFFICE", by=salesperson.pk, at=AT + DAY)
    mia.refresh_from_db()
    assert (mia.halted_because, mia.next_action_at) == ("", datetime(2026, 3, 20, 9, tzinfo=UTC))


def test_lets_nobody_be_written_to_who_said_no_before(sequence: Sequence) -> None:
    lead = LeadFactory(campaign=sequence.campaign, state="QUALIFIED", email_key="mia@clinic.example")
    _receive("Thank you, but we are not interested.")
    lead.refresh_from_db()
    assert lead.halted_because.startswith("They said no")


def test_knows_a_person_by_every_spelling(sequence: Sequence) -> None:
    lead = _written_to(sequence, "mia.byrne@gmail.com")
    assert _receive("Yes, I am interested.", sender="m.i.a.byrne+work@googlemail.com").lead == lead


def test_takes_a_late_answer_for_the_lead_that_was_written_to(mia: Lead) -> None:
    Lead.objects.filter(pk=mia.pk).update(state="LOST")
    LeadFactory(email_key="mia@clinic.example", state="QUALIFIED")
    assert _receive("Thank you, but we are not interested.").lead == mia


def test_asks_which_message_came_back_before_it_gives_an_address_up(mia: Lead, salesperson: User) -> None:
    reply = _receive("Who gave you my name?")
    with pytest.raises(ReplyRefused, match="which message of ours came back"):
        settle_reply(reply, kind="BOUNCE", by=salesperson.pk, at=AT + DAY)


def test_leaves_two_that_waited_for_each_other_to_the_next_cycle(mia: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = InboundEmailFactory(lead=mia, text="Yes, I am interested.")

    def deadlock(*arguments: Any, **options: Any) -> Any:
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(processing, "classify", deadlock)
    assert process_new(at=AT).failed == 1
    monkeypatch.undo()
    assert process_new(at=AT).processed == 1
    waiting.refresh_from_db()
    assert waiting.process_error == ""
