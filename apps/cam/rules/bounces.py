"""Mails that tell that a mail was not delivered: as a report (RFC 3464), or in words alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from apps.cam.rules.addresses import AddressRefused, normalise_address
from apps.cam.rules.bounce_reasons import HARD_STATUS, OUT_OF_SERVICE, REASONS, SOFT_STATUS, Reason
from apps.cam.rules.bounce_signs import COPY, DELAY, ROBOT, ROBOT_NAME, SUBJECT, WORDS
from apps.cam.rules.mails import Mail

MOST_NOTICE_CHARACTERS = 12_000

_FIELD = re.compile(
    r"^[ \t]{0,8}(final-recipient|original-recipient|action|status|diagnostic-code|x-actual-recipient)"
    r"[ \t]{0,8}:[ \t]{0,8}([^\n]*(?:\n[ \t]+[^\s][^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.:/-])([45]\d\d)(?=[ \-](?:#?[45]\.\d|[^\d\s])|\s+#?[45]\.\d)")
_SAID = re.compile(
    r"(?:(?<![\d.:/@#-])[45]\d\d[ \-]\s{0,8}(?:#?[45]\.\d{1,3}\.\d{1,3})?|(?<![\d.])#?[45]\.\d\.\d{1,3}\b)"
    r"[^\n]{0,200}(?:\n[^\n]{1,200}){0,4}"
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_FILTERED = re.compile(
    r">>> DATA\s{1,9}<<< 5\d\d (?!5\.\d)[^\n]{0,80}(?:user unknown|unknown user)"
    r"|said:\s{1,9}5\d\d (?!5\.\d)[^()]{0,120}(?:user unknown|unknown user)[^()]{0,120}\(in reply to end of\s{1,9}DATA"
    r"|after end of data:[^()]{0,160}\b5\d\d (?!5\.\d)[^()]{0,60}user unknown",
    re.IGNORECASE,
)
"""Who takes a recipient, reads the mail and only then knows nobody of that name, with no code for it, has a filter."""
_NOTIFICATION = re.compile(r'"bounceType"\s*:\s*"(Permanent|Transient|Undetermined)"')
_PERMANENT = re.compile(r"\b(?:permanent|fatal)", re.IGNORECASE)
_PREAMBLE = re.compile(
    r"^[a-z-]+;|recipient address rejected:(?! access denied)|for further assistance[^\n]*|postmaster"
)
_NOT_FAILED = {"delivered", "relayed", "expanded", "deliverable"}


@dataclass(frozen=True)
class Bounce:
    """A mail of ours that was not delivered: for good (hard) or for now (soft), to whom, and how that is known."""

    is_hard: bool
    recipient: str
    confidence: Decimal
    because: tuple[str, ...]


@dataclass
class _Recipient:
    final: str = ""
    original: str = ""
    action: str = ""
    status: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        return self.action not in _NOT_FAILED and (self.action != "" or self.status[:1] in ("4", "5"))


def find_bounce(mail: Mail) -> Bounce | None:
    """Return the bounce that a mail is, or None. A person's words about a bounce are none."""
    notice = _without_copy(mail.notice)
    recipients = list(_recipients(mail.report or notice))
    failed = [recipient for recipient in recipients if recipient.has_failed]
    if recipients and not failed and any(recipient.action in _NOT_FAILED for recipient in recipients):
        return None
    if told := _NOTIFICATION.search(notice):
        address = re.search(r'"emailAddress"\s*:\s*"([^"]+)"', notice)
        because = (f"a notification of Amazon SES: {told.group(1)}",)
        return Bounce(
            told.group(1) == "Permanent", _normal(address.group(1)) if address else "", Decimal("0.95"), because
        )
    known_by = _known_by(mail, notice, has_report=bool(mail.report and failed))
    if not known_by:
        return None
    failed.sort(key=lambda recipient: recipient.action == "delayed")
    recipient = failed[0] if failed else _Recipient()
    is_hard, why = _judge(recipient, notice, mail)
    confidence = Decimal("0.99") if failed and mail.report else Decimal("0.9") if len(known_by) > 1 else Decimal("0.7")
    return Bounce(is_hard, _address_of(recipient, mail, notice), confidence, (*why, *known_by))


def is_robot(mail: Mail) -> bool:
    """Tell whether a mail server wrote a mail itself."""
    if not mail.from_address:
        return True
    return bool(ROBOT.match(mail.from_address) or ROBOT_NAME.search(mail.from_name))


def _known_by(mail: Mail, notice: str, *, has_report: bool) -> tuple[str, ...]:
    """Return the signs that a mail is a bounce; none where they are too few."""
    headers = {name.lower(): value for name, value in reversed(mail.headers)}
    if has_report:
        return ("a delivery status report",)
    signs = {
        "a mail server wrote it": is_robot(mail),
        "an empty Return-Path": headers.get("return-path", "").strip() == "<>" and not is_robot(mail),
        "X-Failed-Recipients": "x-failed-recipients" in headers,
        f"subject “{mail.subject[:60]}”": bool(SUBJECT.search(mail.subject))
        and not re.match(r"(?:re|aw|sv|rv|res)\s*:", mail.subject, re.IGNORECASE),
        "report type": "report-type=delivery-status" in re.sub(r"[\s\"']", "", headers.get("content-type", "").lower()),
    }
    found = [sign for sign, is_there in signs.items() if is_there]
    if not found:
        return ()
    words = [match.group().strip() for match in (WORDS.search(notice), _SAID.search(notice)) if match]
    if len(found) == 1 and found[0].startswith("subject") and not (mail.returned or _ADDRESS.search(notice)):
        return ()  # people write about deliveries, too
    if signs["X-Failed-Recipients"] or signs["report type"] or len(found) > 1 or words:
        return (*found, *(word.splitlines()[0][:80] for word in words))
    return ()


def _recipients(text: str) -> Iterator[_Recipient]:
    """Yield the recipients of a report, each with the fields that stand together."""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r", "")):
        current = _Recipient()
        for name, value in _FIELD.findall(block):
            name, value = name.lower(), " ".join(value.split())
            if name == "final-recipient" and current.final:
                yield current
                current = _Recipient()
            match name:
                case "final-recipient":
                    current.final = value
                case "original-recipient" | "x-actual-recipient":
                    current.original = current.original or value
                case "action":
                    current.action = value.split(" ")[0].strip(";,.").lower()
                case "status":
                    current.status = next(iter(_STATUS.findall(value)), "")
                case _:
                    current.said.append(value)
        if current != _Recipient():
            yield current


def _judge(recipient: _Recipient, notice: str, mail: Mail) -> tuple[bool, tuple[str, ...]]:
    """Return whether a bounce is hard, and why: what the server said first, then its codes, then the notice's words."""
    if recipient.action == "delayed" or (not recipient.action and DELAY.search(f"{mail.subject}\n{notice}")):
        return False, ("delayed",)
    said = [*recipient.said, *(found.group() for found in _SAID.finditer(notice))]
    status = _status_of(recipient, said)
    if not HARD_STATUS.match(status) and _FILTERED.search(notice):
        return False, tuple(filter(None, ("refused once it was read", status)))
    if reason := _reason_in(*recipient.said) or _reason_in(*said):
        return _told(reason, status)
    if HARD_STATUS.match(status) or SOFT_STATUS.match(status):
        return HARD_STATUS.match(status) is not None, (status,)
    if reason := _reason_in(f"{mail.subject}\n{notice}"):
        return _told(reason, status)
    is_permanent = status.startswith("5") or (not status and _PERMANENT.search(notice) is not None)
    return is_permanent, (status or "no reason given",)


def _told(reason: Reason, status: str) -> tuple[bool, tuple[str, ...]]:
    is_hard = reason.is_hard or (reason.name == OUT_OF_SERVICE and HARD_STATUS.match(status) is not None)
    return is_hard and not status.startswith("4"), tuple(filter(None, (reason.name, status)))


def _status_of(recipient: _Recipient, said: list[str]) -> str:
    """Return the most telling status code: of the server's own words, else the report's, else the notice's."""
    own = [code for text in recipient.said for code in _STATUS.findall(text)]
    codes = [*own, recipient.status, *(code for text in said for code in _STATUS.findall(text))]
    telling = [code for code in codes if code and not code.endswith(".0.0")]
    if telling:
        return telling[0]
    replies = [code for text in said for code in _REPLY.findall(text)]
    if replies:
        return f"{replies[0][0]}.0.0"
    return next(filter(None, codes), "")


def _reason_in(*texts: str) -> Reason | None:
    """Return the first reason of the list that any text gives; addresses, and what stands before it, are no words."""
    plain = [
        " ".join(_ADDRESS.sub(" ", _PREAMBLE.sub(" ", text.casefold().replace("’", "'"))).split()) for text in texts
    ]
    return next((reason for reason in REASONS if any(reason.words.search(text) for text in plain)), None)


def _without_copy(notice: str) -> str:
    """Return a notice without the copy of our mail that some systems put below it."""
    notice = notice[: MOST_NOTICE_CHARACTERS * 2].replace("\r", "")
    copy = next((found for found in COPY.finditer(notice) if found.start() > 40), None)
    return notice[: copy.start() if copy else None][:MOST_NOTICE_CHARACTERS]


def _address_of(recipient: _Recipient, mail: Mail, notice: str) -> str:
    """Return who did not get it: as we wrote it, where the report tells, because that is whom we know.

    Where only words tell, the sender's and our own address are others.
    """
    headers = {name.lower(): value for name, value in mail.headers}
    told = (recipient.original, recipient.final, headers.get("x-failed-recipients", ""))
    named = (" ".join(re.findall(r"<[^<>\s]+@[^<>\s]+>", notice)), notice, _line(mail.returned, "to"))
    others = " ".join(
        (*(headers.get(name, "") for name in ("to", "from", "delivered-to")), _line(mail.returned, "from"))
    )
    return _first_address(told, set()) or _first_address(named, set(_ADDRESS.findall(others.casefold())))


def _line(headers: str, name: str) -> str:
    found = re.search(rf"^{name}:[^\n]*", headers, re.IGNORECASE | re.MULTILINE)
    return found.group() if found else ""


def _first_address(texts: tuple[str, ...], others: set[str]) -> str:
    addresses = (address for text in texts for address in _ADDRESS.findall(re.sub(r"(?i)(?:rfc822|utf-8);", " ", text)))
    return next(
        (known for address in addresses if address.casefold() not in others and (known := _normal(address))), ""
    )


def _normal(address: str) -> str:
    try:
        return normalise_address(address.strip(".'"))
    except AddressRefused:
        return ""
