"""Polling the inbox …"""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.cam.gateways import imap
from apps.cam.models import InboundEmail, Mailbox
from apps.cam.services import inbox, replies
from apps.cam.services.inbox import poll_all
from apps.cam.services.mailboxes import claim_mailbox
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import LeadFactory, MailboxFactory, OutboundEmailFactory, eml
from apps.cam.tests.imap_server import ImapServer, an_imap_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def imap_server() -> Iterator[ImapServer]:
    with an_imap_server() as server:
        yield server


@pytest.fixture
def server(imap_server: ImapServer, settings: Any) -> ImapServer:
    """An IMAP server with an empty folder, and the mailbox whose replies come into it."""
    imap_server.make_folder("Replies")
    settings.MAILBOX_URLS = {"AICMO_MAILBOX_NORA_IMAP_URL": imap_server.url}
    return imap_server


@pytest.fixture
def mailbox(server: ImapServer) -> Mailbox:
    return MailboxFactory(key="NORA", address="nora@agency.example")


def _mail(number: int) -> bytes:
    return eml(f"Words {number}", message_id=f"<{number}@clinic.example>")


def test_takes_every_mail_once(server: ImapServer, mailbox: Mailbox) -> None:
    server.deliver(*map(_mail, range(3)))
    assert poll_all(at=AT).new == 3
    server.deliver(_mail(3))
    counts = poll_all(at=AT)
    assert (counts.mailboxes, counts.new, counts.known, counts.ill) == (1, 1, 0, {})
    assert list(InboundEmail.objects.order_by("pk").values_list("text", flat=True)) == [f"Words {n}" for n in range(4)]


def test_leaves_the_folder_as_it_was(server: ImapServer, mailbox: Mailbox) -> None:
    server.deliver(_mail(0))
    poll_all(at=AT)
    assert server.unseen() == 1


def test_knows_whose_mail_it_is_by_what_it_answers(server: ImapServer, mailbox: Mailbox) -> None:
    lead = LeadFactory(state="CONTACTED")
    sent = OutboundEmailFactory(lead=lead, state="SENT", sent_at=AT, message_id="<ours@agency.example>")
    server.deliver(eml(sender="other@clinic.example", answers="<ours@agency.example>"))
    poll_all(at=AT)
    reply = InboundEmail.objects.get()
    assert (reply.lead, reply.in_reply_to, reply.matched_by) == (lead, sent, "REFERENCE")


def test_goes_on_behind_the_last_mail_it_stored(
    server: ImapServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(*map(_mail, range(3)))
    store, taken = replies.store_mail, []

    def dies_at_the_third(*arguments: Any, **named: Any) -> InboundEmail:
        row = store(*arguments, **named)
        taken.append(row)
        if len(taken) == 3:
            raise SystemExit
        return row

    monkeypatch.setattr(replies, "store_mail", dies_at_the_third)
    with pytest.raises(SystemExit):
        poll_all(at=AT)
    assert InboundEmail.objects.count() == 2
    monkeypatch.undo()
    assert poll_all(at=AT).new == 1
    assert InboundEmail.objects.count() == 3


def test_knows_mails_again_when_the_folder_was_made_anew(server: ImapServer, mailbox: Mailbox) -> None:
    server.deliver(_mail(0), _mail(1))
    poll_all(at=AT)
    before = Mailbox.objects.get().uid_validity
    server.make_folder("Replies")
    server.deliver(_mail(1), _mail(2), _mail(0))
    counts = poll_all(at=AT)
    assert (counts.new, counts.known, InboundEmail.objects.count()) == (1, 2, 3)
    assert Mailbox.objects.get().uid_validity != before


def test_keeps_two_mails_to_which_their_sender_gave_one_id(server: ImapServer, mailbox: Mailbox) -> None:
    server.deliver(
        eml("One", message_id="<same@x.example>"), eml("Two", message_id="<same@x.example>", sender="b@x.example")
    )
    assert poll_all(at=AT).new == 2


@pytest.mark.parametrize(
    "content",
    [
        b"\r\n\r\nNo headers at all",
        b"From: \xff\xfe\r\nSubject: =?x-unknown?Q?=80?=\r\n\r\n\x00\xff",
        b"From: <>\r\nTo: nora@agency.example\r\nSubject: Undelivered\r\n\r\nIt came back.",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 50,
    ],
)
def test_loses_no_mail_however_odd(server: ImapServer, mailbox: Mailbox, content: bytes) -> None:
    server.deliver(content, _mail(1))
    assert poll_all(at=AT).new == 2
    assert bytes(InboundEmail.objects.order_by("pk").first().raw).startswith(content[:20])


def test_reads_a_huge_mail_by_its_beginning(
    server: ImapServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, lengths = imap.Folder.fetch, []

    def is_measured(folder: imap.Folder, uid: int) -> Any:
        fetched = fetch(folder, uid)
        lengths.append(len(fetched.content))
        return fetched

    monkeypatch.setattr(imap.Folder, "fetch", is_measured)
    server.deliver(eml("Yes please.\r\n" + "x" * 70 + "\r\n" * 1) + b"y" * 3_000_000)
    assert poll_all(at=AT).new == 1
    assert lengths == [imap.MOST_READ]
    assert InboundEmail.objects.get().text.startswith("Yes please.")


def test_reads_on_where_somebody_removed_a_mail(
    server: ImapServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, fetched = imap.Folder.fetch, {}

    def is_too_late(folder: imap.Folder, uid: int) -> Any:
        if uid == 101:
            server.remove("101")
            folder._mailbox.client.noop()  # until it is told of the removal, a session is given the mail still
        fetched[uid] = fetch(folder, uid)
        return fetched[uid]

    monkeypatch.setattr(imap.Folder, "fetch", is_too_late)
    server.deliver(_mail(0), _mail(1))
    assert poll_all(at=AT).new == 1
    assert [(uid, mail is None) for uid, mail in fetched.items()] == [(101, True), (102, False)]
    assert Mailbox.objects.get().last_uid == 102


def test_leaves_a_mailbox_that_somebody_works_on(server: ImapServer, mailbox: Mailbox) -> None:
    server.deliver(_mail(0))
    claim_mailbox(mailbox)
    assert poll_all(at=AT).mailboxes == 0


def test_stops_where_it_was_overtaken(server: ImapServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    server.deliver(_mail(0), _mail(1))
    fetch = imap.Folder.fetch

    def is_slow(folder: imap.Folder, uid: int) -> Any:
        if uid == 102:
            Mailbox.objects.update(fence=99)
        return fetch(folder, uid)

    monkeypatch.setattr(imap.Folder, "fetch", is_slow)
    poll_all(at=AT)
    assert (InboundEmail.objects.count(), Mailbox.objects.get().last_uid) == (1, 101)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("imap://nora:wrong@127.0.0.1:{port}/INBOX", "The mail server of the replies"),
        ("imap://nora:correct%20horse@127.0.0.1:{port}/Nowhere", "The mail server of the replies"),
        ("imap://nora:secret@127.0.0.1:1/INBOX", "The mail server of the replies"),
        ("http://nora:secret@127.0.0.1/", "AICMO_MAILBOX_NORA_IMAP_URL is imaps://"),
        ("imap://127.0.0.1/", "AICMO_MAILBOX_NORA_IMAP_URL is imaps://"),
    ],
)
def test_says_what_is_wrong_with_a_mailbox_and_reads_the_others(
    server: ImapServer, mailbox: Mailbox, settings: Any, url: str, said: str
) -> None:
    other = MailboxFactory(key="TOM", address="tom@agency.example")
    urls = {"AICMO_MAILBOX_NORA_IMAP_URL": url.format(port=server.port), "AICMO_MAILBOX_TOM_IMAP_URL": server.url}
    settings.MAILBOX_URLS = urls
    server.deliver(_mail(0))
    counts = poll_all(at=AT)
    mailbox.refresh_from_db()
    assert (counts.new, list(counts.ill)) == (1, [mailbox.address])
    assert mailbox.poll_error.startswith(said)
    assert "secret" not in mailbox.poll_error
    assert Mailbox.objects.get(pk=other.pk).poll_error == ""


def test_does_nothing_without_a_folder(db: None, settings: Any) -> None:
    settings.MAILBOX_URLS = {}
    MailboxFactory()
    assert poll_all(at=AT).mailboxes == 0


def test_takes_the_rest_of_a_full_folder_next_time(
    server: ImapServer, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_AT_ONCE", 2)
    server.deliver(*map(_mail, range(3)))
    assert [poll_all(at=AT).new for _ in range(3)] == [2, 1, 0]
