"""What a bank's table says, line by line: which column is what, how its days and amounts are written, what it pays."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from apps.billing.rules import MOST_MONEY, BillingRefused, require_currency, rounded, say
from apps.shared.text import ColumnNames, one_line

FIELDS = {
    "booking_date": "Booking date",
    "amount": "Amount",
    "currency": "Currency",
    "payer": "Payer",
    "purpose": "Purpose",
}
NEEDED = ("booking_date", "amount", "purpose")
NAMES = ColumnNames(
    {
        "booking_date": "buchungstag, buchungsdatum, booking date, completed date, transaction date, datum, date, "
        "created on, finished on, wertstellung, valutadatum, value date",
        "amount": "betrag, amount, betrag eur, amount eur, betrag in eur, umsatz, source amount after fees",
        "currency": "währung, waehrung, currency, source currency",
        "payer": "beguenstigter zahlungspflichtiger, begünstigter zahlungspflichtiger, zahlungspflichtige r, "
        "name zahlungsbeteiligter, auftraggeber, partner name, payer name, source name, payee, payer, name, sender",
        "purpose": "verwendungszweck, payment reference, purpose, reference, referenz, description, text",
    }
)
"""Names that the exports of Sparkasse (CAMT), DKB, N26, Wise and Revolut have, and what people write themselves."""

DATE_ORDERS = {"YMD": "2026-04-03", "DMY": "03.04.2026, day first", "MDY": "04/03/2026, month first"}
DECIMAL_MARKS = {",": "1.234,56", ".": "1,234.56"}
MOST_ROWS = 900
"""Each may be ticked on one page, and Django takes a thousand fields of a form."""
LONGEST_TEXT = 1_000
OLDEST = timedelta(days=3653)
"""Books older than ten years are closed."""

_DAY_IN_TEXT = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d{2}.*)?")
_SHAPES = {
    ",": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d{1,3})?"),
    ".": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,3})?"),
}
_INVOICE_IN_TEXT = re.compile(r"(?<![A-Z])INV[\W_]*(\d{4})[\W_]*(\d{4,9})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """How a person says that a table is to be read. `currency` is that of lines which name none."""

    columns: Mapping[str, int]
    date_order: str
    decimal_mark: str
    currency: str


@dataclass(frozen=True)
class Line:
    """A line of a statement; `key` is the same in whichever statement it stands."""

    row: int
    booking_date: date
    amount: Decimal
    currency: str
    payer: str
    purpose: str
    key: str = ""


@dataclass
class Read:
    """What was read of a statement, and each row that was not, with what is wrong with which field."""

    lines: list[Line] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def names_columns(cells: list[str]) -> bool:
    """Tell whether a row is that of the column names, which banks put titles above."""
    return {"booking_date", "amount"} <= set(NAMES.recognise(cells))


def currency_of(headings: Sequence[str], columns: Mapping[str, int]) -> str:
    """Return the currency that the heading of the amounts names, if it names one."""
    heading = headings[columns["amount"]].upper() if "amount" in columns else ""
    return "EUR" if "EUR" in heading or "€" in heading else ""


def possible_orders(texts: Iterable[str]) -> list[str]:
    """Return the orders of year, month and day in which every text is a day, but for those that are none in any."""
    said = [text for text in texts if any(day_in(text, order) for order in DATE_ORDERS)]
    return [order for order in DATE_ORDERS if all(day_in(text, order) for text in said)]


def possible_marks(texts: Iterable[str]) -> list[str]:
    """Return the marks with which every text is an amount, but for those that are none; of two that read alike, one."""
    said = [text for text in texts if any(amount_in(text, mark) is not None for mark in DECIMAL_MARKS)]
    marks = [mark for mark in DECIMAL_MARKS if all(amount_in(text, mark) is not None for text in said)]
    if len(marks) > 1 and all(len({amount_in(text, mark) for mark in marks}) == 1 for text in said):
        return marks[:1]
    return marks


def day_in(text: str, order: str) -> date | None:
    """Return the day that a text is in an order; None where it is none. With dots, no month comes first."""
    found = _DAY_IN_TEXT.fullmatch(text.strip())
    if found is None:
        return None
    first, mark, second, third = found.groups()
    parts = dict(zip(order, (first, second, third), strict=True))
    if (order == "MDY" and mark == ".") or len(parts["Y"]) not in ((4,) if order == "YMD" else (2, 4)):
        return None
    year = int(parts["Y"]) + (2000 if len(parts["Y"]) == 2 else 0)
    try:
        return date(year, int(parts["M"]), int(parts["D"]))
    except ValueError:
        return None


def amount_in(text: str, mark: str) -> Decimal | None:
    """Return the amount that a text is with a decimal mark; None where it is none."""
    plain = re.sub(r"[\s€$£]|EUR|USD|GBP|CHF", "", text).replace("\u2212", "-")
    if not _SHAPES[mark].fullmatch(plain) or len(plain) > 30:
        return None
    return Decimal(plain.replace("." if mark == "," else ",", "").replace(",", "."))


def check_reading(reading: Reading, width: int) -> None:
    """Refuse a way of reading that is not whole, naming the field."""
    for name in NEEDED:
        if name not in reading.columns:
            raise BillingRefused(name, "is in no column; choose the one that has it.")
    places = list(reading.columns.values())
    if any(not 0 <= place < width for place in places) or len(set(places)) < len(places):
        raise BillingRefused("columns", "one is chosen twice or is not there; choose again.")
    if reading.date_order not in DATE_ORDERS:
        raise BillingRefused("date_order", "days can be read in more than one way; say which.")
    if reading.decimal_mark not in DECIMAL_MARKS:
        raise BillingRefused("decimal_mark", "amounts can be read in more than one way; say which.")
    if reading.currency or "currency" not in reading.columns:
        require_currency(reading.currency)


def read_lines(rows: Iterable[tuple[int, Sequence[str]]], reading: Reading, *, today: date) -> Read:
    """Read the rows of a statement; each that cannot be is refused with its field and the fix.

    Of lines that are alike, the first of a statement has another key than the second: both count, and each is the same
    line in a statement that overlaps.
    """
    read, seen = Read(), Counter()
    for number, cells in rows:
        try:
            line = _line(number, cells, reading, today)
        except BillingRefused as refusal:
            read.refused.append((number, refusal.field, refusal.problem))
            continue
        said = [line.booking_date.isoformat(), f"{line.amount.normalize():f}", line.currency, line.payer, line.purpose]
        seen[tuple(said)] += 1
        digest = sha256(json.dumps([*said, seen[tuple(said)]]).encode()).hexdigest()
        read.lines.append(Line(**{**vars(line), "key": digest}))
    return read


def _line(number: int, cells: Sequence[str], reading: Reading, today: date) -> Line:
    said = {name: one_line(cells[place]) if place < len(cells) else "" for name, place in reading.columns.items()}
    day = day_in(said["booking_date"], reading.date_order)
    if day is None:
        raise BillingRefused("booking_date", f"{said['booking_date'][:40]!r} is no day written so; correct the row.")
    if not today - OLDEST <= day <= today:
        raise BillingRefused("booking_date", f"{day} is to come or too long ago; correct the row.")
    amount = amount_in(said["amount"], reading.decimal_mark)
    if amount is None:
        raise BillingRefused("amount", f"{said['amount'][:40]!r} is no amount written so; correct the row.")
    currency = said.get("currency", "").upper() or reading.currency
    require_currency(currency)
    if amount == 0 or abs(amount) > MOST_MONEY or amount != rounded(amount, currency):
        raise BillingRefused("amount", f"{amount} is nought, too much or no whole coins of {currency}; correct it.")
    texts = {name: said.get(name, "")[:LONGEST_TEXT] for name in ("payer", "purpose")}
    return Line(number, day, amount, currency, **texts)


def numbers_in(purpose: str) -> list[str]:
    """Return the numbers of invoices that a purpose names, however people part them."""
    found = (f"INV-{year}-{int(count):04d}" for year, count in _INVOICE_IN_TEXT.findall(purpose))
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class OpenInvoice:
    """What of an invoice is still to be paid; nought where nothing is."""

    number: str
    currency: str
    open: Decimal


def judge(line: Line, known: Mapping[str, OpenInvoice]) -> tuple[str, str]:
    """Return the number of the invoice that a line pays, and why; no number where a person must look."""
    if line.amount < 0:
        return "", "Money that went out: kept, and no payment."
    numbers = numbers_in(line.purpose)
    if len(numbers) != 1:
        return "", "It names several invoices: split it." if numbers else "It names no invoice."
    invoice = known.get(numbers[0])
    if invoice is None:
        return "", f"There is no invoice {numbers[0]} that went out."
    if invoice.currency != line.currency:
        return "", f"{invoice.number} is in {invoice.currency}."
    if invoice.open != line.amount:
        return "", f"Of {invoice.number} {say(invoice.open, invoice.currency)} is open."
    return invoice.number, "Number and open amount are the same."
