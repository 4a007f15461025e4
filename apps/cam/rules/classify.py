"""What a mail that came in wants: yes, no, later, never again, or a person's eyes.

Machines are told first, each on its own evidence: complaints, bounces, automatic replies. Of people's words an opt-out
goes before everything. Where yes and no stand against each other, or nothing was said that we know, the answer is
NEUTRAL, and a person reads it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Literal

from apps.cam.rules.autoreplies import AutoReply, find_auto_reply
from apps.cam.rules.bounces import find_bounce
from apps.cam.rules.languages import LANGUAGES, folded, phrases
from apps.cam.rules.mails import Mail
from apps.cam.rules.quotes import words_of

Kind = Literal["POSITIVE", "NEGATIVE", "OUT_OF_OFFICE", "BOUNCE", "UNSUBSCRIBE", "NEUTRAL"]

MOST_CHARACTERS = 4_000
"""Of what a person wrote: who has not said it by then is read by a person."""
MOST_REASONS = 6
NEGATOR_REACH = 32
SURE_ENOUGH = Decimal("0.5")

_CLAUSE = re.compile(r"(?<=\?)\s+|[.!;:]+(?=\s|$)|\s[-–—]\s")


def _words(name: str) -> str:
    return "|".join(word for language in LANGUAGES for word in getattr(language, name))


_INTEREST, _REFUSAL, _YES_IN_SPITE = phrases("interest"), phrases("refusal"), phrases("yes_in_spite_of_no")
_UNSUBSCRIBE, _UNDECIDED = phrases("unsubscribe"), phrases("undecided")
_NEGATED = re.compile(rf"(?:\b(?:{_words('negators')})|n't)\b[^,.;!?\n]{{0,{NEGATOR_REACH}}}$")
_NEGATED_BEHIND = re.compile(r"[^,.;!?\n]{0,16}?\b(?:nicht|pas)\b(?! nur\b)")
_BUT = re.compile(rf"(?:^|[,\s])(?:{_words('but')})\b")


@dataclass(frozen=True)
class Classification:
    """What a mail is, how sure that is, and the words that decided. `text` is what its author wrote themselves."""

    kind: Kind
    bounce: Literal["hard", "soft"] | None
    recipient: str
    return_date: date | None
    confidence: Decimal
    because: tuple[str, ...]
    text: str


def classify(mail: Mail, *, at: datetime | None = None) -> Classification:
    """Return what a mail wants. `at` is the day it is read on, for mails that do not say when they were written."""
    text = words_of(mail)
    if complaint := _complaint(mail):
        return _told("UNSUBSCRIBE" if complaint[0] else "NEUTRAL", Decimal("0.98"), (complaint[1],), text)
    if bounce := find_bounce(mail):
        kind: Literal["hard", "soft"] = "hard" if bounce.is_hard else "soft"
        return Classification(
            "BOUNCE", kind, bounce.recipient, None, bounce.confidence, bounce.because[:MOST_REASONS], text
        )
    if re.search(r"^action:\s*(?:delivered|relayed|expanded|deliverable)", mail.report, re.IGNORECASE | re.MULTILINE):
        return _told("NEUTRAL", Decimal("0.98"), ("a report that a mail was delivered",), text)
    said = _intent(mail, text)
    auto = find_auto_reply(mail, text, _written(mail, at))
    if auto and (auto.is_automatic or said.kind == "NEUTRAL"):
        return _of_auto_reply(auto, text)
    return said


def _told(kind: Kind, confidence: Decimal, because: tuple[str, ...], text: str) -> Classification:
    return Classification(kind, None, "", None, confidence, because[:MOST_REASONS], text)


def _complaint(mail: Mail) -> tuple[bool, str] | None:
    """Return what a feedback report (RFC 5965) or a receipt (RFC 8098) is: whether it is a complaint, and its name."""
    if feedback := re.search(r"^feedback-type:\s*([\w-]+)", mail.report, re.IGNORECASE | re.MULTILINE):
        kind = feedback.group(1).lower()
        return kind in ("abuse", "fraud", "virus", "opt-out", "opt-out-list", "complaint"), f"a complaint: {kind}"
    headers = {name.lower(): value for name, value in mail.headers}
    if "x-hmxmroriginalrecipient" in headers or re.match(r"complaint about message from", mail.subject, re.IGNORECASE):
        return True, "a complaint: junk"
    content = headers.get("content-type", "").lower()
    if (
        "disposition-notification" in content
        and "final-recipient" in mail.report.lower()
        and "failed" not in mail.report.lower()
    ):
        return False, "a receipt"
    return None


def is_complaint(verdict: Classification) -> bool:
    """Tell whether somebody called a mail of ours spam, which their provider reports."""
    return any(reason.startswith("a complaint: ") for reason in verdict.because)


def complainer_of(mail: Mail) -> str:
    """Return the address that a feedback report (RFC 5965) is about, empty where it does not tell."""
    said = re.search(r"^original-rcpt-to:\s*<?([^\s<>]+@[^\s<>]+)>?", mail.report, re.IGNORECASE | re.MULTILINE)
    headers = {name.lower(): value for name, value in mail.headers}
    return said[1] if said else headers.get("x-hmxmroriginalrecipient", "").strip(" <>")


def _of_auto_reply(auto: AutoReply, text: str) -> Classification:
    if auto.kind == "AWAY":
        sure = Decimal("0.6") + Decimal("0.2") * auto.is_automatic + Decimal("0.15") * (auto.return_date is not None)
        return Classification("OUT_OF_OFFICE", None, "", auto.return_date, sure, auto.because[:MOST_REASONS], text)
    return _told("NEUTRAL", Decimal("0.8"), auto.because, text)


def _written(mail: Mail, at: datetime | None) -> date:
    """Return the day a mail was written on, in its sender's zone."""
    said = next((value for name, value in mail.headers if name.lower() == "date"), "")
    try:
        return parsedate_to_datetime(said).date()
    except (TypeError, ValueError, OverflowError, IndexError):
        moment = mail.sent_at or at
        return moment.date() if moment else date(1970, 1, 1)


def _intent(mail: Mail, text: str) -> Classification:
    """Return what a person says, by weighing their words; a mail without words may say it in its subject."""
    plain = folded(text[:MOST_CHARACTERS])
    if not plain.strip():
        plain = re.sub(r"^(?:(?:re|aw|wg|fwd?|tr|rv|res|enc)\s*:\s*)+", "", folded(mail.subject))
        if not _UNSUBSCRIBE.search(plain):
            return _told("NEUTRAL", Decimal(0), ("no words of their own",), text)
    lines = [line.strip(" *_\t\"'“”") for line in plain.splitlines()]
    yes, no, later, never = 0, 0, 0, 0
    because: list[str] = []
    for clause in (part.strip() for line in lines for part in _CLAUSE.split(line)):
        if not clause:
            continue
        if stop := _UNSUBSCRIBE.search(clause):
            never += 1
            because.append(stop.group().strip())
            continue
        for weight, part in _parts(clause):
            counted = _weigh(part)
            yes, no, later = yes + weight * counted[0], no + weight * counted[1], later + weight * counted[2]
            because += counted[3]
    return _decided(yes, no, later, never, tuple(because), text)


def _parts(clause: str) -> list[tuple[int, str]]:
    """Return a sentence's parts with their weights: what comes behind a “but” counts double."""
    but = _BUT.search(clause)
    if not but:
        return [(1, clause)]
    return [(1, clause[: but.start()]), (2, clause[but.end() :])]


def _weigh(part: str) -> tuple[int, int, int, list[str]]:
    """Return how often a part says yes, no, and neither, and with which words."""
    yes, no, later = 0, 0, 0
    because: list[str] = []
    if spite := _YES_IN_SPITE.search(part):
        yes += 1
        because.append(spite.group().strip())
        part = _YES_IN_SPITE.sub(" ", part)
    for refusal in _REFUSAL.finditer(part):
        no += 1
        because.append(refusal.group().strip())
    remaining = _REFUSAL.sub(lambda found: " " * len(found.group()), part)
    for interest in _INTEREST.finditer(remaining):
        if _NEGATED.search(part[: interest.start()]) or _NEGATED_BEHIND.match(part[interest.end() :]):
            no += 1
            because.append(f"not: {interest.group().strip()}")
        else:
            yes += 1
            because.append(interest.group().strip())
    if not no and (undecided := _UNDECIDED.search(part)):
        yes, later = 0, 1
        because.append(undecided.group().strip())
    return yes, no, later, because


def _decided(yes: int, no: int, later: int, never: int, because: tuple[str, ...], text: str) -> Classification:
    if never:
        return _told("UNSUBSCRIBE", min(Decimal("0.7") + Decimal("0.1") * never, Decimal("0.95")), because, text)
    if not yes and not no:
        return _told("NEUTRAL", Decimal("0.5") if later else Decimal(0), because, text)
    sure = Decimal(abs(yes - no)) / (yes + no) * (Decimal("0.7") + Decimal("0.08") * min(max(yes, no), 3))
    sure = (sure / (1 + later)).quantize(Decimal("0.001"))
    if sure < SURE_ENOUGH:
        return _told("NEUTRAL", sure, because, text)
    return _told("POSITIVE" if yes > no else "NEGATIVE", sure, because, text)
