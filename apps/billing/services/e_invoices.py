"""E-invoices: what is issued as EN 16931 has it, in the syntax of Factur-X and ZUGFeRD (UN/CEFACT CII).

The rules that the standard calls BR-… are named where they decide something. Amounts are those of the books: the tax of
a category is the sum of its lines, each rounded half to even, which differs from BR-CO-17's by the roundings of its
lines. The standard's own test allows less than one unit of the currency, and so does `_check_shares`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import drafthorse
from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import PostalTradeAddress, TaxRegistration
from drafthorse.models.payment import PaymentMeans, PaymentTerms
from drafthorse.models.tradelines import LineItem
from lxml import etree

from apps.billing import rules
from apps.billing.rules import BillingRefused
from apps.billing.services.parties import NO_COUNTRY, Buyer, Seller, require_seller
from apps.billing.services.vat_ids import country_of, normalised_vat_id
from apps.shared.text import clean, one_line

NAME = "factur-x.xml"
INVOICE, CREDIT_NOTE = "380", "381"
_PROFILE = "urn:cen.eu:en16931:2017"
_SCHEMA = Path(drafthorse.__file__).parent / "schema" / "Factur-X_1.0.07_EN16931.xsd"
_CATEGORIES = {"STANDARD": "S", "REDUCED": "S", "ZERO": "Z", "EXEMPT": "E", "REVERSE_CHARGE": "AE"}
_ONE = "C62"
"""UN/ECE Recommendation 20: one. Invoices count without a unit."""
_SEPA, _TRANSFER = "58", "30"
_PLACES = Decimal("0.01")
_MOST_OFF = Decimal(1)


@dataclass(frozen=True)
class Item:
    """A line as the document has it; `rate` is the name of its tax rate."""

    position: int
    description: str
    quantity: Decimal
    price: Decimal
    net: Decimal
    tax: Decimal
    category: str
    percent: Decimal
    rate: str

    @property
    def code(self) -> str:
        """Its category as the standard calls it."""
        return _CATEGORIES[self.category]


@dataclass(frozen=True)
class Billed:
    """What is issued: an invoice, due on a day, or a credit note with `terms` that say what becomes of the money.

    `note` is why it is credited, and `preceding` the number and date of the invoice that it credits, or of that of the
    deposit.
    """

    type_code: str
    number: str
    issue_date: date
    currency: str
    items: tuple[Item, ...]
    due_date: date | None = None
    terms: str = ""
    note: str = ""
    preceding: tuple[str, date] | None = None

    @property
    def net(self) -> Decimal:
        """The sum of its lines before tax (BR-CO-10)."""
        return sum((item.net for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The sum of its categories' tax (BR-CO-14)."""
        return sum((item.tax for item in self.items), Decimal(0))


@dataclass(frozen=True)
class Share:
    """What of a document falls under one category and rate, and why it is not taxed if it is not."""

    code: str
    percent: Decimal
    net: Decimal
    tax: Decimal
    reason: str = ""

    @property
    def expected_tax(self) -> Decimal:
        """The tax that BR-CO-17 computes."""
        return (self.net * self.percent).scaleb(-2).quantize(_PLACES, rounding=ROUND_HALF_UP)


def why_plain(billed: Billed, seller: Seller) -> str:
    """Return why no e-invoice can be made of it; nothing where one is."""
    if not seller.country:
        return f"{NO_COUNTRY}."
    if any(amount != amount.quantize(_PLACES) for item in billed.items for amount in (item.net, item.tax)):
        return f"EN 16931 knows two decimals of an amount, {billed.currency} has {rules.digits_of(billed.currency)}."
    return ""


def e_invoice(billed: Billed, seller: Seller, buyer: Buyer) -> str:
    """Return the e-invoice as XML, valid by its schema, the same for the same facts.

    Raises BillingRefused, naming what must change, where it would not be valid.
    """
    require_seller(seller)
    shares = shares_of(billed.items)
    _check_shares(shares, seller, billed.currency)
    document = Document()
    document.context.guideline_parameter.id = _PROFILE
    document.header.id = billed.number
    document.header.type_code = billed.type_code
    document.header.issue_date_time = billed.issue_date
    if note := clean(billed.note).strip():
        document.header.notes.add(IncludedNote(content=note))
    _write_seller(document, seller)
    _write_buyer(document, buyer)
    for item in billed.items:
        document.trade.items.add(_line(item, billed.currency))
    _write_settlement(document, billed, seller, shares)
    return _valid(document.serialize(schema=None))


def require_reverse_charge(items: Iterable[Item], seller: Seller, buyer: Buyer) -> None:
    """Refuse a reverse charge to a client who is not known as a taxable person of another country (BR-AE-2).

    Raises BillingRefused.
    """
    charged = [item.position for item in items if item.category == "REVERSE_CHARGE"]
    if not charged:
        return
    where = f"line {charged[0]} is under reverse charge, and"
    fix = "Set it in the client's billing address, or choose another rate."
    if not buyer.vat_id:
        raise BillingRefused("vat_id", f"{where} the client has none. {fix}")
    theirs = country_of(normalised_vat_id(buyer.vat_id))
    if theirs == seller.taxed_in:
        raise BillingRefused("vat_id", f"{where} {buyer.vat_id} is of {theirs}, the agency's own country. {fix}")


def shares_of(items: Iterable[Item]) -> list[Share]:
    """Return what falls under which category and rate, each once (BR-CO-18), the highest first."""
    found: dict[tuple[str, Decimal], list[Item]] = {}
    for item in items:
        found.setdefault((item.code, item.percent.normalize()), []).append(item)
    by_rate = sorted(found.items(), key=lambda each: (-each[0][1], each[0][0]))
    return [_share(code, percent, group) for (code, percent), group in by_rate]


def _share(code: str, percent: Decimal, items: list[Item]) -> Share:
    net, tax = (sum(amounts, Decimal(0)) for amounts in zip(*((item.net, item.tax) for item in items), strict=True))
    return Share(code, percent, net, tax, _reason(code, items))


def _reason(code: str, items: list[Item]) -> str:
    """Say why nothing is taxed: of what is exempt, the names of the rates tell (BR-E-10, BR-AE-10)."""
    if code == "AE":
        return "Reverse charge"
    return "; ".join(dict.fromkeys(one_line(item.rate) for item in items)) if code == "E" else ""


def _check_shares(shares: list[Share], seller: Seller, currency: str) -> None:
    for share in shares:
        if share.code == "S" and not share.percent:
            said = "a standard or reduced rate of 0 % is none; choose one that is Zero, Exempt or Reverse charge"
            raise BillingRefused("lines", f"{said} (BR-S-5).")
        if share.code == "AE" and not seller.vat_id:
            raise BillingRefused(
                "AICMO_AGENCY_VAT_ID", "is missing, and the reverse charge needs it; set it (BR-AE-2)."
            )
        if abs(share.tax - share.expected_tax) >= _MOST_OFF:
            told = f"{rules.say(share.tax, currency)}, and of their sum {rules.say(share.expected_tax, currency)}"
            said = f"the tax at {share.percent:f} %, rounded line by line, is {told}: too far apart"
            raise BillingRefused("lines", f"{said}. Bill what is small together, in fewer lines (BR-CO-17).")


def _line(item: Item, currency: str) -> LineItem:
    line = LineItem()
    line.document.line_id = str(item.position)
    name, *more = [one_line(part) for part in item.description.splitlines() if one_line(part)] or [""]
    if not name:
        raise BillingRefused("lines", f"line {item.position} says nothing that can be read; describe what is billed.")
    line.product.name = name
    if more:
        line.product.description = "\n".join([name, *more])
    line.agreement.net.amount = _plain(item.price)
    line.delivery.billed_quantity = (_plain(item.quantity), _ONE)
    line.settlement.trade_tax.type_code = "VAT"
    line.settlement.trade_tax.category_code = item.code
    line.settlement.trade_tax.rate_applicable_percent = _plain(item.percent)
    line.settlement.monetary_summation.total_amount = _amount(item.net, currency)
    return line


def _write_seller(document: Document, seller: Seller) -> None:
    party = document.trade.agreement.seller
    party.name = one_line(seller.name)
    if seller.register_id:
        party.legal_organization.id = one_line(seller.register_id)
    if seller.contact:
        party.contact.person_name = one_line(seller.contact)
    if seller.phone:
        party.contact.telephone.number = one_line(seller.phone)
    if seller.email:
        party.contact.email.address = seller.email
    _write_address(party.address, seller)
    if seller.email:
        party.electronic_address.uri_ID = ("EM", seller.email)
    if seller.vat_id:
        party.tax_registrations.add(TaxRegistration(id=("VA", normalised_vat_id(seller.vat_id))))
    if seller.tax_number:
        party.tax_registrations.add(TaxRegistration(id=("FC", one_line(seller.tax_number))))


def _write_buyer(document: Document, buyer: Buyer) -> None:
    if buyer.reference:
        document.trade.agreement.buyer_reference = one_line(buyer.reference)
    party = document.trade.agreement.buyer
    party.name = one_line(buyer.name)
    if not str(party.name):
        raise BillingRefused("legal_name", "has nothing that can be read; correct the client's billing address.")
    _write_address(party.address, buyer)
    if buyer.addition:
        party.address.line_two = one_line(buyer.addition)
    if buyer.vat_id:
        party.tax_registrations.add(TaxRegistration(id=("VA", buyer.vat_id)))


def _write_address(address: PostalTradeAddress, party: Seller | Buyer) -> None:
    for name, value in (("postcode", party.postcode), ("line_one", party.street), ("city_name", party.city)):
        if value:
            setattr(address, name, one_line(value))
    address.country_id = party.country


def _write_settlement(document: Document, billed: Billed, seller: Seller, shares: list[Share]) -> None:
    settlement = document.trade.settlement
    settlement.payment_reference = billed.number
    settlement.currency_code = billed.currency
    if seller.iban and billed.type_code == INVOICE:
        settlement.payment_means.add(_means(seller, billed.currency))
    for share in shares:
        settlement.trade_tax.add(_tax(share, billed.currency))
    terms = PaymentTerms()
    if billed.terms:
        terms.description = clean(billed.terms)
    if billed.due_date:
        terms.due = billed.due_date
    settlement.terms.add(terms)
    if billed.preceding:
        number, day = billed.preceding
        settlement.invoice_referenced_document.issuer_assigned_id = number
        settlement.invoice_referenced_document.issue_date_time = day
    _write_sums(document, billed)


def _write_sums(document: Document, billed: Billed) -> None:
    """Write the sums (BR-CO-10 to 16). What is issued has neither allowances nor charges, and nothing is paid yet."""
    sums = document.trade.settlement.monetary_summation
    net, tax, nought = (_amount(amount, billed.currency) for amount in (billed.net, billed.tax, Decimal(0)))
    total = _amount(billed.net + billed.tax, billed.currency)
    sums.line_total, sums.tax_basis_total = net, (net, None)
    sums.charge_total = sums.allowance_total = sums.prepaid_total = nought
    sums.tax_total = (tax, billed.currency)
    sums.grand_total, sums.due_amount = (total, None), total


def _means(seller: Seller, currency: str) -> PaymentMeans:
    means = PaymentMeans()
    means.type_code = _SEPA if currency == "EUR" else _TRANSFER
    means.payee_account.iban = seller.iban.replace(" ", "")
    if seller.bic:
        means.payee_institution.bic = seller.bic
    return means


def _tax(share: Share, currency: str) -> ApplicableTradeTax:
    tax = ApplicableTradeTax()
    tax.calculated_amount = _amount(share.tax, currency)
    tax.type_code = "VAT"
    tax.basis_amount = _amount(share.net, currency)
    tax.category_code = share.code
    tax.rate_applicable_percent = _plain(share.percent)
    if share.reason:
        tax.exemption_reason = share.reason
    if share.code == "AE":
        tax.exemption_reason_code = "VATEX-EU-AE"
    return tax


def _amount(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency's decimals, and two at most: what has more is refused before (BR-DEC)."""
    return f"{amount:.{min(2, rules.digits_of(currency))}f}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_SCHEMA))


def _valid(xml: bytes) -> str:
    """Return the XML if its schema has nothing to say against it. Raises BillingRefused."""
    read = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    problems = list(_problems(read))
    if problems:
        raise BillingRefused("e_invoice", f"would not be valid: {'; '.join(problems)[:500]}. Correct what it names.")
    return etree.tostring(read, encoding="UTF-8", xml_declaration=True).decode()


def _problems(read: etree._Element) -> Iterator[str]:
    if not _schema().validate(read):
        yield from (str(error.message) for error in _schema().error_log)
