"""Proving the books …"""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.billing import tasks
from apps.billing.models import BookProof, Invoice, NumberSeries
from apps.billing.queries import BREACHES, measure_books
from apps.billing.services.proofs import prove_books
from apps.billing.tests.conftest import browser_of
from apps.billing.tests.factories import AT, an_invoice, an_overdue_invoice, pay
from apps.identity.models import Client
from apps.shared.desk import list_of, page_of
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db

WRONG = "an invoice is paid by other than what was put to it"


def break_a_sum(invoice: Invoice) -> None:
    """Change what is paid of an invoice past the triggers, as whoever has the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE billing_invoice DISABLE TRIGGER USER")
        cursor.execute("UPDATE billing_invoice SET paid = paid - 1 WHERE id = %s", [invoice.pk])
        cursor.execute("ALTER TABLE billing_invoice ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def broken(acme: Client) -> Invoice:
    """An invoice that says less than was put to it."""
    invoice = an_invoice(acme)
    pay(invoice, 23)
    break_a_sum(invoice)
    return invoice


def command(**options: Any) -> tuple[str, int]:
    """Return what the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command("prove_books", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


def test_keeps_what_was_checked_and_that_nothing_was_found(acme: Client) -> None:
    pay(an_invoice(acme), 23)
    proof = prove_books(at=AT)
    assert (proof.proved_at, proof.breach_count, proof.breaches) == (AT, 0, [])
    assert [each["check"] for each in proof.checks] == list(BREACHES)
    assert proof.rows["invoices"] == proof.rows["payments"] == proof.rows["allocations"] == 1
    assert proof.told == f"{len(BREACHES)} checks, 0 breaches"


def test_names_the_rows_that_break_the_books(broken: Invoice) -> None:
    proof = prove_books(at=AT)
    assert proof.breaches == [{"check": WRONG, "subject": str(broken.pk), "detail": broken.number}]
    assert {each["check"] for each in proof.checks if each["breaches"]} == {WRONG}
    assert proof.told.endswith("1 breach")


def test_names_a_thousand_rows_at_most_and_counts_all(broken: Invoice, monkeypatch: pytest.MonkeyPatch) -> None:
    further = an_invoice(broken.client)
    pay(further, 23)
    break_a_sum(further)
    monkeypatch.setattr(BookProof, "MOST_NAMED", 1)
    proof = prove_books(at=AT)
    assert (proof.breach_count, len(proof.breaches)) == (2, 1)
    assert "  and 1 more" in command()[0]


def test_tells_of_it_with_an_event_and_an_audit_entry(broken: Invoice, told: list[tuple[Event, AuditNote]]) -> None:
    proof = prove_books(at=AT)
    ((event, note),) = told
    assert (event.name, event.aggregate_id, event.breach_count) == ("BooksChecked", proof.pk, 1)
    assert note.after == {"check_count": len(BREACHES), "breach_count": 1}


def test_is_never_changed_or_deleted() -> None:
    prove_books(at=AT)
    for change in (lambda: BookProof.objects.update(breach_count=1), BookProof.objects.all().delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_cannot_count_breaches_without_naming_any() -> None:
    with pytest.raises(IntegrityError, match="bookproof_names_what_it_counts"), transaction.atomic():
        BookProof.objects.create(proved_at=AT, rows={}, checks=[], breach_count=1)


def test_is_what_beat_asks_for_every_night() -> None:
    tasks.prove_books()
    assert BookProof.objects.get().breach_count == 0


# --- from a shell ---


def test_exits_0_and_prints_what_was_read(acme: Client) -> None:
    an_invoice(acme)
    printed, code = command()
    assert code == 0
    assert "1 invoices, 1 invoice lines, 0 payments" in printed
    assert printed.endswith(f"{len(BREACHES)} checks, 0 breaches\n")


def test_exits_1_and_prints_the_rows_that_break_the_books(broken: Invoice) -> None:
    printed, code = command()
    assert code == 1
    assert f"  {WRONG}: {broken.pk} {broken.number}" in printed


def test_prints_one_json_object_for_machines(broken: Invoice) -> None:
    printed, code = command(json=True)
    found = json.loads(printed)
    assert code == 1
    assert set(found) == {"id", "proved_at", "rows", "checks", "breach_count", "breaches"}
    assert found["breaches"] == [{"check": WRONG, "subject": str(broken.pk), "detail": broken.number}]


# --- at the desk ---


@pytest.fixture
def home(finance: Browser) -> Callable[[], str]:
    """Return the words of the desk's first page."""
    return lambda: " ".join(finance.get(reverse("admin:index")).content.decode().split())


def test_is_on_the_first_page_of_finance(home: Callable[[], str], acme: Client) -> None:
    assert "last-proof" not in home()
    an_invoice(acme)
    assert "The books were not proved yet" in home()
    proof = prove_books(at=timezone.now())
    page = home()
    assert f"Books proved today {proof.proved_at:%H:%M}: {len(BREACHES)} checks, 0 breaches" in page
    assert page_of(proof) in page
    assert "desk-error" not in page


def test_is_red_on_the_first_page_when_the_books_are_broken(home: Callable[[], str], broken: Invoice) -> None:
    proof = prove_books(at=timezone.now())
    assert f'<span class="desk-error"><a class="desk-link" href="{page_of(proof)}">Books broken today' in home()


def test_is_red_on_the_first_page_after_two_days(home: Callable[[], str]) -> None:
    prove_books(at=timezone.now() - timedelta(days=1, hours=23))
    assert "No proof for two days" not in home()
    prove_books(at=timezone.now() - timedelta(days=2, hours=1))
    assert '<span class="desk-error">No proof for two days' in home()


def test_is_not_told_to_those_who_do_not_see_to_the_books() -> None:
    prove_books(at=timezone.now())
    for role in ("Account manager", "Producer"):
        assert "Books proved" not in browser_of(role).get(reverse("admin:index")).content.decode()


def test_is_listed_and_narrowed_to_the_broken_ones(
    finance: Browser, acme: Client, django_assert_max_num_queries: Any
) -> None:
    whole = prove_books(at=AT)
    invoice = an_invoice(acme)
    pay(invoice, 23)
    break_a_sum(invoice)
    bad = prove_books(at=AT)
    with django_assert_max_num_queries(12):
        found = finance.get(list_of(BookProof)).context["cl"].result_list
        assert list(found) == [bad, whole]
    assert list(finance.get(list_of(BookProof, books="broken")).context["cl"].result_list) == [bad]
    assert list(finance.get(list_of(BookProof, books="proved")).context["cl"].result_list) == [whole]


def test_has_a_page_that_leads_to_the_rows(finance: Browser, broken: Invoice) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_numberseries DISABLE TRIGGER USER")
        cursor.execute("UPDATE billing_numberseries SET last = 7")
    page = finance.get(page_of(prove_books(at=AT))).content.decode()
    assert f'<td><a class="desk-link" href="{page_of(broken)}">{broken.number}</a></td>' in page
    assert "<td>INVOICE</td><td>2026</td>" in page
    assert "an invoice&#x27;s sums are not those of its lines" in page


def test_is_hidden_from_who_is_limited_to_their_own_clients(settings: Any) -> None:
    proof = prove_books(at=AT)
    manager = browser_of("Account manager")
    assert manager.get(page_of(proof)).status_code == 200
    settings.OWN_CLIENTS_ONLY = True
    for address in (page_of(proof), list_of(BookProof)):
        assert manager.get(address).status_code == 403


# --- in numbers ---


def measured() -> dict[str, list[float]]:
    return {each.name: [sample.value for sample in each.samples] for each in measure_books(timezone.now())}


def test_is_measured_by_what_it_found_and_its_age(broken: Invoice) -> None:
    prove_books(at=timezone.now() - timedelta(days=1))
    found = measured()
    assert found["aicmo_book_breaches"] == [1]
    assert found["aicmo_books_unproved_seconds"] == [pytest.approx(86400, abs=60)]


def test_is_missed_since_the_first_number_where_none_was_ever_made(acme: Client) -> None:
    assert measured() == {"aicmo_book_breaches": [], "aicmo_books_unproved_seconds": []}
    an_overdue_invoice(acme)
    first = NumberSeries.objects.get().created_at
    age = (timezone.now() - first).total_seconds()
    assert measured()["aicmo_books_unproved_seconds"] == [pytest.approx(age, abs=60)]
