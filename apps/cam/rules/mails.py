"""A mail as a file (RFC 5322), read within limits; nothing in it is trusted, and nothing of it is ever run."""

import base64
import email
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice

from apps.cam.rules import addresses
from apps.cam.rules.addresses import AddressRefused, normalise_address

MOST_BYTES = 5_000_000
MOST_PARTS = 200
MOST_CHARACTERS = 200_000
MOST_HEADERS = 500
MOST_HEADER_CHARACTERS = 8_000
MOST_IDS = 100
MOST_REPORT_CHARACTERS = 50_000

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_UNREAD = re.compile(r"<(script|style|head|template)\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

REPORTS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/feedback-report",
    "message/disposition-notification",
    "message/global-disposition-notification",
)
RETURNED = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)


class MailRefused(ValueError):
    """A file is no mail that can be read; the message says why, and what to do."""


@dataclass(frozen=True)
class Mail:
    """A mail's envelope and words. `html` is kept as evidence; `text` is what people read."""

    message_id: str
    references: tuple[str, ...]
    from_address: str
    from_name: str
    subject: str
    sent_at: datetime | None
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    report: str = ""
    """What machines say to machines in it: delivery status (RFC 3464), feedback (RFC 5965), disposition (RFC 8098)."""
    returned: str = ""
    """The headers of a mail of ours that it brings back."""
    notice: str = ""
    """All its texts, one after the other, without those of mails that it brings back."""


def read_mail(content: bytes) -> Mail:
    """Return the mail in a file. Raises MailRefused for what is none, is too large, or has no readable sender."""
    if len(content) > MOST_BYTES:
        raise MailRefused(
            f"The file has more than {MOST_BYTES // 1_000_000} MB. Save the mail without its attachments."
        )
    try:
        message = email.message_from_bytes(content)  # the old policy: the new one stumbles over headers it cannot parse
        parts = list(_parts(message))
    except MailRefused:
        raise
    except (RecursionError, ValueError, LookupError, AssertionError) as error:
        raise MailRefused("The file is no mail that can be read. Save it again as .eml.") from error
    _, address = _sender(message)
    try:
        address = normalise_address(address)
    except AddressRefused as refusal:
        raise MailRefused(f"The mail's From {refusal}. Is the file an .eml?") from refusal
    return replace(_mail(message, parts), from_address=address)


def read_whatever(content: bytes) -> Mail:
    """Return what can be read of a file, however odd: without a sender (as bounces are), cut off, or no mail at all.

    `from_address` is empty where there is none, and as written where it is no address. Only the first 5 MB are read.
    """
    content = content[:MOST_BYTES].lstrip(b"\r\n\t ")
    try:
        message = email.message_from_bytes(content)
        return _mail(message, list(islice(message.walk(), MOST_PARTS)))
    except (RecursionError, ValueError, LookupError, AssertionError):  # nested or broken beyond the library's bearing
        message = BytesHeaderParser().parsebytes(content)
        return _mail(message, [message])


def _mail(message: Message, parts: list[Message]) -> Mail:
    name, address = _sender(message)
    texts = {kind: _storable(_first(parts, kind)) for kind in ("text/plain", "text/html")}
    return Mail(
        message_id=next(iter(_ids(message.get("Message-ID", ""))), ""),
        references=tuple(_ids(f"{message.get('In-Reply-To', '')} {message.get('References', '')}")[:MOST_IDS]),
        from_address=address[: addresses.MOST_CHARACTERS],
        from_name=" ".join(_storable(name).split())[:200],
        subject=" ".join(_decoded(message.get("Subject", "")).split())[:500],
        sent_at=_sent_at(message.get("Date")),
        headers=tuple(_headers(message)),
        text=texts["text/plain"] or text_of_html(texts["text/html"]),
        html=texts["text/html"],
        **_evidence(message, parts),
    )


def _sender(message: Message) -> tuple[str, str]:
    return parseaddr(_decoded(message.get("From", "")).replace("\r", "").replace("\n", ""))


def text_of_html(source: str) -> str:
    """Return the words of an HTML mail: scripts and styles left out, a line for each block."""
    words = html.unescape(_TAG.sub("", _BREAK.sub("\n", _UNREAD.sub("", source))))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _parts(message: Message) -> Iterator[Message]:
    for count, part in enumerate(message.walk(), start=1):
        if count > MOST_PARTS:
            raise MailRefused(f"The mail has more than {MOST_PARTS} parts. Save it without what it forwards.")
        yield part


def _first(parts: list[Message], kind: str) -> str:
    """Return the first text of a kind that is no attachment, cut where no person would read on."""
    for part in parts:
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _in_charset(payload, part.get_content_charset() or "utf-8")[:MOST_CHARACTERS].strip()
    return ""


def _evidence(message: Message, parts: list[Message]) -> dict[str, str]:
    """Return what a mail of a machine is known by: its report, the headers it brings back, and all its texts."""
    inside = {id(part) for outer in parts if _is_returned(outer) for part in outer.walk() if part is not outer}
    reports, returned, texts = [], [], []
    for part in parts:
        kind = part.get_content_type()
        if kind in REPORTS:
            reports.append(_source(part))
        elif _is_returned(part):
            returned.append(_source(part, headers_only=True))
        elif part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), str):
            texts.append(str(part.get_payload())[:MOST_CHARACTERS])  # its boundary is nowhere: it has no parts
        elif kind in ("text/plain", "text/html") and id(part) not in inside:
            text = _first([part], kind)
            texts.append(text if kind == "text/plain" else text_of_html(text))
    return {
        "report": _storable("\n\n".join(reports))[:MOST_REPORT_CHARACTERS],
        "returned": _storable("\n\n".join(returned))[:MOST_HEADER_CHARACTERS],
        "notice": _storable("\n\n".join(texts))[:MOST_CHARACTERS],
    }


def _is_returned(part: Message) -> bool:
    return part.get_content_type() in RETURNED


def _source(part: Message, *, headers_only: bool = False) -> str:
    """Return a part as it was written: the library has taken some reports apart into headers already."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        decoded = part.get_payload(decode=True)
        return _in_charset(decoded, "utf-8") if isinstance(decoded, bytes) else str(payload)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        return _of_base64("".join(str(inner.get_payload()) for inner in payload))
    lines = []
    for inner in payload:
        lines += [f"{name}: {value}" for name, value in inner.items()]
        if not headers_only:
            lines.append(_source(inner))
        lines.append("")
    return "\n".join(lines)


def _of_base64(text: str) -> str:
    try:
        return _in_charset(base64.b64decode(text), "utf-8")
    except ValueError:
        return text


def _in_charset(payload: bytes, charset: str) -> str:
    try:
        return payload.decode(charset, "replace")
    except (LookupError, ValueError):  # a charset that nobody knows
        return payload.decode("utf-8", "replace")


def _headers(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in message.items()[:MOST_HEADERS]:
        yield _storable(name)[:200], _storable(str(value))[:MOST_HEADER_CHARACTERS]


def _decoded(value: object) -> str:
    text = str(value)[:MOST_HEADER_CHARACTERS]
    try:
        return _storable(str(make_header(decode_header(text))))
    except (ValueError, LookupError):
        return _storable(text)


def _ids(value: object) -> list[str]:
    return list(dict.fromkeys(_MESSAGE_ID.findall(_storable(str(value)))))


def _sent_at(value: object) -> datetime | None:
    """Return when the sender says it was sent; a date without a zone is taken for UTC, nonsense for none."""
    try:
        said = parsedate_to_datetime(str(value))
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
