"""Scanning a file for viruses …"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.onboarding import services
from apps.onboarding.gateways import scanner
from apps.onboarding.models import DraftAttachment, IntakeAttachment
from apps.onboarding.rules import AttachmentRefused
from apps.onboarding.rules.attachments import ScannerAway
from apps.onboarding.tests.factories import IntakeFactory

pytestmark = pytest.mark.django_db

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN = b"Some words. " * 20_000


class Clamd:
    """A server that speaks clamd's protocol, and finds what clamd finds in the file that everybody tests with."""

    def __init__(self, family: int, address: Any) -> None:
        self.socket = socket.socket(family)
        self.socket.bind(address)
        self.socket.listen()
        self.heard: list[bytes] = []
        self.reply: bytes | None = None
        self.is_slow = False
        self.most = 1_000_000
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        with suppress(OSError):  # it was stopped already
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            with caller:
                self._answer(caller)

    def _answer(self, caller: socket.socket) -> None:
        file = caller.makefile("rb")
        assert file.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", file.read(4))[0]:
            content += file.read(size)
            if len(content) > self.most:
                caller.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.heard.append(content)
        if self.is_slow:
            caller.recv(1)  # until the other side has had enough
        elif self.reply is not None:
            caller.sendall(self.reply)
        else:
            caller.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    if request.param == "tcp":
        server = Clamd(socket.AF_INET, ("127.0.0.1", 0))
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.socket.getsockname()[1]}"
    else:
        server = Clamd(socket.AF_UNIX, str(tmp_path / "clamd"))
        settings.CLAMD_URL = f"unix://{tmp_path}/clamd"
    yield server
    server.stop()


def attach(content: bytes) -> IntakeAttachment:
    return services.attach_file(IntakeFactory().pk, name="notes.txt", content=content)


def nothing_kept(media: Path) -> bool:
    return not IntakeAttachment.objects.exists() and not [file for file in media.rglob("*") if file.is_file()]


def test_keeps_a_clean_file_that_the_scanner_saw_whole(clamd: Clamd, media: Path) -> None:
    assert attach(CLEAN).bytes == len(CLEAN)
    assert clamd.heard == [CLEAN]


def test_refuses_a_virus_by_its_name(clamd: Clamd, media: Path) -> None:
    with pytest.raises(AttachmentRefused, match=r"notes.txt holds a virus \(Eicar-Test-Signature\)") as refusal:
        attach(EICAR)
    assert not isinstance(refusal.value, ScannerAway)
    assert nothing_kept(media)


def _goes_down(clamd: Clamd) -> None:
    clamd.stop()


def _is_slow(clamd: Clamd) -> None:
    clamd.is_slow = True


def _limits(clamd: Clamd) -> None:
    clamd.most = 1000


def _says(reply: bytes) -> Callable[[Clamd], None]:
    def change(clamd: Clamd) -> None:
        clamd.reply = reply

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_goes_down, id="down"),
        pytest.param(_is_slow, id="slow"),
        pytest.param(_limits, id="size limit"),
        pytest.param(_says(b"\xff\xfe\x00\x01"), id="garbage"),
        pytest.param(_says(b"x" * 5000), id="no end"),
        pytest.param(_says(b""), id="nothing"),
        pytest.param(_says(b"stream: OK"), id="cut off"),
        pytest.param(_says(b"stream: Can't allocate memory ERROR\0"), id="error"),
    ],
)
def test_keeps_nothing_without_an_answer_to_rely_on(
    clamd: Clamd, media: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Clamd], None]
) -> None:
    monkeypatch.setattr(scanner, "DEADLINE", 0.5)
    change(clamd)
    with pytest.raises(ScannerAway, match="cannot be checked for viruses right now"):
        attach(CLEAN)
    assert nothing_kept(media)


def test_is_left_out_where_no_scanner_is_set_up_and_said(settings: Any, media: Path) -> None:
    settings.CLAMD_URL = None
    assert attach(EICAR).bytes == len(EICAR)
    assert [each.id for each in checks.run_checks(include_deployment_checks=True) if "onboarding" in each.id] == [
        "onboarding.I001"
    ]
    settings.CLAMD_URL = "tcp://localhost"
    assert not [each for each in checks.run_checks(include_deployment_checks=True) if "onboarding" in each.id]


def test_tells_a_client_to_come_back_later(acme: Client, settings: Any, media: Path) -> None:
    settings.CLAMD_URL = f"unix://{media}/nobody"
    approver = MembershipFactory(client=acme, role="APPROVER")
    portal = Portal(approver)
    refused = portal.upload(f"intakes/{portal.post('intakes', {}).json()['id']}/attachments", "a.txt", b"words")
    assert (refused.status_code, refused["Content-Type"]) == (503, "application/problem+json")
    assert "cannot be checked for viruses" in refused.json()["detail"]
    browser = Browser()
    browser.force_login(approver.user)
    draft = services.open_draft(client_id=acme.pk, answers={"tone": "calm"}, by=None).pk
    german = {"Accept-Language": "de"}
    page = browser.post(
        reverse("portal-intake-attach", args=[draft]), {"file": SimpleUploadedFile("a.txt", b"words")}, headers=german
    )
    assert (page.status_code, "nicht auf Viren geprüft" in page.content.decode()) == (503, True)
    assert not DraftAttachment.objects.exists()
