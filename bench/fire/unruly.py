"""Mail servers of the worse kind: they refuse, hang, drop the line, and take mails without ever saying so."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from apps.cam.tests.post_office import PostOffice
from bench.chaos.proxy import LoopbackServer

FATES = {
    "MAIL 421 4.3.2 Shutting down": 10,
    "MAIL 451 4.3.0 Try again": 10,
    "RCPT 451 4.7.1 Greylisted": 25,
    "RCPT 421 4.7.0 Too many connections": 10,
    "RCPT 550 5.1.1 No such user": 10,
    "hang-at-rcpt": 7,
    "NO-DATA 451 4.3.0 Try again": 10,
    "NO-DATA 421 4.3.2 Shutting down": 5,
    "drop-before-data": 15,
    "drop-mid-data": 15,
    "hang-mid-data": 8,
    "DATA 451 4.3.0 Try again": 10,
    "DATA 552 5.2.2 Too big": 5,
    "drop-untaken": 12,
    "drop-after-dot": 40,
    "hang-after-dot": 12,
    "babble": 10,
}
"""What becomes of how many mails of a thousand; the others are taken."""


@dataclass(frozen=True)
class Received:
    """A mail that came in whole: when, by the machine's clock and by the mail's own word, and whether it was told."""

    at: datetime
    said_at: datetime
    to: str
    subject: str
    message_id: str


class UnrulyPostOffice(PostOffice):
    """Does to a mail what chance says; `received` is its own record, and `pass_by` hears of every stage of each."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.did: dict[str, int] = {}
        self.is_calm = False
        self.pass_by: Callable[[str], None] = lambda stage: None
        self._chance = random.Random(f"office {seed}")

    def fate_of(self, envelope: Envelope) -> str:
        return getattr(envelope, "fate", "")

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.fate = self._draw()
        self.pass_by("MAIL")
        if answer := self._answer("MAIL", self._does(envelope, "MAIL ")):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        self.pass_by("RCPT")
        if answer := self._answer("RCPT", self.fates.get(address, "") or self._does(envelope, "RCPT ")):
            return answer
        if self._does(envelope, "hang-at-rcpt"):
            await asyncio.sleep(60)
        envelope.rcpt_tos.append(address)
        for rest in ("NO-DATA", "drop-before-data", "drop-mid-data", "hang-mid-data"):
            self._does(envelope, rest)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.pass_by("DOT")
        if answer := self._answer("DATA", self._does(envelope, "DATA ")):
            return answer
        if self._does(envelope, "drop-untaken"):
            server.transport.abort()
            return "250 never heard"
        self._take(envelope)
        self.pass_by("TAKEN")
        if self._does(envelope, "drop-after-dot"):
            server.transport.abort()
        if self._does(envelope, "hang-after-dot"):
            await asyncio.sleep(60)
        return "999 What?" if self._does(envelope, "babble") else "250 2.0.0 OK"

    def _draw(self) -> str:
        fates = [*FATES, ""]
        weights = [*FATES.values(), 1000 - sum(FATES.values())]
        fate = self._chance.choices(fates, weights)[0]
        return "" if self.is_calm else fate

    def _does(self, envelope: Envelope, fate: str) -> str:
        """Return a mail's fate where it is this one, and count it."""
        found = self.fate_of(envelope)
        if not found.startswith(fate):
            return ""
        self.did[found] = self.did.get(found, 0) + 1
        return found

    def _take(self, envelope: Envelope) -> None:
        now = datetime.now(UTC)
        super()._take(envelope)
        mail = self.mails[-1]
        said_at = parsedate_to_datetime(str(mail["Date"]))
        words = str(mail["Subject"]), str(mail["Message-ID"])
        self.received.append(Received(now, said_at, envelope.rcpt_tos[0], *words))


class UnrulyLine(LoopbackServer):
    """A line on loopback to the port of an IMAP server, that chance cuts somewhere, or in the middle of a mail."""

    def __init__(self, port: int, seed: int, *, cuts: float = 0.25, latest: int = 2500, in_mails: float = 0.2) -> None:
        super().__init__()
        self.target, self.cut = port, 0
        self.is_calm = False
        self._cuts, self._latest, self._in_mails = cuts, latest, in_mails
        self._chance = random.Random(f"line {seed}")

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_cut = self._chance.random() < self._cuts and not self.is_calm
        left = self._chance.randrange(self._latest) if is_cut else None
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(self._pass_on(reader, back, None), self._pass_on(there, writer, left))

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, left: int | None) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if b" BODY[]" in data and self._chance.random() < self._in_mails and not self.is_calm:
                    left = len(data) // 2
                if left is not None and len(data) > left:
                    sink.write(data[:left])
                    await sink.drain()
                    self.cut += 1
                    break
                left = None if left is None else left - len(data)
                sink.write(data)
                await sink.drain()
        sink.close()
