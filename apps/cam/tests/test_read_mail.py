"""read_mail and read_whatever …"""

from email.message import EmailMessage

import pytest

from apps.cam.rules.mails import MOST_BYTES, MOST_PARTS, MailRefused, read_mail, read_whatever
from apps.cam.tests.factories import eml


def html_mail(source: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "mia@x.example", "Hi"
    mail.set_content(source, subtype="html")
    return mail.as_bytes()


def test_reads_envelope_words_and_every_header() -> None:
    mail = read_mail(eml("Yes.\r\n\r\nMia", answers="<9@us.example>"))
    assert (mail.from_address, mail.from_name, mail.subject) == ("mia@clinic.example", "Mia", "Re: more patients")
    assert (mail.message_id, mail.references, mail.text) == (
        "<1@clinic.example>",
        ("<9@us.example>",),
        "Yes.\r\n\r\nMia",
    )
    assert ("To", "us@agency.example") in mail.headers
    assert mail.sent_at is not None
    assert mail.sent_at.hour == 10


def test_reads_the_words_of_a_mail_that_is_html_alone_and_none_of_its_scripts() -> None:
    mail = read_mail(html_mail("<style>p{}</style><p>Call me</p><script>alert(1)</script><p>on &lt;Monday&gt;</p>"))
    assert mail.text == "Call me\non <Monday>"
    assert "<script>" in mail.html


def test_prefers_plain_words_and_leaves_attachments_alone() -> None:
    mail = EmailMessage()
    mail["From"] = "mia@x.example"
    mail.set_content("The words.")
    mail.add_alternative("<p>Other words</p>", subtype="html")
    mail.add_attachment("secret", filename="a.txt")
    assert read_mail(mail.as_bytes()).text == "The words."


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("=?utf-8?q?Z=C3=BCrich?=", "Zürich"),
        ("=?x-unknown?q?what?=", "=?x-unknown?q?what?="),
        ("one\r\n two", "one two"),
        ("=?utf-8?q?hi=0D=0ABcc:_x@y?=", "hi Bcc: x@y"),
    ],
)
def test_takes_a_subject_for_one_line(header: str, subject: str) -> None:
    content = f"From: mia@x.example\r\nSubject: {header}\r\n\r\nHi".encode()
    assert read_mail(content).subject == subject


@pytest.mark.parametrize(
    "content",
    [
        b"From: mia@x.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nHi",
        b"From: mia@x.example\r\nDate: yesterday\r\n\r\nHi",
        b"From: mia@x.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"From: mia@x.example\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: mia@x.example\r\nX: \xff\xfe\0\r\n\r\n\xff\0",
        b"From: mia@x.example\r\nMessage-ID: not one\r\n\r\nHi",
    ],
)
def test_bears_with_what_is_broken(content: bytes) -> None:
    mail = read_mail(content)
    assert mail.from_address == "mia@x.example"
    assert "\0" not in f"{mail.text}{mail.headers}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "From is missing"),
        (b"\x89PNG", "From is missing"),
        (b"x" * (MOST_BYTES + 1), "5 MB"),
    ],
)
def test_refuses_what_is_no_mail(content: bytes, words: str) -> None:
    with pytest.raises(MailRefused, match=words):
        read_mail(content)


def test_refuses_a_mail_of_too_many_parts_and_bears_with_one_nested_deeply() -> None:
    parts = "".join("--b\r\n\r\nx\r\n" for _ in range(MOST_PARTS + 1))
    head = "From: mia@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    with pytest.raises(MailRefused, match="more than 200 parts"):
        read_mail(f"{head}{parts}--b--".encode())
    nested = "Content-Type: message/rfc822\r\n\r\n" * 50
    assert read_mail(f"From: mia@x.example\r\n{nested}From: other@x.example\r\n\r\nHi".encode()).text == "Hi"
    with pytest.raises(MailRefused):
        read_mail(("From: mia@x.example\r\n" + "Content-Type: message/rfc822\r\n\r\n" * 5_000).encode())


@pytest.mark.parametrize(
    ("content", "address"),
    [
        (b"", ""),
        (b"From: <>\n\nx", ""),
        (b"From: MAILER-DAEMON\n\nx", "MAILER-DAEMON"),
        (b"Subject: x\n\nx", ""),
        (b"\n\nFrom: mia@x.example\n\nx", "mia@x.example"),
        (b"From: mia@x.example\n\n" + b"x" * (MOST_BYTES + 1), "mia@x.example"),
        (b"From: mia@x.example\n" + b"Content-Type: message/rfc822\n\n" * 5_000, "mia@x.example"),
    ],
)
def test_reads_of_a_mail_without_a_sender_or_beyond_its_limits_what_can_be_read(content: bytes, address: str) -> None:
    assert read_whatever(content).from_address == address


def test_reads_what_machines_say_and_what_they_bring_back_apart_from_the_words() -> None:
    parts = (
        "--b\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: us@x.example\nSubject: hi\n\nOur words.\n\n--b--\n"
    )
    mail = read_whatever(f"From: mia@x.example\nContent-Type: multipart/report; boundary=b\n\n{parts}".encode())
    assert "Action: failed" in mail.report
    assert "Subject: hi" in mail.returned
    assert mail.notice.strip() == "Sorry."
