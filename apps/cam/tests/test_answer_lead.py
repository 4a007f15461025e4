"""An answer that a person writes to a lead …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.cam import queries
from apps.cam.models import Campaign, InboundEmail, Lead, Mailbox, OutboundEmail
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import leads, outbound, wishes
from apps.cam.services.replies import ReplyRefused, dismiss_reply
from apps.cam.services.sending import send_due
from apps.cam.tests.factories import (
    ConsentFactory,
    LeadFactory,
    OutboundEmailFactory,
    SuppressionFactory,
)
from apps.cam.tests.post_office import PostOffice
from apps.cam.tests.test_send_due import NOON, Published, names
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SUNDAY_NIGHT = NOON + timedelta(days=5, hours=11)
DAY = timedelta(days=1)
Answer = Callable[..., OutboundEmail]


def again(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


# --- written ----------------------------------------------------------------------------------------------------------


def test_is_the_next_message_of_the_conversation(answer: Answer, asked: InboundEmail, salesperson: User) -> None:
    mail = answer()
    assert (mail.number, mail.step, mail.answers, mail.written_by) == (2, None, asked, salesperson)
    assert (mail.state, mail.to_address, mail.due_at) == ("QUEUED", "mia@clinic.example", NOON)
    done = again(asked)
    assert (done.answer, done.answered_by, done.answered_at) == ("ANSWERED", salesperson, NOON)
    assert "message 2" in done.answer_note
    assert queries.count_to_triage() == 0


def test_goes_to_a_lead_that_is_known_by_an_older_key(answer: Answer, mia: Lead) -> None:
    Lead.objects.filter(pk=mia.pk).update(identity_key="0" * 64)
    assert answer().number == 2


def test_leaves_an_event_and_who_did_it(answer: Answer, asked: InboundEmail, published: Published) -> None:
    published.clear()
    answer()
    assert names(published) == ["EmailQueued", "ReplyAnswered"]
    assert all(note.actor_id for _, note in published)


def test_is_written_once_however_often_the_form_comes(
    answer: Answer, asked: InboundEmail, published: Published
) -> None:
    first = answer()
    published.clear()
    assert answer(at=NOON + DAY).pk == first.pk
    assert (OutboundEmail.objects.filter(answers=asked).count(), published) == (1, [])


def test_is_refused_where_somebody_was_faster(answer: Answer, asked: InboundEmail) -> None:
    answer()
    for late in ({"by": UserFactory().pk}, {"text": "Other words."}):
        with pytest.raises(ReplyRefused, match="already"):
            answer(**late)
    assert OutboundEmail.objects.filter(answers=asked).count() == 1


def test_is_refused_for_what_needed_none(answer: Answer, asked: InboundEmail, salesperson: User) -> None:
    dismiss_reply(asked, by=salesperson.pk, reason="Spam", at=NOON)
    with pytest.raises(ReplyRefused, match="already"):
        answer()


def test_is_one_by_the_database_too(answer: Answer, mia: Lead, salesperson: User) -> None:
    mail = answer()
    same = {"lead": mia, "mailbox": mail.mailbox, "step": None, "answers": mail.answers, "written_by": salesperson}
    with pytest.raises(IntegrityError, match="outbound_answers_once"), transaction.atomic():
        OutboundEmailFactory(number=3, **same)
    with pytest.raises(IntegrityError, match="outbound_is_a_step_or_an_answer"):
        OutboundEmailFactory(number=3, **same | {"written_by": None})


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"text": " \n "}, "text", "is empty"),
        ({"subject": "  "}, "subject", "is empty"),
        ({"text": "Dear [name], yes."}, "text", r"\[name\]"),
        ({"text": "Dear {{ first_name }}, yes."}, "text", "{{"),
        ({"text": "x" * 10_001}, "text", "10000 characters"),
        ({"subject": "x" * 201}, "subject", "200 characters"),
        ({"subject": "Hello\r\nBcc: all@victim.example"}, "subject", "one line"),
        ({"subject": "Hello\u2028Bcc: all@victim.example"}, "subject", "one line"),
    ],
)
def test_is_refused_for_words_that_cannot_go_out(
    answer: Answer, asked: InboundEmail, words: dict[str, str], field: str, says: str
) -> None:
    with pytest.raises(TemplateRefused, match=says) as refused:
        answer(**words)
    assert list(refused.value.problems) == [field]
    assert (again(asked).answer, OutboundEmail.objects.filter(answers=asked).exists()) == ("", False)


def test_may_say_what_they_had_said(answer: Answer, asked: InboundEmail) -> None:
    InboundEmail.objects.filter(pk=asked.pk).update(subject="[Ticket 7] More patients", text="See <page 2>?")
    mail = answer(subject="Re: [Ticket 7] More patients", text="Yes, <page 2>.")
    assert mail.subject == "Re: [Ticket 7] More patients"


# --- against a wish ---------------------------------------------------------------------------------------------------


def silenced(lead: Lead, by: User) -> None:
    leads.stop_contact(lead, by=by.pk, reason="Her lawyer wrote.")


WISHES: dict[str, Callable[[Lead, User], object]] = {
    "is do not contact": silenced,
    "is unsubscribed": lambda lead, by: wishes.unsubscribe(lead.email, at=NOON),
    "unsubscribed: spam": lambda lead, by: wishes.note_complaint(lead.email, at=NOON),
    "domain is suppressed": lambda lead, by: wishes.suppress_domain("clinic.example", at=NOON, by=by.pk, note="All."),
    "in another campaign": lambda lead, by: silenced(LeadFactory(email_key=lead.email_key), by),
    "consent back since they wrote": lambda lead, by: wishes.withdraw_consent(
        ConsentFactory(lead=lead), by=by.pk, reason="She said so.", at=NOON + timedelta(days=999)
    ),
}


@pytest.mark.parametrize("wish", [wish for wish in WISHES if not wish.startswith("unsubscribed:")])
def test_is_refused_against_a_wish(
    answer: Answer, asked: InboundEmail, mia: Lead, salesperson: User, wish: str
) -> None:
    WISHES[wish](mia, salesperson)
    with pytest.raises(ReplyRefused, match=wish):
        answer()
    assert again(asked).answer == ""


def test_is_refused_to_who_complained(answer: Answer, mia: Lead) -> None:
    wishes.note_complaint(mia.email, at=NOON)
    with pytest.raises(ReplyRefused, match="is unsubscribed"):
        answer()


@pytest.mark.parametrize("wish", WISHES)
def test_is_cancelled_by_a_wish_that_comes_before_it_goes(
    office: PostOffice, answer: Answer, asked: InboundEmail, mia: Lead, salesperson: User, wish: str
) -> None:
    mail = answer()
    WISHES[wish](again(mia), salesperson)
    send_due(at=NOON + timedelta(minutes=5))
    assert (again(mail).state, office.mails) == ("CANCELLED", [])
    assert again(mail).answer


def test_goes_to_whoever_wrote_unless_they_want_no_mail(answer: Answer, asked: InboundEmail) -> None:
    InboundEmail.objects.filter(pk=asked.pk).update(from_address="pa@office.example")
    SuppressionFactory(shown="pa@office.example", reason="UNSUBSCRIBED")
    with pytest.raises(ReplyRefused, match="address is suppressed"):
        answer()


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"classification": "BOUNCE"}, "A machine wrote it"),
        ({"from_address": "no-reply@clinic.example"}, "read by nobody"),
        ({"lead": None, "matched_by": "NOTHING"}, "not known whose it is"),
    ],
)
def test_is_refused_where_nobody_would_read_it(
    answer: Answer, asked: InboundEmail, columns: dict[str, Any], says: str
) -> None:
    InboundEmail.objects.filter(pk=asked.pk).update(**columns)
    with pytest.raises(ReplyRefused, match=says):
        answer()


def test_needs_a_mailbox(answer: Answer, running: Campaign) -> None:
    Campaign.objects.filter(pk=running.pk).update(mailbox=None)
    with pytest.raises(ReplyRefused, match="has no mailbox"):
        answer()


def test_goes_to_an_address_that_many_read_if_they_wrote_from_it(answer: Answer, asked: InboundEmail) -> None:
    InboundEmail.objects.filter(pk=asked.pk).update(from_address="info@clinic.example")
    assert answer().to_address == "info@clinic.example"


# --- sent -------------------------------------------------------------------------------------------------------------


def test_goes_out_by_the_sender_in_their_thread(office: PostOffice, answer: Answer, mia: Lead) -> None:
    mail = answer()
    assert send_due(at=NOON + timedelta(minutes=5)).sent == 1
    (came,) = office.mails
    assert (again(mail).state, came["Message-ID"]) == ("SENT", mail.message_id)
    assert came["In-Reply-To"] == "<q@clinic.example>"
    assert came["References"].split() == ["<first@agency.example>", "<q@clinic.example>"]
    assert (came["From"], came["To"]) == ("Nora of the agency <nora@agency.example>", "mia@clinic.example")
    assert again(mia).state == "CONTACTED"


def test_says_who_writes_and_how_to_be_left_alone_but_is_no_mail_of_a_list(office: PostOffice, answer: Answer) -> None:
    mail = answer()
    send_due(at=NOON)
    (came,) = office.mails
    for kind in ("plain", "html"):
        body = came.get_body((kind,)).get_content()
        assert mail.mailbox.postal_address.splitlines()[0] in body
        assert f"/u/{mail.unsubscribe_token}/" in body
        assert "Should you want no more mail from us" in body
    assert [name for name in came if name.startswith("List-")] == []


HINDRANCES: dict[str, Callable[[OutboundEmail], object]] = {
    "cool-down": lambda mail: Campaign.objects.update(cool_down_hours=240),
    "campaign's cap": lambda mail: Campaign.objects.update(daily_cap=1, hourly_cap=1),
    "paused campaign": lambda mail: Campaign.objects.update(state="PAUSED", pause_reason="Look"),
    "completed campaign": lambda mail: Campaign.objects.update(state="COMPLETED"),
    "law of cold mail": lambda mail: Lead.objects.update(country="DE"),
    "halted sequence": lambda mail: Lead.objects.update(halted_because="They asked something"),
    "lost lead": lambda mail: Lead.objects.filter(pk=mail.lead_id).update(state="LOST"),
}


@pytest.mark.parametrize("hindrance", HINDRANCES)
def test_is_not_held_by_what_holds_strangers_mail(office: PostOffice, answer: Answer, hindrance: str) -> None:
    HINDRANCES[hindrance](answer())
    assert send_due(at=SUNDAY_NIGHT).sent == 1


def test_goes_before_whatever_waits_longer(
    office: PostOffice, answer: Answer, a_mail: Callable[..., OutboundEmail], box: Mailbox
) -> None:
    for _ in range(2):
        a_mail(due_at=NOON - DAY)
    answer()
    Mailbox.objects.filter(pk=box.pk).update(hourly_cap=1)
    send_due(at=NOON)
    assert office.recipients == ["mia@clinic.example"]


def test_counts_in_the_caps_and_waits_for_the_mailboxs(
    office: PostOffice, answer: Answer, a_mail: Callable[..., OutboundEmail], running: Campaign, box: Mailbox
) -> None:
    mail = answer()
    a_mail(state="SENT", sent_at=NOON - timedelta(minutes=1))
    Mailbox.objects.filter(pk=box.pk).update(hourly_cap=1)
    assert (send_due(at=NOON).sent, again(mail).held_because) == (0, "The mailbox has sent its 1 for this hour.")
    Mailbox.objects.filter(pk=box.pk).update(hourly_cap=100)
    Campaign.objects.filter(pk=running.pk).update(hourly_cap=2)
    cold = a_mail()
    assert send_due(at=NOON + timedelta(minutes=5)).sent == 1
    assert (again(mail).state, again(cold).state) == ("SENT", "QUEUED")


@pytest.mark.parametrize("stop", ["house", "mailbox"])
def test_is_held_where_nothing_may_go_out(
    office: PostOffice, answer: Answer, box: Mailbox, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    mail = answer()
    if stop == "house":
        monkeypatch.setattr("apps.cam.services.allowing.why_halted", lambda: "Everything is stopped.")
    else:
        Mailbox.objects.filter(pk=box.pk).update(pause_reason="Blocked")
    assert (send_due(at=NOON).sent, again(mail).state) == (0, "QUEUED")
    assert again(mail).held_because


def test_goes_to_a_file_where_the_campaign_rehearses(
    office: PostOffice, answer: Answer, running: Campaign, settings: Any, tmp_path: Any
) -> None:
    settings.PROOF_FOLDER = tmp_path
    Campaign.objects.filter(pk=running.pk).update(mode="PROOF")
    mail = answer()
    assert (send_due(at=NOON).proofs, office.mails) == (1, [])
    assert b"half an hour" in (tmp_path / "outreach" / f"{mail.pk}.eml").read_bytes()


def test_is_in_doubt_where_the_servers_answer_never_came(
    office: PostOffice, answer: Answer, asked: InboundEmail
) -> None:
    office.fates["*"] = "drop-after-dot"
    mail = answer()
    send_due(at=NOON)
    office.fates.clear()
    send_due(at=NOON + DAY)
    assert (again(mail).state, len(office.mails), again(asked).answer) == ("UNKNOWN", 1, "ANSWERED")


def test_is_in_doubt_where_the_sender_died_in_between(office: PostOffice, answer: Answer, box: Mailbox) -> None:
    mail = answer()
    OutboundEmail.objects.filter(pk=mail.pk).update(state="SENDING", fence=1, reserved_at=NOON)
    Mailbox.objects.filter(pk=box.pk).update(fence=1)
    send_due(at=NOON + DAY)
    assert (again(mail).state, office.mails) == ("UNKNOWN", [])


def test_leaves_the_reply_waiting_where_the_server_refuses_it(
    office: PostOffice, answer: Answer, asked: InboundEmail, published: Published
) -> None:
    office.fates["*"] = "RCPT 554 Rejected as spam"
    first = answer()
    send_due(at=NOON)
    assert (again(first).state, again(asked).answered_at) == ("FAILED", None)
    assert names(published)[-1] == "ReplyReopened"
    office.fates.clear()
    second = answer()
    assert (second.number, send_due(at=NOON + timedelta(hours=1)).sent) == (3, 1)


def test_leaves_the_reply_waiting_where_a_person_cancels_it(
    answer: Answer, asked: InboundEmail, salesperson: User
) -> None:
    outbound.cancel_waiting(answer(), by=salesperson.pk, reason="Wrong words.", at=NOON)
    assert again(asked).answer == ""
    assert queries.count_to_triage() == 1
