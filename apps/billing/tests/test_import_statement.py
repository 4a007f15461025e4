"""A statement of the bank …"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.billing.models import BankLine, BankStatement, Invoice, Payment
from apps.billing.queries import get_billing_status, list_breaches
from apps.billing.rules import BillingRefused, bank
from apps.billing.services.bank import ignore_line, import_statement, match_line, propose, read_sheet
from apps.billing.tests.factories import AT, an_invoice
from apps.identity.models import Client
from apps.shared.gateways.tables import TableRefused

pytestmark = pytest.mark.django_db

HEAD = "Buchungstag;Beguenstigter/Zahlungspflichtiger;Verwendungszweck;Betrag;Waehrung"


def statement(*lines: str) -> bytes:
    return "\n".join([HEAD, *lines]).encode()


def reading(content: bytes, **other: Any) -> bank.Reading:
    columns = bank.NAMES.recognise(read_sheet(content).headers)
    said = {"columns": columns, "date_order": "DMY", "decimal_mark": ",", "currency": "EUR"} | other
    return bank.Reading(**said)


def take_in(content: bytes, *rows: int, **other: Any) -> tuple[BankStatement, bool]:
    sheet = read_sheet(content)
    confirmed = dict.fromkeys(rows, "INV-2026-0001")
    options = {"file_name": "march.csv", "confirmed": confirmed, "by": None, "at": AT}
    return import_statement(sheet, reading(content, **other), **options)


def test_books_the_confirmed_row_that_names_an_invoice_and_pays_what_is_open(acme: Client) -> None:
    invoice = an_invoice(acme)
    take_in(statement("02.03.26;Acme;Rg. inv 2026/0001, danke;123,00;EUR"), 1)
    invoice.refresh_from_db()
    assert (invoice.state, BankLine.objects.get().state) == ("PAID", "MATCHED")
    assert list_breaches() == []


def test_books_nothing_that_nobody_confirmed(acme: Client) -> None:
    an_invoice(acme)
    take_in(statement("02.03.26;Acme;INV-2026-0001;123,00;EUR"))
    assert (BankLine.objects.get().state, Payment.objects.count()) == ("UNMATCHED", 0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("02.03.26;Acme;INV-2026-0001;122,99;EUR", "123.00 EUR is open"),
        ("02.03.26;Acme;INV-2026-0001;123,00;USD", "is in EUR"),
        ("02.03.26;Acme;INV-2026-0002;123,00;EUR", "no invoice INV-2026-0002"),
        ("02.03.26;Acme;thanks;123,00;EUR", "names no invoice"),
        ("02.03.26;Acme;INV-2026-0001 INV-2026-0002;123,00;EUR", "several"),
        ("02.03.26;Acme;INV-2026-0001;-123,00;EUR", "went out"),
    ],
)
def test_leaves_to_a_person_what_is_not_clear(acme: Client, line: str, why: str) -> None:
    an_invoice(acme)
    content = statement(line)
    (proposed,), _ = propose(read_sheet(content), reading(content), at=AT)
    assert (proposed.number, why in proposed.why) == ("", True)
    take_in(content, 1)
    assert not Payment.objects.exists()


def test_proposes_an_invoice_for_one_line_only(acme: Client) -> None:
    an_invoice(acme)
    line = "02.03.26;Acme;INV-2026-0001;123,00;EUR"
    take_in(statement(line, line), 1, 2)
    assert [each.state for each in BankLine.objects.order_by("row")] == ["MATCHED", "UNMATCHED"]


def test_is_taken_in_once(acme: Client) -> None:
    content = statement("02.03.26;Acme;thanks;1,00;EUR")
    first, again = take_in(content), take_in(content)
    assert (first[1], again) == (True, (first[0], False))


def test_adds_no_line_that_an_overlapping_one_had_and_both_of_two_that_are_alike(db: None) -> None:
    line, other = "02.03.26;Acme;thanks;1,00;EUR", "01.03.26;Globex;thanks;2,00;EUR"
    take_in(statement(line, line))
    taken, _ = take_in(statement(other, line, line))
    assert (BankLine.objects.count(), taken.line_count, taken.known_count) == (3, 1, 2)


def test_keeps_what_went_out_and_refuses_rows_with_field_and_fix(db: None) -> None:
    taken, _ = take_in(statement("01.03.26;Rent;March;-900,00;EUR", "31.02.26;Acme;x;1,00;EUR", "01.03.26;A;x;1,2,3;"))
    assert BankLine.objects.get().state == "OUTGOING"
    assert [(each["row"], each["field"]) for each in taken.refused] == [(2, "booking_date"), (3, "amount")]


def test_has_a_line_that_pays_several_invoices_and_leaves_credit(acme: Client) -> None:
    first, second = an_invoice(acme), an_invoice(acme)
    take_in(statement("02.03.26;Acme;both;250,00;EUR"))
    parts = [(first.pk, Decimal(123)), (second.pk, Decimal(127))]
    match_line(BankLine.objects.get().pk, parts, by=None, at=AT)
    assert set(Invoice.objects.values_list("state", flat=True)) == {"PAID"}
    assert [each.amount for each in get_billing_status(acme.pk).credit] == [4]
    assert list_breaches() == []


def test_has_no_line_booked_in_part_or_twice(acme: Client) -> None:
    invoice = an_invoice(acme)
    take_in(statement("02.03.26;Acme;thanks;123,00;EUR"))
    line = BankLine.objects.get()
    with pytest.raises(BillingRefused, match="sum to"):
        match_line(line.pk, [(invoice.pk, Decimal(100))], by=None, at=AT)
    match_line(line.pk, [(invoice.pk, Decimal(123))], by=None, at=AT)
    with pytest.raises(BillingRefused, match="MATCHED"):
        match_line(line.pk, [(invoice.pk, Decimal(123))], by=None, at=AT)


def test_has_a_line_put_aside_with_a_reason(db: None) -> None:
    take_in(statement("02.03.26;Tax office;refund;5,00;EUR"))
    line = BankLine.objects.get()
    with pytest.raises(BillingRefused, match="reason"):
        ignore_line(line.pk, reason=" ", by=None)
    ignore_line(line.pk, reason="A refund of taxes.", by=None)
    line.refresh_from_db()
    assert line.state == "IGNORED"


@pytest.mark.parametrize(
    "content",
    [
        '"Girokonto";"DE02"\n""\n"Buchungsdatum";"Zahlungspflichtige*r";"Verwendungszweck";"Betrag (€)"\n'
        '"02.03.26";"Acme";"INV-2026-0001";"1.123,00"',
        "Buchungstag\tName\tVerwendungszweck\tBetrag\n2.3.2026\tAcme\tINV-2026-0001\t1123,00 €",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_is_read_in_the_encodings_and_with_the_titles_of_banks(db: None, content: str, encoding: str) -> None:
    taken, _ = take_in(content.encode(encoding))
    assert (taken.refused, BankLine.objects.get().amount) == ([], Decimal("1123"))


def test_of_too_many_rows_is_refused() -> None:
    with pytest.raises(TableRefused, match="900"):
        read_sheet(statement(*["02.03.26;A;x;1,00;EUR"] * 901))


def test_is_not_read_where_days_or_amounts_can_be_read_in_two_ways() -> None:
    assert bank.possible_orders(["03/04/2026"]) == ["DMY", "MDY"]
    assert bank.possible_orders(["03/04/2026", "13/04/2026"]) == ["DMY"]
    assert bank.possible_orders(["03.04.2026"]) == ["DMY"]
    assert bank.possible_marks(["1.234"]) == [",", "."]
    assert bank.possible_marks(["1.234", "5,20"]) == [","]
    with pytest.raises(BillingRefused, match="more than one way"):
        take_in(statement("03/04/26;A;x;1,00;EUR"), date_order="")


def test_names_invoices_however_people_part_their_numbers() -> None:
    said = "RE INV2026 0007, inv-2026/0012; INV_2026_0007 und MINV-2026-0009"
    assert bank.numbers_in(said) == ["INV-2026-0007", "INV-2026-0012"]
    assert bank.day_in("2026-03-04 10:11:12", "YMD") == date(2026, 3, 4)
