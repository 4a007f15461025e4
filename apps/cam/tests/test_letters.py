"""A message as a mail …"""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

from apps.cam.gateways.letters import LetterRefused, Message, compose

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
URL = "https://desk.agency.example/u/" + "t" * 43 + "/"
MESSAGE = Message(
    sender_name="Nora of the agency",
    sender="nora@agency.example",
    to="mia@clinic.example",
    subject="More patients",
    text="Hello Mia,\n\nmay I call you?\nSee https://agency.example/?a=1&b=2.\n\n.\n.. and so on",
    postal_address="Agency Ltd\n1 Main Street\nDublin 2",
    message_id="<0f9e8d7c@agency.example>",
    unsubscribe_url=URL,
    unsubscribe_token="t" * 43,
    country="IE",
)
HOSTILE = ("\r\nBcc: all@victim.example", "\nX-Evil: 1", "\rX: 1", "\u2028X: 1", "\x0bX: 1", "\0", "\x85X: 1")


def parsed(message: Message) -> EmailMessage:
    return cast("EmailMessage", email.message_from_bytes(compose(message, at=AT).content, policy=default))


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content()


def test_has_the_headers_that_mail_systems_ask_of_whoever_writes_to_many() -> None:
    mail = parsed(MESSAGE)
    assert mail["From"] == '"Nora of the agency" <nora@agency.example>'.replace('"', "")
    assert (mail["To"], mail["Subject"]) == ("mia@clinic.example", "More patients")
    assert mail["Message-ID"] == "<0f9e8d7c@agency.example>"
    assert mail["Date"] == "Tue, 03 Mar 2026 12:00:00 +0000"
    assert mail["List-Unsubscribe"] == f"<{URL}>, <mailto:nora@agency.example?subject=unsubscribe%20{'t' * 43}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["In-Reply-To"], mail["References"]) == (None, None)


def test_answers_the_conversation_so_far() -> None:
    mail = parsed(replace(MESSAGE, earlier=("<1@agency.example>", "<2@agency.example>")))
    assert mail["In-Reply-To"] == "<2@agency.example>"
    assert mail["References"].split() == ["<1@agency.example>", "<2@agency.example>"]


def test_says_below_who_writes_and_how_to_be_left_alone() -> None:
    mail = parsed(MESSAGE)
    for kind in ("plain", "html"):
        assert "1 Main Street" in body(mail, kind)
        assert URL in body(mail, kind)


@pytest.mark.parametrize(("country", "says"), [("IE", "One click"), ("AT", "Ein Klick")])
def test_says_so_in_the_language_of_the_country(country: str, says: str) -> None:
    assert says in body(parsed(replace(MESSAGE, country=country)), "plain")


def test_shows_the_same_words_as_html_and_nothing_that_tells_who_reads() -> None:
    mail = parsed(
        replace(MESSAGE, text="<script>alert(1)</script> & <img src=x>\n\nSee https://agency.example/?a=1&b=2")
    )
    shown = body(mail, "html")
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in shown
    assert '<a href="https://agency.example/?a=1&amp;b=2"' in shown


def test_keeps_letters_of_all_alphabets_and_lines_of_any_length() -> None:
    text = "Grüße aus Łódź, 日本 and 🦷. " + "long " * 3000
    message = replace(MESSAGE, subject="Größere Łódź: 日本 🦷 " * 8, sender_name="Nóra Ó Briain – 日本", text=text)
    content = compose(message, at=AT).content
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    mail = parsed(message)
    assert mail["Subject"] == message.subject.strip()
    assert mail["From"].addresses[0].display_name == "Nóra Ó Briain – 日本"
    assert " ".join(text.split()) in " ".join(body(mail, "plain").split())


def test_breaks_no_encoded_word_rule() -> None:
    content = compose(replace(MESSAGE, subject="Größere Freude " * 15), at=AT).content.decode()
    words = [
        word for line in content.split("\r\n\r\n")[0].split("\r\n") for word in line.split() if word.startswith("=?")
    ]
    assert words
    assert max(map(len, words)) <= 75  # RFC 2047, 2


def test_writes_a_domain_of_other_letters_as_servers_take_it() -> None:
    letter = compose(replace(MESSAGE, to="mia@zähne-groß.example"), at=AT)
    assert letter.to == "mia@xn--zhne-gro-3ta5o.example" or letter.to.startswith("mia@xn--")
    assert letter.to.isascii()


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("field", ["subject", "sender_name", "sender", "to", "message_id", "unsubscribe_url"])
def test_is_refused_where_a_part_could_write_a_header(field: str, evil: str) -> None:
    with pytest.raises(LetterRefused):
        compose(replace(MESSAGE, **{field: getattr(MESSAGE, field) + evil + "x"}), at=AT)


@pytest.mark.parametrize("evil", HOSTILE)
@pytest.mark.parametrize("field", ["text", "postal_address"])
def test_keeps_hostile_words_in_the_body(field: str, evil: str) -> None:
    mail = parsed(replace(MESSAGE, **{field: getattr(MESSAGE, field) + evil + "\n.\r\nMAIL FROM:<x>"}))
    assert sorted(mail.keys()) == sorted(parsed(MESSAGE).keys())


def test_leaves_out_of_the_conversation_what_is_no_message_id() -> None:
    mail = parsed(replace(MESSAGE, earlier=("<1@agency.example>", "x\r\nBcc: all@victim.example")))
    assert mail["References"] == "<1@agency.example>"
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "to", ["", "mia", "@clinic.example", "mia@", "a b@clinic.example", "<mia@clinic.example>", "mía@clinic.example"]
)
def test_is_refused_for_an_address_that_servers_do_not_take(to: str) -> None:
    with pytest.raises(LetterRefused):
        compose(replace(MESSAGE, to=to), at=AT)


@pytest.mark.parametrize("name", ['Nora "the" O\'Brien', "Nora \\ Co", "Nora, of <the> agency", "nora@other.example"])
def test_quotes_a_sender_s_name(name: str) -> None:
    assert [
        (each.display_name, each.addr_spec) for each in parsed(replace(MESSAGE, sender_name=name))["From"].addresses
    ] == [(name, "nora@agency.example")]
