"""Asking clamd, ClamAV's server, whether a file holds a virus: INSTREAM, over TCP or a socket of this machine.

Where AICMO_CLAMD_URL names one, a file that it has not called clean is not kept: fail closed. A request waits for the
answer inside its transaction, which the database ends after half a minute; so the whole exchange has less.
"""

import logging
import re
import socket
import struct
import time
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings

from apps.onboarding.rules.attachments import AttachmentRefused, ScannerAway
from apps.shared.text import gettext_noop

log = logging.getLogger(__name__)

DEADLINE = 15.0
"""Seconds for everything; ten megabytes take clamd one or two."""
CHUNK = 64 * 1024
LONGEST_REPLY = 1024
_FOUND = re.compile(r"stream: ([\w.:()/-]{1,100}) FOUND")


def scan(name: str, content: bytes) -> None:
    """Return when the file is clean, or no scanner is set up.

    Raises AttachmentRefused for a file with a virus, ScannerAway (a kind of it) when there was no answer to rely on.
    """
    if settings.CLAMD_URL is None:
        return
    try:
        reply = _ask(settings.CLAMD_URL, content)
    except OSError as error:
        log.error("The virus scanner does not answer: %s", error)
        reply = ""
    if reply == "stream: OK":
        return
    if virus := _FOUND.fullmatch(reply):
        log.warning("A file with the virus %s was refused", virus[1])
        harmful = gettext_noop("%(name)s holds a virus (%(virus)s) and was not kept; check the machine it comes from.")
        raise AttachmentRefused(harmful, name=name, virus=virus[1])
    if reply:
        log.error("The virus scanner answers %r", reply)
    away = gettext_noop(
        "%(name)s cannot be checked for viruses right now, and was not kept; try again in some minutes."
    )
    raise ScannerAway(away, name=name)


def _ask(url: str, content: bytes) -> str:
    until = time.monotonic() + DEADLINE
    with _connected(url) as scanner:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough, and may have said why
            _send(scanner, b"zINSTREAM\0", until)
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                _send(scanner, struct.pack(">I", len(chunk)) + chunk, until)
            _send(scanner, struct.pack(">I", 0), until)
        return _reply(scanner, until)


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname, parts.port or 3310), timeout=DEADLINE)
    scanner = socket.socket(socket.AF_UNIX)
    try:
        scanner.settimeout(DEADLINE)
        scanner.connect(parts.path)
    except OSError:
        scanner.close()
        raise
    return scanner


def _send(scanner: socket.socket, part: bytes, until: float) -> None:
    scanner.settimeout(_left(until))
    scanner.sendall(part)


def _reply(scanner: socket.socket, until: float) -> str:
    """Return what it says up to the NUL that ends it; '' where it ends without one, or says more than it would."""
    said = b""
    while b"\0" not in said and len(said) < LONGEST_REPLY:
        scanner.settimeout(_left(until))
        part = scanner.recv(LONGEST_REPLY)
        if not part:
            return ""
        said += part
    whole, end, _ = said.partition(b"\0")
    return whole.decode("ascii", "replace") if end else ""


def _left(until: float) -> float:
    """Return the seconds that are left. Raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"no answer within {DEADLINE:.0f} s")
    return left
