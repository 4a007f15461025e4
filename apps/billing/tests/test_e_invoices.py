"""An e-invoice …"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import drafthorse
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from apps.billing import rules
from apps.billing.api.dtos import LineCredit
from apps.billing.models import CreditNote, Invoice, IssuedDocument, NumberSeries
from apps.billing.rules import BillingRefused
from apps.billing.services import issuing, quoted
from apps.billing.services.e_invoices import CREDIT_NOTE, INVOICE, Billed, Item, e_invoice, shares_of
from apps.billing.services.issued import foresee
from apps.billing.services.parties import Buyer, Seller
from apps.billing.tests.factories import (
    AT,
    TaxRateFactory,
    a_draft,
    a_quote,
    accepted,
    address_of,
    an_invoice,
    line,
)
from apps.identity.models import Client, User

pytestmark = pytest.mark.usefixtures("e_invoices")
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
SELLER = Seller(name="Harbour & Sons", city="Dublin", country="IE", vat_id="IE6388047V")
BUYER = Buyer(name="Acme", country="DE", vat_id="DE136695976")


def kept(row: Invoice | CreditNote) -> IssuedDocument:
    name = "invoice" if isinstance(row, Invoice) else "credit_note"
    return IssuedDocument.objects.get(**{name: row})


class Read:
    """An e-invoice, read by the names of its elements."""

    def __init__(self, xml: str) -> None:
        self.root = etree.fromstring(xml.encode())

    def all(self, way: str) -> list[str]:
        return [
            found.text or "" for found in self.root.iterfind(".//" + "/".join(RAM + step for step in way.split("/")))
        ]

    def one(self, way: str) -> str:
        (found,) = self.all(way)
        return found

    def amount(self, name: str) -> Decimal:
        return Decimal(self.one(f"SpecifiedTradeSettlementHeaderMonetarySummation/{name}"))

    def shares(self) -> dict[tuple[str, Decimal], tuple[Decimal, Decimal]]:
        """Return net and tax by category and rate."""
        of_header = "ApplicableHeaderTradeSettlement/ApplicableTradeTax"
        names = ("CategoryCode", "RateApplicablePercent", "BasisAmount", "CalculatedAmount")
        rows = zip(*(self.all(f"{of_header}/{name}") for name in names), strict=True)
        return {(code, Decimal(rate)): (Decimal(net), Decimal(tax)) for code, rate, net, tax in rows}


def require_schema(xml: str) -> None:
    """Check a document, as it is kept, against the schema that the library ships."""
    schema = Path(drafthorse.__file__).parent / "schema" / "Factur-X_1.0.07_EN16931.xsd"
    etree.XMLSchema(file=str(schema)).assertValid(etree.fromstring(xml.encode()))


def require_rules(read: Read) -> None:
    """Check the arithmetic that EN 16931 asks for, and that the schema cannot see."""
    lines = [Decimal(each) for each in read.all("SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")]
    shares, amount = read.shares(), read.amount
    assert amount("LineTotalAmount") == sum(lines), "BR-CO-10"
    assert amount("TaxBasisTotalAmount") == amount("LineTotalAmount"), "BR-CO-13"
    assert amount("TaxTotalAmount") == sum(tax for _, tax in shares.values()), "BR-CO-14"
    assert amount("GrandTotalAmount") == amount("TaxBasisTotalAmount") + amount("TaxTotalAmount"), "BR-CO-15"
    assert amount("DuePayableAmount") == amount("GrandTotalAmount") - amount("TotalPrepaidAmount"), "BR-CO-16"
    for (code, rate), (net, tax) in shares.items():
        assert abs(tax - round(net * rate / 100, 2)) < 1, "BR-CO-17, BR-S-9"
        assert (rate > 0) == (code == "S"), "BR-S-5, BR-Z-5, BR-E-5, BR-AE-5"
    of_lines: dict[tuple[str, Decimal], Decimal] = {}
    tax_of_line = "SpecifiedLineTradeSettlement/ApplicableTradeTax"
    codes, rates = (read.all(f"{tax_of_line}/{name}") for name in ("CategoryCode", "RateApplicablePercent"))
    for code, rate, net in zip(codes, rates, lines, strict=True):
        of_lines[code, Decimal(rate)] = of_lines.get((code, Decimal(rate)), Decimal(0)) + net
    assert of_lines == {key: net for key, (net, _) in shares.items()}, "BR-S-8, BR-Z-8, BR-E-8, BR-AE-8"
    decimals = [
        each.text.partition(".")[2] for each in read.root.iter() if etree.QName(each).localname.endswith("Amount")
    ]
    prices = [each.partition(".")[2] for each in read.all("NetPriceProductTradePrice/ChargeAmount")]
    assert sum(len(each) > 2 for each in decimals) == sum(len(each) > 2 for each in prices), "BR-DEC"
    assert read.all("DueDateDateTime") or read.all("SpecifiedTradePaymentTerms/Description"), "BR-CO-25"
    require_reasons(read, {code for code, _ in shares})


def require_reasons(read: Read, codes: set[str]) -> None:
    """Check that what is not taxed says why, what is taxed says nothing, and who has to be known is."""
    reasons = len(read.all("ApplicableHeaderTradeSettlement/ApplicableTradeTax/ExemptionReason"))
    assert reasons == len(codes & {"E", "AE"}), "BR-E-10, BR-AE-10, BR-S-10, BR-Z-10"
    assert read.all("SellerTradeParty/SpecifiedTaxRegistration/ID"), "BR-S-2, BR-Z-2, BR-E-2"
    if "AE" in codes:
        assert read.all("BuyerTradeParty/SpecifiedTaxRegistration/ID"), "BR-AE-2"


def require_books(read: Read, row: Invoice | CreditNote) -> None:
    """Check that it says what the books say."""
    net, total = (row.subtotal, row.total) if isinstance(row, Invoice) else (row.net, row.amount)
    assert (read.amount("TaxBasisTotalAmount"), read.amount("TaxTotalAmount")) == (net, row.tax)
    assert (read.amount("GrandTotalAmount"), read.amount("DuePayableAmount")) == (total, total)
    assert read.one("InvoiceCurrencyCode") == row.currency


def corpus(client: Client) -> Iterator[Invoice | CreditNote]:
    """Give what is issued, of every kind."""
    vat = TaxRateFactory(percent=Decimal(23))
    reduced = TaxRateFactory(category="REDUCED", percent=Decimal("13.5"))
    zero = TaxRateFactory(category="ZERO", percent=Decimal(0))
    exempt = TaxRateFactory(category="EXEMPT", percent=Decimal(0), name="Exempt, section 4 no. 21")
    education = TaxRateFactory(category="EXEMPT", percent=Decimal(0), name="Exempt, education")
    reverse = TaxRateFactory(category="REVERSE_CHARGE", percent=Decimal(0))
    same = TaxRateFactory(category="REDUCED", percent=Decimal(23))
    hostile = "<Name>&amp;]]>\x07\u202e\ufffe<!-- --> \"'\nÄÖÜ ß ẞ 漢字 😀\r\n\x00second".replace("\x00", "")
    yield an_invoice(client, line("1200.5", vat, quantity=Decimal("2.5")), line("0.333333", vat, quantity=Decimal(3)))
    mixed = an_invoice(
        client,
        line(100, vat),
        line(200, reduced),
        line("0.07", zero),
        line(5, exempt),
        line(6, education),
        line(7, same),
    )
    yield mixed
    yield issuing.credit_invoice(mixed.pk, [LineCredit(position=2, net=Decimal("33.33"))], reason="x", by=None, at=AT)
    yield issuing.credit_invoice(mixed.pk, reason="x", by=None, at=AT)
    yield an_invoice(client, line(400, reverse), line(50, vat))
    yield an_invoice(client, line("0.01", vat, description=hostile), line(1, vat, description="Ü" * 1000))
    yield an_invoice(client, *(line("0.33", vat) for _ in range(200)))
    yield an_invoice(client, line(0, zero), line(3, vat))
    for currency in ("JPY", "KWD", "CHF"):
        client.currency = currency
        client.save()
        yield an_invoice(client, *(line(price, vat, currency) for price in (1001, 333)))


def test_of_every_kind_is_valid_and_says_what_the_books_say(acme: Client) -> None:
    address_of(acme, vat_id="DE136695976", buyer_reference="04011000-12345-34", addition="3. Stock", language="de")
    for row in corpus(acme):
        read = Read(kept(row).xml)
        require_books(read, row)
        require_rules(read)
        require_schema(kept(row).xml)


RATES = [
    *(("STANDARD", "23"), ("REDUCED", "13.5"), ("REDUCED", "4.8")),
    *(("ZERO", "0"), ("EXEMPT", "0"), ("REVERSE_CHARGE", "0")),
]
PRICED = st.tuples(
    st.decimals("0.0001", 1000, places=4), st.decimals(0, 9999, places=6), st.sampled_from(RATES)
)  # how many, at which price, at which rate


def item(position: int, quantity: Decimal, price: Decimal, category: str, percent: str, currency: str = "EUR") -> Item:
    net, tax = rules.line_amounts(quantity, price, Decimal(percent), currency)
    return Item(position, "Work", quantity, price, net, tax, category, Decimal(percent), f"VAT {percent}")


def credited(*items: Item, currency: str) -> Billed:
    said = {"terms": "Set off against INV-2026-0001.", "preceding": ("INV-2026-0001", date(2026, 3, 2))}
    return Billed(CREDIT_NOTE, "CN-2026-0001", date(2026, 3, 9), currency, items, **said)


def billed(*items: Item, currency: str = "EUR") -> Billed:
    return Billed(INVOICE, "INV-2026-0001", date(2026, 3, 2), currency, items, due_date=date(2026, 3, 16))


@given(
    priced=st.lists(PRICED, min_size=1, max_size=12),
    currency=st.sampled_from(["EUR", "CHF", "JPY"]),
    document=st.sampled_from([billed, credited]),
)
def test_of_any_lines_is_valid_and_adds_up(priced: list[Any], currency: str, document: Any) -> None:
    items = [item(n, quantity, price, *rate, currency) for n, (quantity, price, rate) in enumerate(priced, 1)]
    shares, coin = shares_of(items), Decimal(1).scaleb(-rules.digits_of(currency))
    assume(all(abs(share.tax - share.expected_tax) < 1 for share in shares))  # else it is refused, as below
    said = document(*items, currency=currency)
    xml = e_invoice(said, SELLER, BUYER)
    require_schema(xml)
    read = Read(xml)
    require_rules(read)
    assert read.amount("GrandTotalAmount") == said.net + said.tax
    for share in shares:
        of_rate = [each for each in items if (each.code, each.percent) == (share.code, share.percent)]
        assert read.shares()[share.code, share.percent] == (
            sum(each.net for each in of_rate),
            sum(each.tax for each in of_rate),
        )
        assert abs(share.tax - share.expected_tax) <= coin / 2 * (len(of_rate) + 1), "off by its roundings alone"


def test_is_the_same_for_the_same_facts() -> None:
    said = billed(item(1, Decimal(3), Decimal("0.333333"), "STANDARD", "23"))
    assert e_invoice(said, SELLER, BUYER) == e_invoice(said, SELLER, BUYER)


def test_says_who_sells_and_who_buys(acme: Client) -> None:
    address_of(acme, vat_id="DE136695976", buyer_reference="04011000-12345-34", addition="3. Stock")
    read = Read(kept(an_invoice(acme)).xml)
    assert read.one("SellerTradeParty/Name") == "Harbour & Sons"
    assert read.one("SellerTradeParty/SpecifiedTaxRegistration/ID") == "IE6388047V"
    assert read.one("SellerTradeParty/DefinedTradeContact/PersonName") == "Ann"
    assert read.one("PayeePartyCreditorFinancialAccount/IBANID") == "IE29AIBK93115212345678"
    assert read.one("BuyerTradeParty/Name") == "Acme GmbH & Co. KG"
    address = [read.one(f"BuyerTradeParty/PostalTradeAddress/{name}") for name in ("LineOne", "LineTwo", "CityName")]
    assert address == ["Hauptstraße 1", "3. Stock", "Köln"]
    assert read.one("BuyerTradeParty/SpecifiedTaxRegistration/ID") == "DE136695976"
    assert read.one("BuyerReference") == "04011000-12345-34"


def test_names_a_client_without_address_by_what_is_known_of_it(acme: Client) -> None:
    read = Read(kept(an_invoice(acme)).xml)
    assert (read.one("BuyerTradeParty/Name"), read.one("BuyerTradeParty/PostalTradeAddress/CountryID")) == (
        "Acme",
        "IE",
    )
    assert read.all("BuyerTradeParty/PostalTradeAddress/CityName") == []


def test_of_a_credit_note_names_its_invoice_and_says_what_becomes_of_the_money(acme: Client) -> None:
    address_of(acme, language="de")
    invoice = an_invoice(acme)
    note = issuing.credit_invoice(invoice.pk, reason="Zu viel\x07.", by=None, at=AT)
    read = Read(kept(note).xml)
    assert read.root.find(f".//{RAM}TypeCode").text == "381"
    assert read.one("InvoiceReferencedDocument/IssuerAssignedID") == invoice.number
    assert read.one("IncludedNote/Content") == "Zu viel."
    assert invoice.number in read.one("SpecifiedTradePaymentTerms/Description")
    assert "Guthaben" in read.one("SpecifiedTradePaymentTerms/Description")


def test_of_a_credit_note_is_written_to_whom_its_invoice_was(acme: Client) -> None:
    address = address_of(acme)
    invoice = an_invoice(acme)
    address.legal_name = "Others"
    address.save()
    note = issuing.credit_invoice(invoice.pk, reason="Less.", by=None, at=AT)
    assert Read(kept(note).xml).one("BuyerTradeParty/Name") == "Acme GmbH & Co. KG"


def unkept(client: Client, settings: Any, *lines: Any) -> Invoice:
    """Issue an invoice while no e-invoices are made."""
    country, settings.AGENCY_COUNTRY = settings.AGENCY_COUNTRY, ""
    invoice = an_invoice(client, *lines)
    settings.AGENCY_COUNTRY = country
    return invoice


def test_that_cannot_be_made_keeps_nobody_from_crediting_what_is_out(acme: Client, settings: Any) -> None:
    invoice = unkept(acme, settings, line(5, TaxRateFactory(percent=Decimal(0))))
    note = issuing.credit_invoice(invoice.pk, reason="Less.", by=None, at=AT)
    assert (kept(note).xml, "BR-S-5" in kept(note).plain_because) == ("", True)


def test_of_a_credit_note_needs_the_agency_s_own_details(acme: Client, settings: Any) -> None:
    invoice, settings.AGENCY_VAT_ID = an_invoice(acme), ""
    with pytest.raises(BillingRefused, match="AICMO_AGENCY_VAT_ID"):
        issuing.void_invoice(invoice.pk, reason="Less.", by=None, at=AT)


def test_of_the_rest_of_a_quote_names_the_invoice_of_the_deposit(acme: Client, anna: User) -> None:
    quote = accepted(a_quote(acme, deposit_percent=Decimal(30)), anna.pk)
    deposit = issuing.issue_invoice(quoted.bill_quote(quote.pk, by=None).pk, by=None, at=AT)
    rest = issuing.issue_invoice(quoted.draft_rest(quote.pk, by=None).pk, by=None, at=AT)
    read = Read(kept(rest).xml)
    assert read.one("InvoiceReferencedDocument/IssuerAssignedID") == deposit.number
    require_books(read, rest)


def test_says_why_nothing_is_taxed(acme: Client) -> None:
    address_of(acme, vat_id="DE136695976")
    exempt = TaxRateFactory(category="EXEMPT", percent=Decimal(0), name="Exempt, section 4 no. 21")
    reverse = TaxRateFactory(category="REVERSE_CHARGE", percent=Decimal(0))
    read = Read(kept(an_invoice(acme, line(1, exempt), line(1, reverse))).xml)
    assert read.all("ApplicableTradeTax/ExemptionReason") == ["Reverse charge", "Exempt, section 4 no. 21"]
    assert read.all("ApplicableTradeTax/ExemptionReasonCode") == ["VATEX-EU-AE"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"AGENCY_VAT_ID": ""}, "AICMO_AGENCY_VAT_ID"),
        ({"AGENCY_VAT_ID": "IE1234567X"}, "AICMO_AGENCY_VAT_ID"),
        ({"AGENCY_VAT_ID": "", "AGENCY_TAX_NUMBER": "12/345"}, "AICMO_AGENCY_VAT_ID"),
        ({"AGENCY_IBAN": "IE30 AIBK 9311 5212 3456 78"}, "AICMO_AGENCY_IBAN"),
    ],
)
def test_without_which_nothing_is_issued_names_the_setting(
    acme: Client, settings: Any, changed: dict[str, str], field: str
) -> None:
    draft = a_draft(acme)
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(BillingRefused) as refused:
        issuing.issue_invoice(draft.pk, by=None, at=AT)
    assert refused.value.field == field
    assert Invoice.objects.get(pk=draft.pk).number is None
    assert not NumberSeries.objects.exists(), "no number is lost"


def test_of_who_has_no_vat_id_names_tax_number_and_register(acme: Client, settings: Any) -> None:
    settings.AGENCY_VAT_ID, settings.AGENCY_TAX_NUMBER, settings.AGENCY_REGISTER_ID = "", "12/345", "HRB 1"
    read = Read(kept(an_invoice(acme)).xml)
    assert read.one("SellerTradeParty/SpecifiedTaxRegistration/ID") == "12/345"
    assert read.one("SellerTradeParty/SpecifiedLegalOrganization/ID") == "HRB 1"


@pytest.mark.parametrize(("vat_id", "why"), [("", "has none"), ("IE6388047V", "the agency's own country")])
def test_under_reverse_charge_needs_the_vat_id_of_another_country(acme: Client, vat_id: str, why: str) -> None:
    address_of(acme, vat_id=vat_id)
    draft = a_draft(acme, line(1, TaxRateFactory(category="REVERSE_CHARGE", percent=Decimal(0))))
    with pytest.raises(BillingRefused, match=why):
        issuing.issue_invoice(draft.pk, by=None, at=AT)
    assert why in foresee(draft, on=AT.date())


def test_refuses_a_standard_rate_of_nought(acme: Client) -> None:
    draft = a_draft(acme, line(1, TaxRateFactory(percent=Decimal(0))))
    with pytest.raises(BillingRefused, match="BR-S-5"):
        issuing.issue_invoice(draft.pk, by=None, at=AT)


def test_refuses_a_line_in_which_nothing_can_be_read(acme: Client) -> None:
    draft = a_draft(acme, line(1, TaxRateFactory(), description="\x07"))
    with pytest.raises(BillingRefused, match="line 1 says nothing"):
        issuing.issue_invoice(draft.pk, by=None, at=AT)


def test_refuses_tax_whose_roundings_come_to_a_whole_unit() -> None:
    yen = [item(n, Decimal(1), Decimal(5), "REDUCED", "8", "JPY") for n in range(1, 6)]  # 0.4 each, and 2 together
    with pytest.raises(BillingRefused, match="BR-CO-17"):
        e_invoice(billed(*yen, currency="JPY"), SELLER, BUYER)
    assert e_invoice(billed(*yen[:2], currency="JPY"), SELLER, BUYER)


def test_is_not_made_where_the_standard_cannot_say_the_amounts(acme: Client) -> None:
    acme.currency = "KWD"
    acme.save()
    document = kept(an_invoice(acme, line("1.005", TaxRateFactory(), "KWD")))
    assert (document.xml, document.plain_because) == (
        "",
        "EN 16931 knows two decimals of an amount, KWD has 3.",
    )


def test_is_not_made_of_an_agency_that_has_no_country(acme: Client, settings: Any) -> None:
    settings.AGENCY_COUNTRY = settings.AGENCY_VAT_ID = ""
    invoice = an_invoice(acme)
    assert (kept(invoice).xml, "AICMO_AGENCY_COUNTRY" in kept(invoice).plain_because) == ("", True)
    assert "plain PDF" in foresee(a_draft(acme), on=AT.date())


def test_is_kept_for_ever(acme: Client) -> None:
    document = kept(an_invoice(acme))
    for statement in ("UPDATE billing_issueddocument SET xml = '<a/>'", "DELETE FROM billing_issueddocument"):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert IssuedDocument.objects.get().xml == document.xml
