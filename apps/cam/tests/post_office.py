"""A mail server on loopback that takes mails, or does to a recipient what it was told to."""

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "nora", "p@ss"


class _Smtp(SMTP):
    """Breaks off where the post office wants it to."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        office: PostOffice = self.event_handler
        fate = office.fate_of(self.envelope)
        if fate == "drop-before-data":
            self.transport.abort()
        elif fate.startswith("NO-DATA "):
            await self.push(fate.removeprefix("NO-DATA "))
        elif fate == "drop-mid-data":
            await self.push("354 Go on")
            await self._reader.readline()
            self.transport.abort()
        elif fate == "hang-mid-data":
            await self.push("354 Go on")
            await asyncio.sleep(60)
        else:
            await super().smtp_DATA(arg)


class PostOffice:
    """What the mail server took (`mails`), whole bytes too (`raw`), and what it does to whom (`fates`).

    A fate is an answer at a stage (`RCPT 550 5.1.1 No such user`; `NO-DATA` before the mail, `DATA` after its dot), or
    `drop-before-data`, `drop-mid-data`, `hang-mid-data`, `drop-after-dot` (with the mail taken or not),
    `hang-after-dot`, `babble`.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.fates: dict[str, str] = {}
        self.connections = 0
        self.port = 0
        self.password = PASSWORD

    @property
    def url(self) -> str:
        return f"smtp://{USER}:p%40ss@127.0.0.1:{self.port}"

    def fate_of(self, envelope: Envelope) -> str:
        return self.fates.get(envelope.rcpt_tos[0], self.fates.get("*", "")) if envelope.rcpt_tos else ""

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if answer := self._answer("MAIL", self.fates.get("*", "")):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if answer := self._answer("RCPT", self.fates.get(address, self.fates.get("*", ""))):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fate = self.fate_of(envelope)
        if answer := self._answer("DATA", fate):
            return answer
        self._take(envelope)
        if fate == "drop-after-dot":
            server.transport.abort()
        if fate == "hang-after-dot":
            await asyncio.sleep(60)
        if fate == "babble":
            return "999 What?"
        return "250 2.0.0 OK"

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    def _take(self, envelope: Envelope) -> None:
        self.recipients += envelope.rcpt_tos
        self.raw.append(envelope.content)
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))

    @staticmethod
    def _answer(stage: str, fate: str) -> str:
        at, _, answer = fate.partition(" ")
        return answer if at == stage else ""


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)


def counter_of(office: PostOffice, **options: Any) -> Controller:
    """Return what listens for a post office and asks for a password; it opens with `start` and shuts with `stop`."""
    if not office.port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            office.port = free.getsockname()[1]
    wishes = {"auth_require_tls": False} | options
    return _Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        authenticator=lambda server, session, envelope, mechanism, data: AuthResult(
            success=(data.login, data.password) == (USER.encode(), office.password.encode()), handled=False
        ),
        **wishes,
    )


@contextmanager
def open_post_office(**options: Any) -> Iterator[PostOffice]:
    """Open a mail server, and close it in the end."""
    office = PostOffice()
    controller = counter_of(office, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
