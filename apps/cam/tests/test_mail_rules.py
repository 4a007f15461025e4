"""The rules of sending …"""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.cam.rules.caps import Used, cool_until, day_cap, why_full
from apps.cam.rules.lawful import CONSENT, RULES, CountryRule, why_not_lawful
from apps.cam.rules.recipients import why_not_written_to
from apps.cam.rules.refusals import means_no_mailbox
from apps.cam.rules.wording import why_not_said

FIRST = date(2026, 3, 2)


@pytest.mark.parametrize(("days", "cap"), [(-1, 0), (0, 5), (1, 10), (2, 15), (3, 20), (4, 20), (400, 20)])
def test_let_a_mailbox_warm_up(days: int, cap: int) -> None:
    assert day_cap(20, FIRST, 5, 5, FIRST + timedelta(days=days)) == cap


def test_let_a_warm_mailbox_send_all_it_may() -> None:
    assert day_cap(20, None, 5, 5, FIRST) == 20


@pytest.mark.parametrize(
    ("today", "hour", "full"), [(9, 2, False), (10, 2, True), (11, 2, True), (9, 3, True), (0, 0, False)]
)
def test_end_at_the_cap_and_not_one_later(today: int, hour: int, full: bool) -> None:
    assert bool(why_full("It", Used(today, hour), a_day=10, an_hour=3)) is full


def test_leave_a_person_alone_after_a_mail() -> None:
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert cool_until(at, 24) == at + timedelta(days=1)
    assert cool_until(None, 24) is None


@pytest.mark.parametrize("country", RULES)
def test_name_the_law_of_every_country(country: str) -> None:
    rule = RULES[country]
    assert len(country) == 2
    assert rule.source
    assert bool(why_not_lawful(country, "clinic.example", ())) is (rule.needs == CONSENT)
    assert why_not_lawful(country, "clinic.example", {"CONSENT"}) == ""
    assert why_not_lawful(country, "clinic.example", {"CONSENT"}, has_withdrawn=True)


def test_can_be_changed_without_a_line_of_code() -> None:
    assert why_not_lawful("IE", "x.example", (), rules={"IE": CountryRule(CONSENT, "A new law")}).endswith(
        "(A new law)."
    )


@pytest.mark.parametrize(
    "address",
    [
        *("info@x.example", "INFO+a@x.example", "no-reply@x.example", "postmaster@x.example", "sales@x.example"),
        *("spamtrap@x.example", "honey-pot@x.example", "a-trap@x.example", "mia.nospam@x.example"),
        *("0123456789abcdef0123456789abcdef@x.example", "mía@x.example"),
    ],
)
def test_know_addresses_that_nobody_is_written_to_at(address: str) -> None:
    assert why_not_written_to(address)


@pytest.mark.parametrize(
    "address",
    ["mia@x.example", "informatica@x.example", "mia.info@x.example", "trapp@x.example", "o'brien+x@x.example"],
)
def test_take_a_person_for_a_person(address: str) -> None:
    assert why_not_written_to(address) == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.1.1 The email account that you tried to reach does not exist"),
        (550, "5.1.10 RecipientNotFound"),
        (550, "5.2.1 The mailbox is disabled"),
        (550, "No such user here"),
        (553, "Invalid recipient"),
        (550, "user unknown"),
    ],
)
def test_take_a_missing_mailbox_for_that(code: int, words: str) -> None:
    assert means_no_mailbox(code, words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.7.1 Message rejected as spam"),
        (550, "5.7.26 Unauthenticated email is not accepted"),
        (554, "5.7.1 Relay access denied"),
        (550, "Rejected: listed at blocklist.example"),
        (552, "5.2.2 Mailbox full"),
        (550, "Denied by policy: recipient unknown"),
        (554, "Transaction failed"),
        (530, "Authentication required"),
    ],
)
def test_blame_no_mailbox_for_a_refusal_of_our_mail(code: int, words: str) -> None:
    assert not means_no_mailbox(code, words)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "x"),
        ("x", " "),
        ("x\nBcc: y", "x"),
        ("x", "Dear [name]"),
        ("x", "TODO"),
        ("{{ a }}", "x"),
        ("x", "<company>"),
    ],
)
def test_let_no_unfinished_words_out(subject: str, text: str) -> None:
    assert why_not_said(subject, text)


def test_let_finished_words_out() -> None:
    assert why_not_said("More patients?", "Hello Mia,\n\n2 < 3.\n\nSee https://agency.example/a_b") == ""
