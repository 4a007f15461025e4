"""Our side of the talk with a mail server, so thin that it is known at every moment where the talk stands.

What matters is one byte: until the dot that ends a mail has been sent, a server that dies surely has no mail
(RFC 5321, 4.1.1.4); from then on, and until its answer, nobody can tell.
"""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from apps.cam.gateways.letters import Letter
from apps.shared.gateways.proof import is_proof_mode
from apps.shared.gateways.servers import MailServer
from apps.shared.resilience import TookTooLong, VendorIll, fault_point, outside
from apps.shared.workflow import RetryPolicy

CONNECT_SECONDS, COMMAND_SECONDS, DATA_SECONDS, ANSWER_SECONDS = 10.0, 15.0, 30.0, 35.0
"""How long each stage may take; together less than a mailbox is held (`services.mailboxes.HELD_SECONDS`)."""
OPEN_DEADLINE, SEND_DEADLINE = 25.0, 45.0
ONCE = RetryPolicy(attempts=1)
"""A mail is not tried again here: whether that is harmless, only the row's state tells."""

Outcome = Literal["TAKEN", "REFUSED", "LATER", "UNKNOWN"]


class ServerUnknown(ValueError):
    """Nobody has said where a mailbox's server is, or not in a way that can be read; the words name the variable."""


class LineRefused(VendorIll):
    """The mail server does not talk to us; the words say why."""


@dataclass(frozen=True)
class Answer:
    """What became of a mail, and at which stage: MAIL, RCPT, DATA, END, or before any of them CONNECT.

    TAKEN: the server has it. REFUSED: it does not want it, today or tomorrow. LATER: surely not taken. UNKNOWN: the
    line was lost when nobody could tell.
    """

    outcome: Outcome
    stage: str
    code: int = 0
    words: str = ""

    @property
    def said(self) -> str:
        """The answer in one line."""
        return f"{self.code} {self.words}".strip()[:2000] if self.code else self.words[:2000]


class _Broken(VendorIll):
    """The line broke in the middle of a mail."""


def server_of(key: str) -> MailServer:
    """Return the server that a mailbox writes by. Raises ServerUnknown, naming the variable to set."""
    variable = f"AICMO_MAILBOX_{key}_SMTP_URL"
    url = settings.MAILBOX_URLS.get(variable)
    if not url:
        raise ServerUnknown(f"{variable} is not set: it says where this mailbox's mail server is.")
    try:
        return MailServer.of(url, variable)
    except ValueError as error:
        raise ServerUnknown(f"{error}.") from error


class Line:
    """A connection to one mailbox's server, opened when it is first needed and used for many mails."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._smtp: smtplib.SMTP | None = None
        self._stage = "CONNECT"
        self._may_be_taken = False

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._smtp is not None

    def be_ready(self) -> None:
        """Have a connection that answers. Raises ServerUnknown, VendorIll (of it LineRefused and BreakerOpen)."""
        server = server_of(self.key)
        if self._smtp is not None:
            with suppress(OSError):
                self._limit(COMMAND_SECONDS)
                if self._smtp.rset()[0] == 250:
                    return
            self.hang_up()
        outside(f"smtp-{self.key.lower()}", deadline=OPEN_DEADLINE, retry=ONCE)(self._open)(server)

    def carry(self, letter: Letter) -> Answer:
        """Give a mail to the server and return what became of it. Never raises for what a server or a line does."""
        self._stage, self._may_be_taken = "CONNECT", False
        try:
            return outside(f"smtp-{self.key.lower()}", deadline=SEND_DEADLINE, retry=ONCE)(self._carry)(letter)
        except (VendorIll, TookTooLong) as failure:
            self.hang_up()
            return Answer("UNKNOWN" if self._may_be_taken else "LATER", self._stage, 0, str(failure))

    def close(self) -> None:
        """Say goodbye."""
        if self._smtp is not None:
            with suppress(OSError):
                self._limit(2.0)
                self._smtp.quit()
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection without a word."""
        if self._smtp is not None:
            with suppress(OSError):
                self._smtp.close()
        self._smtp = None

    def _open(self, server: MailServer) -> None:
        tls = ssl.create_default_context()
        try:
            if server.is_tls:
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=CONNECT_SECONDS, context=tls)
            else:
                smtp = smtplib.SMTP(server.host, server.port, timeout=CONNECT_SECONDS)
        except smtplib.SMTPResponseException as refusal:
            raise LineRefused(
                f"The mail server does not greet us: {refusal.smtp_code} {_text(refusal.smtp_error)}"
            ) from refusal
        except OSError as error:
            raise LineRefused(f"{server.host}:{server.port} cannot be reached: {error}") from error
        self._smtp = smtp
        try:
            self._greet(server, tls)
        except smtplib.SMTPAuthenticationError as refusal:
            self.hang_up()
            words = f"{refusal.smtp_code} {_text(refusal.smtp_error)}"
            raise LineRefused(f"The mail server does not take our password: {words}") from refusal
        except (OSError, ValueError) as error:  # smtplib's own are of the first kind
            self.hang_up()
            raise LineRefused(f"The mail server does not let us in: {error}") from error

    def _greet(self, server: MailServer, tls: ssl.SSLContext) -> None:
        smtp = self._known()
        self._limit(COMMAND_SECONDS)
        smtp.ehlo_or_helo_if_needed()
        if server.starts_tls:
            smtp.starttls(context=tls)
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)

    def _carry(self, letter: Letter) -> Answer:
        smtp = self._known()
        try:
            for stage, command, wanted in (
                ("MAIL", f"MAIL FROM:<{letter.sender}>", 2),
                ("RCPT", f"RCPT TO:<{letter.to}>", 2),
                ("DATA", "DATA", 3),
            ):
                self._stage = stage
                self._limit(COMMAND_SECONDS)
                code, words = smtp.docmd(command)
                if code // 100 != wanted:
                    return self._refused(code, words)
            self._limit(DATA_SECONDS)
            smtp.sock.sendall(_stuffed(letter.content))  # type: ignore[union-attr]
            fault_point("smtp-dot", letter.to)
            self._stage, self._may_be_taken = "END", True
            smtp.sock.sendall(b".\r\n")  # type: ignore[union-attr]
            self._limit(ANSWER_SECONDS)
            code, words = smtp.getreply()
        except OSError as error:
            raise _Broken(f"The line broke at {self._stage}: {error}") from error
        if code // 100 == 2:
            return Answer("TAKEN", "END", code, _text(words))
        return self._refused(code, words)

    def _refused(self, code: int, words: bytes) -> Answer:
        match code // 100:
            case 4:
                return Answer("LATER", self._stage, code, _text(words))
            case 5:
                return Answer("REFUSED", self._stage, code, _text(words))
        raise _Broken(f"The mail server said what cannot be understood: {code} {_text(words)}")

    def _known(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise _Broken("There is no connection.")
        return self._smtp

    def _limit(self, seconds: float) -> None:
        if self._smtp is not None and isinstance(self._smtp.sock, socket.socket):
            self._smtp.sock.settimeout(seconds)


def carry(line: Line, letter: Letter) -> Answer:
    """Give a mail to the server and return what became of it; in proof mode nothing leaves the house: LATER."""
    if is_proof_mode():
        return Answer("LATER", "CONNECT", 0, "Proof mode came on in this moment.")
    return line.carry(letter)


def try_login(key: str) -> None:
    """Log in to a mailbox's server and go again: no mail is touched. Raises ServerUnknown, VendorIll."""
    line = Line(key)
    try:
        line.be_ready()
    finally:
        line.close()


def _stuffed(content: bytes) -> bytes:
    """Return a mail as it stands between DATA and the dot (RFC 5321, 4.5.2): ended lines, leading dots doubled."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    lines = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _text(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join(text.replace("\0", "").split())[:1000]
