"""Bank statements: taken in once, line by line, and booked as the payments that a person confirms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.billing import queries, rules
from apps.billing.api import events
from apps.billing.api.dtos import PaymentNotice
from apps.billing.models import BankLine, BankMatch, BankStatement
from apps.billing.rules import BillingRefused, bank
from apps.billing.services.payments import record_payment
from apps.billing.services.records import day_of_books, lock_name, require_reason
from apps.shared.dtos import Money
from apps.shared.events import AuditNote, publish
from apps.shared.gateways.long_tables import read_rows
from apps.shared.gateways.tables import TableRefused

PROVIDER = "BANK"
MOST_BYTES = 500_000


@dataclass(frozen=True)
class Sheet:
    """A file of the bank as a table."""

    sha256: str
    headers: list[str]
    rows: list[tuple[int, list[str]]]

    def column(self, place: int | None) -> list[str]:
        """Return what stands in a column; nothing where none was chosen."""
        return [] if place is None else [cells[place] for _, cells in self.rows if place < len(cells)]


@dataclass(frozen=True)
class Proposed:
    """A line of a statement before it is taken in: what it would pay, and why or why not."""

    line: bank.Line
    number: str
    why: str
    is_known: bool


def read_sheet(content: bytes) -> Sheet:
    """Read a file of the bank within its limits. Raises TableRefused, saying why."""
    if len(content) > MOST_BYTES:
        raise TableRefused(f"The file has more than {MOST_BYTES // 1000} kB. Export a shorter time.")
    (_, headers), *rows = read_rows(BytesIO(content), names_columns=bank.names_columns)
    if not 1 <= len(rows) <= bank.MOST_ROWS:
        raise TableRefused(f"The table has {len(rows):,} rows; a statement has 1 to {bank.MOST_ROWS:,}.")
    return Sheet(sha256(content).hexdigest(), headers, rows)


def propose(sheet: Sheet, reading: bank.Reading, *, at: datetime) -> tuple[list[Proposed], bank.Read]:
    """Return what each line would pay; nothing is stored. An invoice is proposed for one line only."""
    bank.check_reading(reading, len(sheet.headers))
    read = bank.read_lines(sheet.rows, reading, today=day_of_books(at))
    numbers = {number for line in read.lines for number in bank.numbers_in(line.purpose)}
    invoices, known = queries.open_by_number(numbers), queries.known_lines([line.key for line in read.lines])
    found, taken = [], set()
    for line in read.lines:
        number, why = bank.judge(line, invoices)
        if line.key in known:
            number, why = "", "An earlier statement had this line."
        elif number in taken:
            number, why = "", f"A line above pays {number} already."
        taken.add(number or None)
        found.append(Proposed(line, number, why, line.key in known))
    return found, read


@transaction.atomic
def import_statement(
    sheet: Sheet, reading: bank.Reading, *, file_name: str, confirmed: Mapping[int, str], by: UUID | None, at: datetime
) -> tuple[BankStatement, bool]:
    """Take a statement in and book what is confirmed, by row and invoice; tell whether it is new.

    Booked is what is still proposed now: an invoice that was paid meanwhile leaves its line to a person.

    The same file again is the same statement, and a line that an earlier one had is not taken twice. Raises
    BillingRefused for a reading that is not whole.
    """
    lock_name("billing.statement")  # one after the other: two that overlap would both take the same line for new
    if known := BankStatement.objects.filter(sha256=sheet.sha256).first():
        return known, False
    proposed, read = propose(sheet, reading, at=at)
    new = [each for each in proposed if not each.is_known]
    cells = dict(sheet.rows)
    statement = BankStatement.objects.create(
        sha256=sheet.sha256,
        file_name=file_name[:200],
        line_count=len(new),
        known_count=len(proposed) - len(new),
        refused=[
            {"row": row, "cells": cells[row], "field": name, "problem": problem} for row, name, problem in read.refused
        ],
        imported_by_id=by,
    )
    counts = {"line_count": len(new), "known_count": statement.known_count, "refused_count": len(read.refused)}
    event = events.StatementImported(aggregate_id=statement.pk, **counts)
    publish(event, AuditNote(actor_id=by, after={"file": statement.file_name, "sha256": statement.sha256, **counts}))
    ids = queries.ids_of_numbers({each.number for each in new if each.number})
    for each in new:
        line = _store(statement, each.line)
        if each.number and confirmed.get(each.line.row) == each.number:
            _book(line, [(ids[each.number], line.amount)], by=by, at=at)
    return statement, True


def _store(statement: BankStatement, line: bank.Line) -> BankLine:
    state = BankLine.State.OUTGOING if line.amount < 0 else BankLine.State.UNMATCHED
    return BankLine.objects.create(statement=statement, state=state, **vars(line))


@transaction.atomic
def match_line(line_id: UUID, parts: Sequence[tuple[UUID, Decimal]], *, by: UUID | None, at: datetime) -> BankLine:
    """Book a line as payments of the invoices that a person names; the parts sum to the line.

    Raises BillingRefused for a line that is not open, parts that are not all of it, and what `record_payment` refuses.
    """
    line = _lock_open(line_id)
    if len({invoice_id for invoice_id, _ in parts}) < len(parts):
        raise BillingRefused("invoice", "is named twice; give its parts as one.")
    total = sum((amount for _, amount in parts), Decimal(0))
    if not parts or total != line.amount:
        said = f"{rules.say(total, line.currency)} of {rules.say(line.amount, line.currency)}"
        raise BillingRefused("amount", f"the parts sum to {said}; what an invoice does not need is credit.")
    _book(line, parts, by=by, at=at)
    return line


@transaction.atomic
def ignore_line(line_id: UUID, *, reason: str, by: UUID | None) -> BankLine:
    """Put a line aside that pays no invoice, saying why. Raises BillingRefused where it is not open or silent."""
    line = _lock_open(line_id)
    line.reason = require_reason(reason)
    line.ignore()
    line.save(update_fields=["state", "reason", "updated_at"])
    publish(events.BankLineIgnored(aggregate_id=line.pk, reason=line.reason), _note(line, by, reason=line.reason))
    return line


def _lock_open(line_id: UUID) -> BankLine:
    line = BankLine.objects.select_for_update().get(pk=line_id)
    if line.state != BankLine.State.UNMATCHED:
        raise BillingRefused("line", f"is {line.state}; only an unmatched one is open.")
    return line


def _book(line: BankLine, parts: Sequence[tuple[UUID, Decimal]], *, by: UUID | None, at: datetime) -> None:
    """Record the payments that a line is, in the order of their invoices, so that no two wait for each other."""
    paid_at = timezone.make_aware(datetime.combine(line.booking_date, time()), timezone.get_default_timezone())
    for n, (invoice_id, amount) in enumerate(sorted(parts), start=1):
        notice = PaymentNotice(
            provider=PROVIDER,
            transaction_id=line.key if len(parts) == 1 else f"{line.key}/{n}",
            amount=Money(amount=amount, currency=line.currency),
            method="TRANSFER",
            paid_at=paid_at,
        )
        BankMatch.objects.create(line=line, payment=record_payment(invoice_id, notice, by=by, at=at))
    line.match()
    line.save(update_fields=["state", "updated_at"])
    publish(events.BankLineMatched(aggregate_id=line.pk, payment_count=len(parts)), _note(line, by))


def _note(line: BankLine, by: UUID | None, reason: str = "") -> AuditNote:
    after: dict[str, Any] = {"state": line.state, "amount": rules.say(line.amount, line.currency), "key": line.key}
    return AuditNote(actor_id=by, reason=reason, before={"state": BankLine.State.UNMATCHED}, after=after)
