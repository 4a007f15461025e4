"""What mail servers answer when a mail is fetched …"""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.cam.gateways.imap import Folder
from apps.shared.resilience import VendorIll


def _folder(status: str, *answers: Any) -> Folder:
    client = SimpleNamespace(uid=lambda *command: (status, list(answers)))
    return Folder(SimpleNamespace(client=client), 1, f"OF_{status}")


@pytest.mark.parametrize(
    "answers",
    [
        [(b"1 (UID 7 BODY[]<0> {5}", b"Words"), b")"],
        [(b"1 (BODY[]<0> {5}", b"Words"), b" UID 7)"],
        [b"2 (FLAGS (\\Seen))", (b"1 (FLAGS (\\Seen) BODY[]<0> {5}", b"Words"), b" UID 7)"],
    ],
)
def test_is_read_wherever_they_tell_the_uid(answers: list[Any]) -> None:
    assert _folder("OK", *answers).fetch(7).content == b"Words"


@pytest.mark.parametrize("answers", [[None], [b"2 (FLAGS (\\Seen))"]])
def test_is_nothing_where_the_mail_is_gone(answers: list[Any]) -> None:
    assert _folder("OK", *answers).fetch(7) is None


@pytest.mark.parametrize(
    ("status", "answers"),
    [("NO", [b"[INUSE] Try again later"]), ("OK", [(b"1 (UID 8 BODY[]<0> {5}", b"Words"), b")"])],
)
def test_is_no_reason_to_pass_a_mail_over(status: str, answers: list[Any]) -> None:
    with pytest.raises(VendorIll):
        _folder(status, *answers).fetch(7)
