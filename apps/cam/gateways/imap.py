"""The folder that a mailbox's replies come into, read by UID (RFC 9051) and left as it is: nothing is marked as seen.

A UID names a message as long as the folder's UIDVALIDITY stays the same. Large mails are read by their beginnings:
what a person wrote stands there, and what a mail system reports, too.
"""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from apps.shared.resilience import VendorIll, outside
from apps.shared.workflow import RetryPolicy

TIMEOUT = 20.0
OPEN_DEADLINE = 45.0
READ_DEADLINE = 60.0
MOST_READ = 1_000_000
"""Bytes of one mail: a report with the mail it is about, or a reply with its pictures cut off."""
ONCE = RetryPolicy(attempts=1)
"""The next cycle tries again."""

P = ParamSpec("P")
R = TypeVar("R")
_PORTS = {"imap": 143, "imaps": 993}
_BROKEN = (OSError, imaplib.IMAP4.error, ImapToolsError)


class FolderUnknown(ValueError):
    """Nobody has said where a mailbox's replies come in, or not so that it can be read; the words name the variable."""


@dataclass(frozen=True)
class Fetched:
    """A mail as it lies in the folder, or how it begins."""

    uid: int
    content: bytes


@dataclass(frozen=True)
class _Place:
    host: str
    port: int
    user: str
    password: str
    folder: str
    is_tls: bool
    starts_tls: bool


class Folder:
    """An open folder: `uid_validity` says whether UIDs that one remembers still mean what they did."""

    def __init__(self, mailbox: BaseMailBox, uid_validity: int, key: str) -> None:
        self.uid_validity = uid_validity
        self._mailbox = mailbox
        self._key = key

    def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs greater than one, in their order. Raises VendorIll."""
        return _talk(self._key, READ_DEADLINE)(self._uids_after)(uid)

    def fetch(self, uid: int) -> Fetched | None:
        """Return a mail, None where somebody has removed it meanwhile. Raises VendorIll."""
        return _talk(self._key, READ_DEADLINE)(self._fetch)(uid)

    def _uids_after(self, uid: int) -> list[int]:
        with _as_vendor():
            found = self._mailbox.uids(f"UID {uid + 1}:*")
        return sorted(each for each in map(int, found) if each > uid)  # "n:*" holds the last one even if it is below n

    def _fetch(self, uid: int) -> Fetched | None:
        with _as_vendor():
            status, answers = self._mailbox.client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MOST_READ}>)")
        if status != "OK":
            raise VendorIll(f"The mail server of the replies does not give mail {uid} now: {_said(answers)}")
        for answer, behind in pairwise([*answers, None]):
            if isinstance(answer, tuple):
                told = answer[0] + (behind if isinstance(behind, bytes) else b"")  # some tell the UID behind the mail
                if not re.search(rb"\bUID %d\b" % uid, told):
                    raise VendorIll(f"The mail server of the replies gave another mail than {uid}.")
                return Fetched(uid, answer[1])
        return None


@contextmanager
def open_folder(key: str) -> Iterator[Folder]:
    """Open the folder of a mailbox's replies. Raises FolderUnknown, and VendorIll where its server does not let us."""
    place = _place_of(key)
    mailbox, uid_validity = _talk(key, OPEN_DEADLINE)(_open)(place)
    try:
        yield Folder(mailbox, uid_validity, key)
    finally:
        with suppress(*_BROKEN):  # it is over either way
            mailbox.logout()


def is_configured(key: str) -> bool:
    """Tell whether anybody has said where a mailbox's replies come in."""
    return bool(settings.MAILBOX_URLS.get(_variable(key)))


def _talk(key: str, deadline: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    return outside(f"imap-{key.lower()}", deadline=deadline, retry=ONCE)


def _open(place: _Place) -> tuple[BaseMailBox, int]:
    with _as_vendor(), ExitStack() as on_failure:
        mailbox = _connected(place)
        on_failure.callback(mailbox.client.shutdown)
        mailbox.login(place.user, place.password, initial_folder=None)
        mailbox.folder.set(place.folder, readonly=True)
        answer = mailbox.client.response("UIDVALIDITY")[1]
        if not answer or answer[0] is None:
            raise VendorIll("The mail server does not say the folder's UIDVALIDITY.")
        on_failure.pop_all()
    return mailbox, int(answer[0])


def _connected(place: _Place) -> BaseMailBox:
    if not (place.is_tls or place.starts_tls):
        return MailBoxUnencrypted(place.host, place.port, timeout=TIMEOUT)
    kind = MailBox if place.is_tls else MailBoxStartTls
    return kind(place.host, place.port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())


@contextmanager
def _as_vendor() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise VendorIll(f"The mail server of the replies: {' '.join(str(error).split())[:300]}") from error


def _said(answers: list[Any]) -> str:
    return b" ".join(each for each in answers if isinstance(each, bytes)).decode(errors="replace")[:300]


def _variable(key: str) -> str:
    return f"AICMO_MAILBOX_{key}_IMAP_URL"


def _place_of(key: str) -> _Place:
    variable = _variable(key)
    wrong = f"{variable} is imaps://user:password@host:993/INBOX, or imap://user:password@host:143/INBOX?tls=1."
    url = settings.MAILBOX_URLS.get(variable)
    if not url:
        raise FolderUnknown(f"{variable} is not set: it says where the replies to this mailbox come in.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FolderUnknown(wrong) from None
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username or parts.query not in ("", "tls=1"):
        raise FolderUnknown(wrong)
    return _Place(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_tls=parts.scheme == "imaps",
        starts_tls=parts.query == "tls=1",
    )
