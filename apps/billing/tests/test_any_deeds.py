"""Whatever is done to money, in whatever order and on whatever days …

A machine does deeds to two clients' invoices and keeps books of its own, in whole coins, with none of billing's code.
After each deed both books must say the same, and the proof of the books must find nothing.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.billing.api.dtos import LineCredit
from apps.billing.models import (
    Allocation,
    BankLine,
    BankMatch,
    CreditNote,
    Invoice,
    Payment,
    Refund,
    Reminder,
    Reversal,
)
from apps.billing.queries import get_billing_status, list_breaches
from apps.billing.rules.bank import Reading
from apps.billing.services import bank, drafts, issuing, payments, reminders, reversals, vendor_events
from apps.billing.tests.factories import AT, TaxRateFactory, line, notice
from apps.billing.tests.known import Known, is_done
from apps.identity.tests.factories import ClientFactory, MembershipFactory, UserFactory
from apps.shared.gateways.cards import CardEvent

SEQUENCES = int(os.environ.get("AICMO_MONEY", "15"))
DEEDS = 15
DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}
PERCENTS = tuple(map(Decimal, ("0", "7", "8.1", "19", "23", "5.5")))
MOST_REMINDERS = 3

billed = st.lists(
    st.tuples(
        st.decimals(min_value=1, max_value=10**3, places=4),
        st.decimals(min_value=10, max_value=5000, places=3),
        st.sampled_from(PERCENTS),
    ),
    min_size=1,
    max_size=3,
)
which = st.integers(0, 99)
percent = st.sampled_from((1, 20, 50, 100, 140, 300))


class Money(RuleBasedStateMachine):
    """Two clients, the second in euros; every row goes when the sequence ends."""

    @initialize(currency=st.sampled_from(sorted(DIGITS)), first=billed, second=billed, part=percent)
    def begin(self, currency: str, first: list, second: list, part: int) -> None:
        """Begin with two issued invoices of one client, the first of them paid, in part or more than it asks for."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.at, self.deeds = AT, Counter()
        self.invoices: list[Known] = []
        self.cards: list[list[Any]] = []
        self.came, self.back = [0, 0], [0, 0]
        self.clients = [ClientFactory(currency=currency), ClientFactory(currency="EUR")]
        for client in self.clients:
            MembershipFactory(client=client)
        self.person = UserFactory()
        self.rates = {each: TaxRateFactory(percent=each, category="STANDARD" if each else "ZERO") for each in PERCENTS}
        for n, wanted in enumerate((first, second)):
            self.draft(0, wanted, 7)
            self.issue(n)
        self._pay(self.invoices[0], part, key="")

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- coins -------------------------------------------------------------------------------------------------------

    def digits(self, owner: int) -> int:
        return DIGITS[self.clients[owner].currency]

    def coins(self, amount: Decimal, owner: int) -> int:
        coins = amount.scaleb(self.digits(owner))
        assert coins == int(coins), f"{amount} is no whole coins"
        return int(coins)

    def amount(self, coins: int, owner: int) -> Decimal:
        return Decimal(coins).scaleb(-self.digits(owner))

    def credit_of(self, owner: int) -> int:
        held = sum(each.paid for each in self.invoices if each.owner == owner)
        return self.came[owner] - self.back[owner] - held

    def pick(self, n: int, best: Callable[[Known], object] = lambda known: known.due) -> Known:
        """Choose an invoice; four times in five one that a deed is best done to, or most deeds would be refused."""
        found = [each for each in self.invoices if best(each)] if n % 5 else []
        found = found or self.invoices
        return found[n // 5 % len(found)]

    # --- deeds -------------------------------------------------------------------------------------------------------

    @rule(owner=st.integers(0, 1), wanted=billed, days=st.sampled_from((0, 7, 30)))
    def draft(self, owner: int, wanted: list, days: int) -> None:
        client, scale = self.clients[owner], 10 ** self.digits(owner)
        items = [line(str(price), self.rates[pct], client.currency, quantity=count) for count, price, pct in wanted]
        lines = []
        for count, price, pct in wanted:
            net = round(Fraction(count) * Fraction(price) * scale)
            lines.append((net, round(Fraction(net) * Fraction(pct) / 100)))
        self.invoices.append(Known(drafts.draft_invoice(client, items, payment_days=days).pk, owner, lines))

    @rule(n=which)
    def issue(self, n: int) -> None:
        known = self.invoices[n % len(self.invoices)]
        done = is_done(lambda: issuing.issue_invoice(known.pk, by=None, at=self.at))
        assert (done is not None) == (known.state == "DRAFT")
        if done:
            known.due = self.at.date() + timedelta(days=done.payment_days)

    @rule(n=which, part=percent)
    def pay(self, n: int, part: int) -> None:
        self._pay(self.pick(n), part, key="")

    @rule(n=which, part=st.integers(1, 3))
    def pay_with_a_reference_that_comes_again(self, n: int, part: int) -> None:
        known = self.pick(n)
        self._pay(known, part, key=f"{known.pk}/{part}")

    def _pay(self, known: Known, part: int, *, key: str) -> None:
        coins = max(known.total * part // 100, 1)
        told = notice(self.amount(coins, known.owner), key, self.clients[known.owner].currency, paid_at=self.at)
        known_ones = Payment.objects.filter(transaction_id=key).exclude(reversal__kind=Reversal.Kind.MISTAKE)
        is_known = bool(key) and known_ones.exists()
        done = is_done(lambda: payments.record_payment(known.pk, told, by=None, at=self.at))
        assert (done is not None) == (is_known or known.state not in ("DRAFT", "VOID"))
        if done and not is_known:
            self._came(known, coins)

    def _came(self, known: Known, coins: int) -> None:
        self.came[known.owner] += coins
        known.is_touched |= known.open > 0
        known.paid += min(coins, known.open)

    @rule(n=which)
    def use_credit(self, n: int) -> None:
        known = self.pick(n, lambda known: known.open and self.credit_of(known.owner))
        before, credit, was_open = known.paid, self.credit_of(known.owner), known.open
        done = is_done(lambda: payments.use_credit(known.pk, by=None))
        if not known.is_touched:  # a payment is put to the same invoice once, so that else less may be free for it
            known.paid += min(credit, was_open)
            known.is_touched = known.paid > before
            assert (done is not None) == known.is_touched
        elif done:
            known.paid = self.coins(Invoice.objects.get(pk=known.pk).paid, known.owner)
            assert 0 < known.paid - before <= min(credit, was_open)

    @rule(n=which, part=st.integers(1, 110))
    def credit_some_of_the_first_line(self, n: int, part: int) -> None:
        known = self.pick(n)
        net, tax = known.lines[0]
        wish = LineCredit(position=1, net=self.amount(max(net * part // 100, 1), known.owner))
        note = is_done(lambda: issuing.credit_invoice(known.pk, [wish], reason="Not done.", by=None, at=self.at))
        if note:
            known.first_line.append((self.coins(note.net, known.owner), self.coins(note.tax, known.owner)))
            known.credit(sum(known.first_line[-1]))
            nets, taxes = (sum(amounts) for amounts in zip(*known.first_line, strict=True))
            assert nets <= net
            assert abs(taxes - Fraction(tax * nets, net)) <= (0 if nets == net else 1)

    @rule(n=which, void=st.booleans())
    def take_back(self, n: int, void: bool) -> None:
        known = self.pick(n)
        verb = issuing.void_invoice if void else issuing.credit_invoice
        done = is_done(lambda: verb(known.pk, reason="Wrong.", by=None, at=self.at))
        assert (done is not None) == (known.state != "VOID" and (void or known.state != "DRAFT"))
        if done and known.due:
            known.credit(known.total - known.credited)
        elif done:
            known.is_voided = True

    @rule(days=st.integers(1, 45))
    def let_days_pass(self, days: int) -> None:
        self.at += timedelta(days=days)

    @rule()
    def mark_overdue(self) -> None:
        late = [each for each in self.invoices if each.open and each.due < self.at.date() and not each.is_overdue]
        assert issuing.mark_overdue(at=self.at) == len(late)
        for each in late:
            each.is_overdue = True

    @rule(n=which)
    def remind(self, n: int) -> None:
        known = self.pick(n, lambda known: known.open and known.due < self.at.date())
        day = self.at.date()
        is_due = known.open and known.due < day and day not in known.reminded and len(known.reminded) < MOST_REMINDERS
        done = is_done(lambda: reminders.remind_now(known.pk, by=None, at=self.at))
        assert (done is not None) == bool(is_due)
        if done:
            known.reminded.append(day)

    @rule(n=which, other=which, more=st.integers(0, 500))
    def book_a_line_of_the_bank(self, n: int, other: int, more: int) -> None:
        """Pay what is open of one or two invoices of one client in one line, and some more."""
        first, second = self.pick(n), self.pick(other)
        parts = [(first, first.open or 5)]
        if second is not first and second.owner == first.owner:
            parts.append((second, (second.open or 5) + more))
        known = is_done(lambda: self._take_in(first.owner, parts))
        assert (known is not None) == all(each.state not in ("DRAFT", "VOID") for each, _ in parts)
        for each, coins in parts if known else ():
            self._came(each, coins)

    def _take_in(self, owner: int, parts: list[tuple[Known, int]]) -> BankLine:
        self.deeds["bank"] += 1
        amount, currency = self.amount(sum(coins for _, coins in parts), owner), self.clients[owner].currency
        said = f"date,purpose,amount,currency\n{self.at:%Y-%m-%d},line {self.deeds['bank']},{amount:f},{currency}"
        columns = {"booking_date": 0, "purpose": 1, "amount": 2, "currency": 3}
        reading = Reading(columns=columns, date_order="YMD", decimal_mark=".", currency="")
        how = {"file_name": "m.csv", "confirmed": {}, "by": None, "at": self.at}
        statement, _ = bank.import_statement(bank.read_sheet(said.encode()), reading, **how)
        wanted = [(each.pk, self.amount(coins, owner)) for each, coins in parts]
        return bank.match_line(statement.lines.get().pk, wanted, by=None, at=self.at)

    @rule(n=which, is_returned=st.booleans())
    def reverse_a_payment(self, n: int, is_returned: bool) -> None:
        payment = self._some(Payment.objects.filter(client__in=self.clients), n)
        owner = next(place for place, client in enumerate(self.clients) if client.pk == payment.client_id)
        kind = Reversal.Kind.RETURNED if is_returned else Reversal.Kind.MISTAKE
        held = self._held([payment])
        gone = self._sum(Refund.objects.filter(payment=payment), owner)
        left = self.coins(payment.amount, owner) - gone
        is_others_word = payment.provider == "STRIPE" or BankMatch.objects.filter(payment=payment).exists()
        is_reversed = Reversal.objects.filter(payment=payment).exists()
        done = is_done(
            lambda: reversals.reverse_payment(payment.pk, kind=kind, reason="Wrong.", by=self.person.pk, at=self.at)
        )
        assert (done is not None) == (left > 0 and not is_reversed and (is_returned or not is_others_word))
        if done:
            self._taken_back(held, left, owner)

    @rule(n=which)
    @precondition(lambda self: self.deeds["bank"])
    def take_a_match_of_the_bank_back(self, n: int) -> None:
        line = self._some(BankLine.objects.all(), n)
        booked = list(Payment.objects.filter(bank_match__line=line).exclude(reversal__kind=Reversal.Kind.MISTAKE))
        may = line.state == "MATCHED" and not Reversal.objects.filter(payment__in=booked).exists()
        held = self._held(booked)
        done = is_done(lambda: reversals.unmatch_line(line.pk, reason="Wrong.", by=self.person.pk, at=self.at))
        assert (done is not None) == may
        if done:
            owner = next(place for place, client in enumerate(self.clients) if client.pk == booked[0].client_id)
            self._taken_back(held, self.coins(line.amount, owner), owner)

    def _some(self, rows: QuerySet, n: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[n % len(found)]

    def _held(self, of: list[Payment]) -> dict[UUID, Decimal]:
        rows = Allocation.objects.filter(payment__in=of).order_by().values("invoice_id")
        return {each["invoice_id"]: each["sum"] for each in rows.annotate(sum=Sum("amount"))}

    def _taken_back(self, held: dict[UUID, Decimal], coins: int, owner: int) -> None:
        """Note that money came no more, and that the invoices which held it are open again."""
        self.came[owner] -= coins
        for known in self.invoices:
            if part := held.get(known.pk):
                known.is_overdue &= known.open > 0  # one that was paid is not late before somebody looks
                known.paid -= self.coins(part, owner)

    @rule(n=which, part=percent)
    def pay_by_card(self, n: int, part: int) -> None:
        known = self.pick(n, lambda known: known.open)
        coins, was_open = max(known.total * part // 100, 1), known.open
        row = self._hear("PAID", f"pi_{len(self.cards)}_{self.deeds['card']}", coins, known)
        assert (row.payment is not None) == bool(was_open)
        if row.payment:
            self._came(known, coins)
            self.cards.append([known, row.transaction_id, 0])

    @rule(n=which, part=percent)
    @precondition(lambda self: self.cards)
    def book_a_refund(self, n: int, part: int) -> None:
        free = [card for card in self.cards if self.credit_of(card[0].owner)]
        card = self.cards[n % len(self.cards)] if n % 5 == 0 or not free else free[n % len(free)]
        known, transaction_id, back = card
        came = self.coins(Payment.objects.get(transaction_id=transaction_id).amount, known.owner)
        coins = max(came * part // 100, 1)

        def book() -> Refund:
            row = self._hear("REFUNDED", transaction_id, back + coins, known)
            return vendor_events.book_refund(row.pk, by=self.person.pk, at=self.at)

        credit = self.credit_of(known.owner)
        if is_done(book):
            assert coins <= min(credit, came - back)
            card[2] += coins
            self.back[known.owner] += coins

    def _hear(self, kind: str, transaction_id: str, coins: int, known: Known) -> Any:
        self.deeds["card"] += 1
        event = CardEvent(
            event_id=f"evt_{self.deeds['card']}",
            type=kind,
            kind=kind,
            occurred_at=self.at,
            transaction_id=transaction_id,
            amount=self.amount(coins, known.owner),
            currency=self.clients[known.owner].currency,
            invoice_id=known.pk,
        )
        return vendor_events.receive_event(event, sha256="0" * 64, at=self.at)

    # --- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def the_proof_finds_nothing(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert list_breaches() == []

    @invariant()
    def both_books_say_the_same(self) -> None:
        rows = {row.pk: row for row in Invoice.objects.filter(client__in=self.clients)}
        for known in self.invoices:
            row = rows.pop(known.pk)
            amounts = [self.coins(each, known.owner) for each in (row.subtotal, row.tax, row.paid, row.credited)]
            nets, taxes = (sum(parts) for parts in zip(*known.lines, strict=True))
            assert amounts == [nets, taxes, known.paid, known.credited]
            assert (row.state, row.due_date) == (known.state, known.due)
            assert (
                list(Reminder.objects.filter(invoice=row).order_by("level").values_list("day", flat=True))
                == known.reminded
            )
        assert rows == {}

    @invariant()
    def all_that_came_is_put_to_invoices_or_went_back_or_is_credit(self) -> None:
        for owner, client in enumerate(self.clients):
            came = self._sum(Payment.objects.filter(client=client), owner)
            came -= self._sum(Reversal.objects.filter(payment__client=client), owner)
            put = self._sum(Allocation.objects.filter(payment__client=client), owner)
            back = self._sum(Refund.objects.filter(payment__client=client), owner)
            theirs = [each for each in self.invoices if each.owner == owner]
            assert (came, back) == (self.came[owner], self.back[owner])
            assert put == sum(each.paid for each in theirs)
            status = get_billing_status(client.pk)
            assert sum(self.coins(money.amount, owner) for money in status.credit) == self.credit_of(owner) >= 0
            assert sum(self.coins(money.amount, owner) for money in status.outstanding) == sum(
                each.open for each in theirs
            )

    def _sum(self, rows: QuerySet, owner: int) -> int:
        return self.coins(rows.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"], owner)

    @invariant()
    def numbers_have_no_gap(self) -> None:
        for model in (Invoice, CreditNote):
            given = model.objects.filter(client__in=self.clients, number__isnull=False)
            years: dict[int, list[int]] = {}
            for day, sequence in given.values_list("issue_date", "sequence"):
                years.setdefault(day.year, []).append(sequence)
            assert all(sorted(each) == list(range(1, len(each) + 1)) for each in years.values())


@pytest.mark.django_db
def test_leaves_books_that_add_up() -> None:
    """`AICMO_MONEY` sets how many sequences of deeds are tried."""
    effort = settings(
        max_examples=SEQUENCES,
        stateful_step_count=DEEDS,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Money, settings=effort)
