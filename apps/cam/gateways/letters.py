"""A message as a mail (RFC 5322): who writes, how to be left alone, text and the same text as HTML.

What a person wrote to answer somebody is no mail of a list and has no header of one (RFC 2369, RFC 8058): beneath it
stand the same address and the same way out.
Every header is made here of parts that are checked to be one line. Nothing in a mail tells whether it was read. It is
signed (DKIM) by the mail server that takes it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

import idna
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import mark_safe

_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+>")
_PLAIN_URL = re.compile(r"https?://[\x21-\x7e]+")
_MOST_REFERENCES = 20
# The headers are folded here: the library would put a break before a long word, and leave the first line empty.
_WIRE = compat32.clone(linesep="\r\n", max_line_length=None)
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP

_FOOT = {
    "en": "You do not want to hear from us? One click, and you never will again:",
    "de": "Sie möchten nichts mehr von uns hören? Ein Klick genügt, und Sie hören nie wieder von uns:",
}
_FOOT_OF_ANSWER = {
    "en": "Should you want no more mail from us, one click is enough:",
    "de": "Sollten Sie keine Post mehr von uns wünschen, genügt ein Klick:",
}
_IN_GERMAN = frozenset({"DE", "AT", "CH", "LI"})


class LetterRefused(ValueError):
    """A message cannot be a mail; the words say why."""


@dataclass(frozen=True)
class Message:
    """What a mail is made of. `earlier` are the Message-IDs of the conversation so far, the oldest first."""

    sender_name: str
    sender: str
    to: str
    subject: str
    text: str
    postal_address: str
    message_id: str
    unsubscribe_url: str
    unsubscribe_token: str
    country: str = ""
    earlier: tuple[str, ...] = ()
    is_answer: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail as it goes over the line: from whom to whom, both in ASCII, and its bytes."""

    sender: str
    to: str
    content: bytes


def compose(message: Message, *, at: datetime) -> Letter:
    """Return a message as a mail. Raises LetterRefused for parts that cannot stand in one."""
    sender, to = wire_address(message.sender), wire_address(message.to)
    letter = MIMEMultipart("alternative", policy=_WIRE)
    for name, value in _headers(message, sender, to, at).items():
        letter[name] = value
    letter.attach(_part(plain_text(message), "plain"))
    letter.attach(_part(_html(message), "html"))
    return Letter(sender, to, letter.as_bytes(policy=_WIRE))


def wire_address(address: str) -> str:
    """Return an address as mail servers take it, its domain in ASCII (IDNA 2008). Raises LetterRefused."""
    local, _, domain = _line(address, "address").rpartition("@")
    try:
        wired = f"{local}@{domain if domain.isascii() else idna.encode(domain).decode()}"
    except idna.IDNAError as error:
        raise LetterRefused(f"{domain!r} is no domain: {error}.") from error
    if not local or not domain or not re.fullmatch(r"[\x21-\x7e]+", wired) or re.search(r'[<>()\[\]\\,;:"]', wired):
        raise LetterRefused(f"{address!r} is no address that mail servers take.")
    return wired


def plain_text(message: Message) -> str:
    """Return what a mail says, with its foot."""
    foot = f"{message.postal_address.strip()}\n\n{_foot(message)}\n{message.unsubscribe_url}"
    return f"{message.text.strip()}\n\n-- \n{foot}\n"


def _headers(message: Message, sender: str, to: str, at: datetime) -> dict[str, str]:
    if not _PLAIN_URL.fullmatch(message.unsubscribe_url):
        raise LetterRefused("The address of the site is not one that can stand in a mail; correct AICMO_BASE_URL.")
    if not re.fullmatch(r"[\w-]{43}", message.unsubscribe_token, re.ASCII):
        raise LetterRefused("Its unsubscribe link is none.")
    if not _MESSAGE_ID.fullmatch(message.message_id):
        raise LetterRefused("Its Message-ID is none.")
    earlier = [each for each in message.earlier if _MESSAGE_ID.fullmatch(each)][-_MOST_REFERENCES:]
    answers = {"In-Reply-To": earlier[-1], "References": "\n ".join(earlier)} if earlier else {}
    by_mail = f"<mailto:{sender}?subject=unsubscribe%20{message.unsubscribe_token}>"
    way_out = {
        "List-Unsubscribe": f"<{message.unsubscribe_url}>,\n {by_mail}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return {
        "From": f"{_name(message.sender_name)}\n <{sender}>",
        "To": to,
        "Subject": _words(message.subject, "Subject"),
        "Date": format_datetime(at),
        "Message-ID": message.message_id,
        **answers,
        **({} if message.is_answer else way_out),
    }


def _words(text: str, what: str) -> str:
    """Return a text as a header says it, folded, its encoded words within RFC 2047's 75 characters."""
    line = _line(text, what)
    return Header(line, None if line.isascii() else "utf-8", maxlinelen=75, header_name=what).encode(linesep="\n")


def _name(text: str) -> str:
    line = _line(text, "sender name")
    if line.isascii():
        return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return Header(line, "utf-8", maxlinelen=75, header_name="From").encode(linesep="\n")


def _line(text: str, what: str) -> str:
    """Return a text that is one line: whoever can break it could write headers of their own."""
    if not text.strip() or not all(character.isprintable() for character in text):
        raise LetterRefused(f"The {what} is not one line of text.")
    return text.strip()


def _part(text: str, kind: str) -> MIMEText:
    return MIMEText("\n".join(text.splitlines()) + "\n", kind, _UTF8)  # type: ignore[arg-type]


def _foot(message: Message) -> str:
    foot = _FOOT_OF_ANSWER if message.is_answer else _FOOT
    return foot["de" if message.country in _IN_GERMAN else "en"]


def _html(message: Message) -> str:
    paragraphs = re.split(r"\n\s*\n", message.text.strip())
    said = "".join(f"<p>{_lines(urlize(each, autoescape=True))}</p>" for each in paragraphs)
    foot = format_html(
        '<p style="color:#666;font-size:smaller">{}<br><br>{} <a href="{}">{}</a></p>',
        mark_safe(_lines(escape(message.postal_address.strip()))),  # noqa: S308  (escaped right there)
        _foot(message),
        message.unsubscribe_url,
        "Abmelden" if message.country in _IN_GERMAN else "Unsubscribe",
    )
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{said}<hr>{foot}</body></html>'


def _lines(escaped: str) -> str:
    return "<br>\n".join(escaped.splitlines())
