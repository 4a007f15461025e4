"""Sending what is due …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.cam.gateways import letters, smtp
from apps.cam.models import Campaign, Lead, Mailbox, OutboundEmail, Suppression
from apps.cam.services.mailboxes import claim_mailbox
from apps.cam.services.sending import send_due
from apps.cam.tests.conftest import NOON
from apps.cam.tests.factories import CampaignFactory, LeadFactory, MailboxFactory, OutboundEmailFactory
from apps.cam.tests.post_office import PostOffice
from apps.shared.events import AuditNote, Event
from apps.shared.gateways import proof

pytestmark = pytest.mark.django_db

Published = list[tuple[Event, AuditNote]]


def names(published: Published) -> list[str]:
    return [type(event).__name__ for event, _ in published]


def again(mail: OutboundEmail) -> OutboundEmail:
    return OutboundEmail.objects.select_related("lead", "mailbox").get(pk=mail.pk)


def test_gives_a_mail_to_the_server(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], published: Published
) -> None:
    mail = a_mail()
    counts = send_due(at=NOON)
    assert (counts.sent, counts.items, counts.ill) == (1, 1, {})
    sent = again(mail)
    assert (sent.state, sent.lead.state, sent.attempts, sent.is_proof) == ("SENT", "CONTACTED", 1, False)
    assert NOON <= sent.reserved_at <= sent.sent_at < NOON + timedelta(seconds=30)
    assert office.recipients == [mail.to_address]
    assert names(published) == ["EmailSent", "LeadAdvanced"]


def test_sends_nothing_a_second_time(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    a_mail()
    send_due(at=NOON)
    assert send_due(at=NOON + timedelta(minutes=5)).items == 0
    assert len(office.mails) == 1


def test_uses_one_connection_for_many_mails(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    for _ in range(5):
        a_mail()
    assert send_due(at=NOON).sent == 5
    assert (len(office.mails), office.connections) == (5, 1)


def test_takes_the_campaigns_in_turn(office: PostOffice, a_mail: Callable[..., OutboundEmail], box: Mailbox) -> None:
    for _ in range(3):
        a_mail()
    small = CampaignFactory(state="ACTIVE", mode="LIVE", mailbox=box)
    last = a_mail(lead__campaign=small, due_at=NOON)
    send_due(at=NOON)
    assert office.recipients.index(last.to_address) == 1


def test_sends_so_many_at_once_and_no_more(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.cam.services.sending.MOST_AT_ONCE", 2)
    for _ in range(3):
        a_mail()
    assert send_due(at=NOON).sent == 2


def test_begins_nothing_when_its_time_is_over(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.cam.services.sending.MOST_SECONDS", 0.0)
    a_mail()
    assert (send_due(at=NOON).items, office.mails) == (0, [])


def test_writes_to_a_file_in_a_proof_campaign(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], running: Campaign, settings: Any, tmp_path: Any
) -> None:
    settings.PROOF_FOLDER = tmp_path
    Campaign.objects.filter(pk=running.pk).update(mode="PROOF")
    mail = a_mail()
    counts = send_due(at=NOON)
    assert (counts.proofs, counts.sent, office.connections) == (1, 0, 0)
    assert (again(mail).state, again(mail).is_proof) == ("SENT", True)
    assert b"May I call you?" in (tmp_path / "outreach" / f"{mail.pk}.eml").read_bytes()


def test_writes_to_a_file_in_proof_mode(
    office: PostOffice,
    a_mail: Callable[..., OutboundEmail],
    settings: Any,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.PROOF_FOLDER = tmp_path
    monkeypatch.setattr(proof, "_ask", lambda: True)
    mail = a_mail()
    assert send_due(at=NOON).proofs == 1
    assert (again(mail).is_proof, office.connections) == (True, 0)


def test_lets_nothing_out_that_proof_mode_overtakes(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = a_mail()
    said = iter([False, False])
    monkeypatch.setattr(proof, "_ask", lambda: next(said, True))
    send_due(at=NOON)
    assert (again(mail).state, office.mails) == ("QUEUED", [])


# --- servers that do not take it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fate", "state", "reserved"),
    [
        ("RCPT 450 4.2.0 Greylisted", "QUEUED", False),
        ("RCPT 550 5.7.1 We do not like you", "FAILED", True),
        ("RCPT 554 Rejected as spam", "FAILED", True),
        ("DATA 451 4.3.0 Later", "QUEUED", False),
        ("DATA 554 5.7.1 Spam", "FAILED", True),
        ("MAIL 451 Not now", "QUEUED", False),
        ("MAIL 550 Sender unknown", "QUEUED", False),
        ("RCPT 421 Shutting down", "QUEUED", False),
        ("DATA 421 Shutting down", "QUEUED", False),
        ("drop-before-data", "QUEUED", False),
        ("drop-mid-data long", "QUEUED", False),
        ("drop-mid-data", "UNKNOWN", True),  # all of it was on its way when the line was seen to be dead
        ("hang-mid-data long", "QUEUED", False),
        ("drop-after-dot", "UNKNOWN", True),
        ("hang-after-dot", "UNKNOWN", True),
        ("babble", "UNKNOWN", True),
    ],
)
def test_knows_where_the_talk_broke(
    office: PostOffice,
    a_mail: Callable[..., OutboundEmail],
    monkeypatch: pytest.MonkeyPatch,
    fate: str,
    state: str,
    reserved: bool,
) -> None:
    monkeypatch.setattr(smtp, "DATA_SECONDS", 0.5)
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.5)
    office.fates["*"] = fate.removesuffix(" long")
    text = "A long text.\n" * 400_000 if fate.endswith(" long") else "May I call you?"
    mail = a_mail(text=text)
    send_due(at=NOON)
    found = again(mail)
    assert (found.state, found.reserved_at is not None) == (state, reserved), found.answer
    assert found.lead.state == "ROUTED"
    assert found.answer


@pytest.mark.parametrize("fate", ["drop-after-dot", "hang-after-dot", "babble"])
def test_never_sends_again_what_may_have_gone_out(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch, fate: str
) -> None:
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.5)
    office.fates["*"] = fate
    a_mail()
    send_due(at=NOON)
    office.fates.clear()
    for days in range(1, 8):
        send_due(at=NOON + timedelta(days=days))
    assert len(office.mails) == 1


def test_tries_again_after_a_growing_pause(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    office.fates["*"] = "RCPT 450 4.2.0 Greylisted"
    mail, at, pauses = a_mail(), NOON, []
    for _ in range(3):
        send_due(at=at)
        due = again(mail).due_at
        pauses.append(round((due - at).total_seconds() / 60))
        at = due
    assert pauses == [5, 10, 20]
    office.fates.clear()
    assert send_due(at=at).sent == 1


def test_gives_up_on_a_server_that_always_asks_for_another_time(
    office: PostOffice, a_mail: Callable[..., OutboundEmail]
) -> None:
    office.fates["*"] = "RCPT 450 4.2.0 Greylisted"
    mail = a_mail(attempts=7)
    send_due(at=NOON)
    assert again(mail).state == "FAILED"


def test_gives_up_an_address_that_does_not_exist(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], published: Published
) -> None:
    mail = a_mail()
    office.fates[mail.to_address] = "RCPT 550 5.1.1 No such user"
    other = LeadFactory(email_key=mail.to_address)
    waits = OutboundEmailFactory(lead=other, mailbox=mail.mailbox)
    send_due(at=NOON)
    assert (again(mail).state, again(mail).lead.contactability) == ("FAILED", "BOUNCED")
    assert (again(waits).state, Lead.objects.get(pk=other.pk).contactability) == ("CANCELLED", "BOUNCED")
    assert Suppression.objects.get().reason == "BOUNCED"
    assert {"EmailRefused", "Suppressed", "ContactabilityChanged", "EmailCancelled"} <= set(names(published))


def test_blames_no_lead_for_a_refusal_of_ours(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    mail = a_mail()
    office.fates["*"] = "RCPT 550 5.7.26 Unauthenticated mail is prohibited by policy"
    send_due(at=NOON)
    assert (again(mail).state, again(mail).lead.contactability) == ("FAILED", "OK")


def test_goes_on_with_the_next_after_a_broken_line(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    first, second = a_mail(due_at=NOON - timedelta(hours=2)), a_mail()
    office.fates[first.to_address] = "drop-before-data"
    counts = send_due(at=NOON)
    assert (counts.deferred, counts.sent, office.recipients) == (1, 1, [second.to_address])


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda office, settings: settings.MAILBOX_URLS.clear(), "_SMTP_URL is not set"),
        (lambda office, settings: setattr(office, "password", "other"), "does not take our password"),
        (
            lambda office, settings: settings.MAILBOX_URLS.update(dict.fromkeys(settings.MAILBOX_URLS, "imap://x")),
            "is smtp://",
        ),
        (
            lambda office, settings: settings.MAILBOX_URLS.update(
                dict.fromkeys(settings.MAILBOX_URLS, "smtp://127.0.0.1:1")
            ),
            "cannot be reached",
        ),
        (
            lambda office, settings: office.fates.update({"*": "MAIL 550 5.7.1 Sender not allowed"}),
            "Sender not allowed",
        ),
    ],
)
def test_shows_a_mailbox_that_cannot_send_as_ill_and_loses_nothing(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], settings: Any, break_it: Callable, says: str
) -> None:
    mail, second = a_mail(), a_mail()
    break_it(office, settings)
    counts = send_due(at=NOON)
    assert says in counts.ill[mail.mailbox.address]
    assert says in again(mail).mailbox.send_error
    assert {again(mail).state, again(second).state} == {"QUEUED"}
    assert office.mails == []


def test_lets_an_ill_mailbox_stop_no_other(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], running: Campaign
) -> None:
    ill = MailboxFactory(key="GONE")
    a_mail(mailbox=ill, due_at=NOON - timedelta(days=1))
    a_mail()
    counts = send_due(at=NOON)
    assert (counts.sent, list(counts.ill)) == (1, [ill.address])


def test_lets_an_error_of_ours_stop_no_other_mailbox(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = MailboxFactory(key="OTHER")
    settings.MAILBOX_URLS["AICMO_MAILBOX_OTHER_SMTP_URL"] = office.url
    odd = a_mail(mailbox=other, due_at=NOON - timedelta(days=1), subject="Odd")
    a_mail()
    compose = letters.compose

    def stumble(message: letters.Message, **options: Any) -> letters.Letter:
        return compose(message, **options) if message.subject != "Odd" else compose(None, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(letters, "compose", stumble)
    counts = send_due(at=NOON)
    assert (counts.sent, list(counts.ill), again(odd).state) == (1, [other.address], "QUEUED")


def test_keeps_a_mail_whose_proof_cannot_be_written(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], settings: Any, tmp_path: Any
) -> None:
    (tmp_path / "file").touch()
    settings.PROOF_FOLDER = tmp_path / "file"
    Campaign.objects.update(mode="PROOF")
    mail = a_mail()
    counts = send_due(at=NOON)
    assert (again(mail).state, again(mail).is_proof) == ("QUEUED", False)
    assert "cannot be written" in counts.ill[mail.mailbox.address]


def test_gives_no_mail_up_because_the_server_does_not_want_us(
    office: PostOffice, a_mail: Callable[..., OutboundEmail]
) -> None:
    office.fates["*"] = "MAIL 451 Not now"
    mail = a_mail(attempts=20)
    send_due(at=NOON)
    assert again(mail).state == "QUEUED"


def test_calls_a_mailbox_well_that_sends_again(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], box: Mailbox
) -> None:
    Mailbox.objects.filter(pk=box.pk).update(send_error="It was ill.")
    a_mail()
    send_due(at=NOON)
    assert Mailbox.objects.get(pk=box.pk).send_error == ""


# --- in whose hands ---------------------------------------------------------------------------------------------------


def test_leaves_to_a_person_what_an_older_owner_had_in_hands(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], published: Published
) -> None:
    mail = a_mail(state="SENDING", fence=1, reserved_at=NOON - timedelta(hours=1))
    Mailbox.objects.filter(pk=mail.mailbox_id).update(fence=1)
    counts = send_due(at=NOON)
    assert (counts.unknown, again(mail).state, office.mails) == (1, "UNKNOWN", [])
    assert names(published) == ["EmailInDoubt"]


def test_leaves_a_mailbox_alone_that_somebody_has(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    mail = a_mail()
    claim_mailbox(mail.mailbox)
    counts = send_due(at=NOON)
    assert (counts.busy, counts.sent) == (1, 0)


def test_leaves_to_the_new_owner_what_it_was_overtaken_with(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = a_mail()
    carry = smtp.carry

    def slowly(line: smtp.Line, letter: Any) -> smtp.Answer:
        Mailbox.objects.filter(pk=mail.mailbox_id).update(fence=99)
        return carry(line, letter)

    monkeypatch.setattr(smtp, "carry", slowly)
    assert send_due(at=NOON).sent == 0
    assert again(mail).state == "SENDING"
    monkeypatch.undo()
    Mailbox.objects.filter(pk=mail.mailbox_id).update(held_until=None)
    send_due(at=NOON)
    assert (again(mail).state, len(office.mails)) == ("UNKNOWN", 1)


def test_gives_the_mailbox_back(office: PostOffice, a_mail: Callable[..., OutboundEmail], box: Mailbox) -> None:
    a_mail()
    send_due(at=NOON)
    assert Mailbox.objects.get(pk=box.pk).held_until is None


def test_asks_the_database_a_bounded_number_of_times_for_a_mail(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], asks_at_most: Callable
) -> None:
    for _ in range(3):
        a_mail()
    with asks_at_most(93):
        assert send_due(at=NOON).sent == 3
