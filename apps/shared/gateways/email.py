"""Mail to people: one letter to one address, by SMTP, or in development into a file.

What a mail is made of comes from forms and from models: every part is checked here, whoever calls.
"""

import hashlib
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from apps.shared.gateways.proof import is_proof_mode, write_proof
from apps.shared.resilience import VendorIll, outside

DEADLINE = 45
"""Seconds that a letter may take with all its tries; the time-out of the connection is EMAIL_TIMEOUT."""


class LetterRefused(Exception):
    """The letter cannot go out like this, today or tomorrow."""


@dataclass(frozen=True)
class Letter:
    """A mail to one person. `key` names it: sent again after a doubt, it is recognised by its Message-ID."""

    to: str
    subject: str
    text: str
    html: str
    key: str


def send_letter(letter: Letter, *, at: datetime) -> bool:
    """Send a letter and return True; in proof mode, write it to a file instead and return False.

    Raises LetterRefused for an address that is none or that the server does not take, VendorIll (or another
    TransientFailure) when it may be tried again. A connection that breaks after the letter was handed over (after
    DATA) counts as ill, too: the server may have taken it, and it is then sent twice, under one Message-ID, by which
    servers and mail programs know it again. Letters may come twice sooner than not at all; whoever cannot have that
    must not send again after VendorIll.
    """
    message = _message(letter)
    if is_proof_mode():
        write_proof(kind="email", key=f"{letter.key}.eml", content=message.message().as_bytes(), at=at)
        return False
    _deliver(message)
    return True


def _message(letter: Letter) -> EmailMultiAlternatives:
    try:
        validate_email(letter.to)  # one address: no list, no name before it, no line break
    except ValidationError as refusal:
        raise LetterRefused(f"{letter.to!r} is no e-mail address.") from refusal
    if any(not character.isprintable() for character in letter.subject):
        raise LetterRefused("A subject is one line.")
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        headers={
            "Message-ID": f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(letter.html, "text/html")
    return message


@outside("email", deadline=DEADLINE)
def _deliver(message: EmailMultiAlternatives) -> None:
    connection = message.get_connection()
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        _judge(*next(iter(refusal.recipients.values())))
    except smtplib.SMTPAuthenticationError as refusal:  # ours to mend, and the letter can wait for that
        raise VendorIll("The mail server does not take our password.") from refusal
    except smtplib.SMTPResponseException as refusal:
        _judge(refusal.smtp_code, refusal.smtp_error)
    except OSError as error:  # no connection, or it broke; smtplib's others are of this kind
        raise VendorIll(f"The mail server: {error}") from error
    finally:
        with suppress(OSError):  # Django leaves it open where the log-in failed
            connection.close()


def _judge(code: int, words: bytes | str) -> None:
    said = f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
    if 500 <= code < 600:
        raise LetterRefused(f"The mail server refused the letter: {said}")
    raise VendorIll(f"The mail server asks for another time: {said}")
