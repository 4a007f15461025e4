"""A letter …"""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.shared.gateways import proof
from apps.shared.gateways.email import Letter, LetterRefused, send_letter
from apps.shared.resilience import VendorIll
from apps.shared.tests.mailbox import Mailbox

LETTER = Letter(to="anna@acme.test", subject="Grüße, Anna", text="Hallo.", html="<p>Hallo.</p>", key="letters/1")


def test_reaches_one_person_as_text_and_as_a_page(mailbox: Mailbox) -> None:
    send_letter(LETTER, at=timezone.now())
    (letter,) = mailbox.letters
    assert mailbox.recipients == [["anna@acme.test"]]
    assert (letter["Subject"], letter["From"]) == ("Grüße, Anna", "The agency <desk@agency.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().strip() == "Hallo."
    assert letter.get_body(("html",)).get_content().strip() == "<p>Hallo.</p>"


def test_keeps_its_name_when_it_is_sent_again(mailbox: Mailbox) -> None:
    for _ in range(2):
        send_letter(LETTER, at=timezone.now())
    first, second = (letter["Message-ID"] for letter in mailbox.letters)
    assert first == second
    assert first.endswith("@agency.example>")


@pytest.mark.parametrize(
    "to",
    [
        "",
        "anna",
        "anna@acme.test, eve@evil.test",
        "anna@acme.test\nBcc: eve@evil.test",
        "anna@acme.test\r\nBcc: eve@evil.test",
        "Anna <anna@acme.test>",
        "anna@acme.test;eve@evil.test",
        "anna@acme.test\u2028eve@evil.test",
        "anna@acme\x00.test",
    ],
)
def test_goes_to_one_address_or_nowhere(mailbox: Mailbox, to: str) -> None:
    with pytest.raises(LetterRefused):
        send_letter(Letter(**{**vars(LETTER), "to": to}), at=timezone.now())
    assert mailbox.letters == []


@pytest.mark.parametrize("subject", ["Hello\nBcc: eve@evil.test", "Hello\r\n\r\nBody", "Hello\u2028x", "Hello\x00"])
def test_has_a_subject_of_one_line(mailbox: Mailbox, subject: str) -> None:
    with pytest.raises(LetterRefused):
        send_letter(Letter(**{**vars(LETTER), "subject": subject}), at=timezone.now())
    assert mailbox.letters == []


def test_is_refused_for_good_or_for_now_as_the_server_says(mailbox: Mailbox) -> None:
    mailbox.answers = ["550 No such person", "451 Come back later"]
    with pytest.raises(LetterRefused, match="No such person"):
        send_letter(LETTER, at=timezone.now())
    with pytest.raises(VendorIll, match="Come back later"):
        send_letter(LETTER, at=timezone.now())


def test_can_be_tried_again_where_the_server_is_away_or_does_not_take_us(mailbox: Mailbox, settings: Any) -> None:
    settings.EMAIL_HOST_PASSWORD = "wrong"
    with pytest.raises(VendorIll, match="password"):
        send_letter(LETTER, at=timezone.now())
    settings.EMAIL_PORT = 1
    with pytest.raises(VendorIll):
        send_letter(LETTER, at=timezone.now())


def test_stays_in_the_house_in_proof_mode(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.PROOF_FOLDER = tmp_path
    monkeypatch.setattr(proof, "_ask", lambda: True)
    send_letter(LETTER, at=timezone.now())
    (file,) = (path for path in proof.list_proofs(kind="email", key="letters") if path.suffix == ".eml")
    assert b"anna@acme.test" in file.read_bytes()
    assert mailbox.letters == []
