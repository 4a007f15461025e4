"""find_bounce …"""

from pathlib import Path

import pytest

from apps.cam.rules.bounces import find_bounce
from apps.cam.rules.classify import classify
from apps.cam.rules.mails import read_whatever
from apps.cam.tests.labelled import DATA

FILES = sorted((DATA / "bounces").glob("*.eml"))
NAMELESS = {"soft-groupwise"}


def bounces(kind: str) -> list[Path]:
    return [file for file in FILES if file.name.startswith(kind)]


@pytest.mark.parametrize("file", bounces("hard") + bounces("soft"), ids=lambda file: file.stem)
def test_knows_the_bounces_of_many_mail_systems_hard_from_soft_and_whom_they_are_about(file: Path) -> None:
    found = find_bounce(read_whatever(file.read_bytes()))
    assert found is not None
    assert found.is_hard == file.name.startswith("hard")
    assert found.recipient == ("" if file.stem in NAMELESS else "kate@clinic.example")
    assert found.because


@pytest.mark.parametrize("file", bounces("none"), ids=lambda file: file.stem)
def test_takes_for_no_bounce_what_was_delivered_or_a_person_wrote(file: Path) -> None:
    assert find_bounce(read_whatever(file.read_bytes())) is None


def test_is_told_from_a_complaint_which_is_an_opt_out() -> None:
    found = classify(read_whatever((DATA / "bounces/complaint.eml").read_bytes()))
    assert (found.kind, found.bounce, found.because) == ("UNSUBSCRIBE", None, ("a complaint: abuse",))


def notice(words: str, status: str = "") -> bytes:
    report = f"Final-Recipient: rfc822; kate@clinic.example\nAction: failed\n{status}Diagnostic-Code: smtp; {words}\n"
    return (
        f"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nYour mail was not delivered.\n\n{report}".encode()
    )


@pytest.mark.parametrize(
    ("words", "is_hard"),
    [
        ("550 5.1.1 no such user", True),
        ("550 5.1.2 bad destination system", True),
        ("553 sorry, that domain does not exist", True),
        ("551 5.1.6 she has moved", True),
        ("550 unknown recipient", True),
        ("550 5.0.0 something else", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.1.1 user is over quota", False),
        ("450 4.7.1 greylisted, try again later", False),
        ("421 4.3.2 shutting down", False),
        ("450 4.1.1 unknown user", False),
        ("554 5.7.1 spam message rejected", False),
        ("550 5.7.26 not authenticated, SPF failed", False),
        ("554 5.7.1 listed at a blocklist", False),
        ("552 5.3.4 message too large", False),
        ("550 5.7.1 relaying denied", False),
        ("550 5.4.6 mail loop detected", False),
        ("550 5.2.1 account suspended", False),
        ("550 sender address rejected", False),
    ],
)
def test_tells_a_dead_address_from_what_says_nothing_of_it(words: str, is_hard: bool) -> None:
    found = find_bounce(read_whatever(notice(words)))
    assert found is not None
    assert found.is_hard == is_hard


@pytest.mark.parametrize(
    "words",
    [
        "Your last mail bounced, I only found it in my spam folder.",
        "Delivery of the brochure failed.",
        "550 patients a month is what we see.",
    ],
)
@pytest.mark.parametrize(
    "subject", ["Re: Undelivered Mail Returned to Sender", "Delivery problem", "Re: more patients"]
)
def test_takes_no_persons_words_about_deliveries_for_one(subject: str, words: str) -> None:
    mail = f"From: Kate <mail@clinic.example>\nSubject: {subject}\n\n{words}"
    assert find_bounce(read_whatever(mail.encode())) is None


@pytest.mark.parametrize(("kind", "is_hard"), [("Permanent", True), ("Transient", False)])
def test_reads_notifications_of_amazon_ses(kind: str, is_hard: bool) -> None:
    words = f'{{"bounce":{{"bounceType":"{kind}","bouncedRecipients":[{{"emailAddress":"kate@clinic.example"}}]}}}}'
    found = find_bounce(read_whatever(f"From: no-reply@sns.example\n\n{words}".encode()))
    assert found is not None
    assert (found.is_hard, found.recipient) == (is_hard, "kate@clinic.example")


def test_is_about_who_failed_for_good_before_who_is_only_late() -> None:
    late = "Final-Recipient: rfc822; late@clinic.example\nAction: delayed\nStatus: 4.4.1\n\n"
    failed = "Final-Recipient: rfc822; kate@clinic.example\nAction: failed\nStatus: 5.1.1\n"
    found = find_bounce(read_whatever(f"From: MAILER-DAEMON@mx.example\n\nNot delivered.\n\n{late}{failed}".encode()))
    assert found is not None
    assert (found.is_hard, found.recipient) == (True, "kate@clinic.example")


def test_names_the_address_that_failed_though_it_is_the_one_that_is_told() -> None:
    report = "Final-Recipient: rfc822; us@agency.example\nAction: failed\nStatus: 5.1.1\n"
    found = find_bounce(read_whatever(f"From: MAILER-DAEMON@mx.example\nTo: us@agency.example\n\n{report}".encode()))
    assert found is not None
    assert found.recipient == "us@agency.example"


def test_names_the_address_that_we_wrote_to_where_the_mail_was_passed_on() -> None:
    found = find_bounce(read_whatever((DATA / "bounces/hard-zimbra-alias.eml").read_bytes()))
    assert found is not None
    assert found.recipient == "kate@clinic.example"
