"""An accepted quote is billed …"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from apps.billing import queries, rules
from apps.billing.api import ports
from apps.billing.api.dtos import Deposit, LineCredit, LineItem
from apps.billing.models import Invoice, Quote, TaxRate
from apps.billing.rules import BillingRefused, Part
from apps.billing.services import answers, contracts, drafts, issuing, quoted, quotes
from apps.billing.tests.factories import (
    AT,
    TaxRateFactory,
    a_draft_quote,
    a_quote,
    accepted,
    delivered,
    line,
    pay,
    run_context,
)
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.shared.dtos import Money


def bill(quote: Quote) -> Invoice:
    return quoted.bill_quote(quote.pk, by=None)


def rest(quote: Quote) -> Invoice:
    return quoted.draft_rest(quote.pk, by=None)


def issue(invoice: Invoice) -> Invoice:
    return issuing.issue_invoice(invoice.pk, by=None, at=AT)


def sums(*invoices: Invoice) -> tuple[Decimal, Decimal, Decimal]:
    rows = Invoice.objects.filter(pk__in=[each.pk for each in invoices])
    return tuple(sum(getattr(row, name) for row in rows) for name in ("subtotal", "tax", "total"))


def test_as_a_whole_where_no_deposit_is_asked_for(acme: Client, anna: User, vat: TaxRate) -> None:
    quote = accepted(a_quote(acme, line("9.99", vat, quantity=Decimal(3)), line(7, vat)), anna.pk)
    invoice = bill(quote)
    assert (invoice.quote, invoice.quote_part, invoice.state) == (quote, "WHOLE", "DRAFT")
    assert sums(invoice) == (quote.subtotal, quote.tax, quote.total)
    first = invoice.lines.first()
    assert (first.quantity, first.unit_price, first.description) == (3, Decimal("9.99"), "Campaign work")
    with pytest.raises(BillingRefused, match="nothing is left"):
        rest(quote)
    assert issue(invoice).number


def test_with_its_deposit_by_rate_and_the_rest_when_the_work_is_done(acme: Client, anna: User, vat: TaxRate) -> None:
    reduced = TaxRateFactory(category="REDUCED", percent=Decimal("13.5"))
    lines = (line(1000, vat, description="Campaign"), line(500, reduced, description="Book"))
    quote = accepted(a_quote(acme, *lines, deposit_percent=Decimal(30)), anna.pk)
    deposit = bill(quote)
    assert [(each.net, each.tax) for each in deposit.lines.all()] == [(300, 69), (150, Decimal("20.25"))]
    assert deposit.lines.first().description == "Deposit of 30 % on quote QUO-2026-0001 of 1,500.00 EUR before tax"
    last = rest(quote)
    assert [(each.net, each.tax) for each in last.lines.all()] == [(700, 161), (350, Decimal("47.25"))]
    assert last.lines.first().description.splitlines() == [
        "Quote QUO-2026-0001, less the deposit of 450.00 EUR before tax:",
        "Campaign",
        "Book",
    ]
    assert sums(deposit, last) == (quote.subtotal, quote.tax, quote.total)
    with pytest.raises(BillingRefused, match="on an invoice already"):
        rest(quote)


def test_in_the_language_of_who_accepted_it(acme: Client, vat: TaxRate) -> None:
    person = MembershipFactory(client=acme, user__language="de").user
    quote = accepted(a_quote(acme, line(100, vat), deposit_amount=Decimal(20)), person.pk)
    assert bill(quote).lines.get().description == "Anzahlung auf das Angebot QUO-2026-0001 über 100.00 EUR vor Steuern"


def test_in_the_currency_of_the_quote_whatever_the_client_pays_in_since(acme: Client, anna: User, vat: TaxRate) -> None:
    quote = accepted(a_quote(acme, line(100, vat), deposit_percent=Decimal(50)), anna.pk)
    Client.objects.update(currency="USD")
    assert (bill(quote).currency, rest(quote).currency) == ("EUR", "EUR")


def test_once_and_only_when_it_was_accepted(acme: Client, anna: User) -> None:
    quote = a_quote(acme)
    with pytest.raises(BillingRefused, match="what its client has accepted"):
        bill(quote)
    accepted(quote, anna.pk)
    first = ports.bill_quote(quote_id=quote.pk)
    issuing.void_invoice(first.id, reason="Wrong.", by=None, at=AT)
    assert ports.bill_quote(quote_id=quote.pk).id == first.id
    assert Invoice.objects.count() == 1


def test_less_what_of_its_deposit_stands(acme: Client, anna: User, vat: TaxRate) -> None:
    both = [accepted(a_quote(acme, line(100, vat), deposit_percent=Decimal(40)), anna.pk) for _ in range(2)]
    void, credited = (issue(bill(quote)) for quote in both)
    issuing.void_invoice(void.pk, reason="Wrong.", by=None, at=AT)
    issuing.credit_invoice(credited.pk, [LineCredit(position=1, net=Decimal(10))], reason="Less.", by=None, at=AT)
    assert [rest(quote).subtotal for quote in both] == [100, 70]


def test_with_an_open_price_where_its_deposit_was_billed_otherwise(acme: Client, anna: User, vat: TaxRate) -> None:
    quote = accepted(a_quote(acme, line(100, vat), deposit_percent=Decimal(40)), anna.pk)
    drafts.change_line(bill(quote).pk, 1, line(40, TaxRateFactory()), reason="Taxed there.", by=None)
    only = rest(quote).lines.get()
    assert (only.unit_price, only.question) == (None, quoted.OTHERWISE_BILLED)


def test_with_an_open_price_where_a_deal_s_deposit_may_be_for_the_same_work(
    acme: Client, anna: User, vat: TaxRate
) -> None:
    money = {name: Money(amount=Decimal(300), currency="EUR") for name in ("amount", "of")}
    ports.draft_deposit(client_id=acme.pk, deposit=Deposit(deal_id=uuid7(), **money))
    first, second = (accepted(a_quote(acme, line(100, vat), deposit_percent=Decimal(40)), anna.pk) for _ in range(2))
    ahead = of_package(acme)
    only = ahead.lines.get()
    assert (ahead.quote, only.unit_price, only.question) == (first, None, quoted.AHEAD_OF_DEAL)
    drafts.change_line(ahead.pk, 1, line(30, vat), reason="Less both deposits.", by=None)
    assert rest(second).subtotal == 60, "it is accounted for"


def test_with_the_tax_that_was_quoted_however_finance_words_a_part(acme: Client, anna: User, vat: TaxRate) -> None:
    quote = accepted(a_quote(acme, *(line("0.02", vat) for _ in range(6)), deposit_percent=Decimal(50)), anna.pk)
    parts = bill(quote), rest(quote)
    assert quote.tax == 0  # by line; of the whole 23 % are 0.03
    for part in parts:
        price = str(part.lines.get().unit_price)
        drafts.change_line(part.pk, 1, line(price, vat, description="In other words"), reason="Clearer.", by=None)
    assert sums(*parts) == (quote.subtotal, quote.tax, quote.total)
    drafts.change_line(parts[0].pk, 1, line("0.05", vat), reason="Less.", by=None)
    assert parts[0].lines.get().tax == Decimal("0.01")


def test_again_for_its_rest_when_that_draft_was_voided(acme: Client, anna: User) -> None:
    quote = accepted(a_quote(acme, deposit_percent=Decimal(40)), anna.pk)
    issuing.void_invoice(rest(quote).pk, reason="Too early.", by=None, at=AT)
    assert rest(quote).subtotal == 600


def of_package(client: Client) -> Invoice:
    return contracts.draft_for_package(**delivered(client.pk), run=run_context(client.pk))


def test_with_the_package_of_its_work_before_the_contract_is(acme: Client, anna: User) -> None:
    Client.objects.update(contract_value=5000)
    quote = accepted(a_quote(acme, deposit_percent=Decimal(40)), anna.pk)
    first = of_package(acme)
    assert (first.quote, first.quote_part, first.subtotal) == (quote, "REST", 600)
    assert first.package_id
    assert first.run_id
    second = of_package(acme)
    assert (second.quote, second.lines.get().question) == (None, contracts.QUOTED)


def test_with_the_next_package_after_the_run_of_one_was_taken_back(acme: Client, anna: User) -> None:
    quote = accepted(a_quote(acme, deposit_percent=Decimal(40)), anna.pk)
    run = run_context(acme.pk)
    contracts.draft_for_package(**delivered(acme.pk), run=run)
    drafts.withdraw_invoice(run=run)
    assert of_package(acme).quote == quote


def test_and_its_package_left_to_finance_where_the_whole_was_billed(acme: Client, anna: User) -> None:
    Client.objects.update(contract_value=5000)
    quote = accepted(a_quote(acme, deposit_percent=Decimal(100)), anna.pk)
    assert bill(quote).total == quote.total
    assert of_package(acme).lines.get().question == contracts.QUOTED


# --- to the last coin ---

CURRENCIES = {"EUR": 2, "JPY": 0, "KWD": 3}


@st.composite
def offers(draw: Any) -> tuple[str, list[tuple[Decimal, Decimal, int]], dict[str, Decimal]]:
    """Draw a currency, lines (quantity, price, rate), and a deposit."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    price = st.decimals("0.01", "5000", places=4)
    quantity = st.decimals("0.01", "50", places=2)
    lines = draw(st.lists(st.tuples(quantity, price, st.integers(0, 3)), min_size=1, max_size=12))
    share = draw(st.sampled_from(["none", "percent", "amount"]))
    if share == "percent":
        return currency, lines, {"deposit_percent": draw(st.decimals("0.01", "100", places=2))}
    if share == "amount":
        whole = draw(st.integers(1, 10**7))
        return currency, lines, {"deposit_amount": Decimal(whole).scaleb(-CURRENCIES[currency])}
    return currency, lines, {}


@given(offers())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_so_that_quote_deposit_and_rest_add_up_by_rate_to_the_last_coin(
    db: None, offer: tuple[str, list[tuple[Decimal, Decimal, int]], dict[str, Decimal]]
) -> None:
    currency, said, deposit = offer
    client = ClientFactory(currency=currency)
    rates = [TaxRateFactory(percent=percent) for percent in ("23", "13.5", "9.975", "0")]
    lines = [line(str(price), rates[rate], currency, quantity=quantity) for quantity, price, rate in said]
    draft = a_draft_quote(client, *lines, **deposit)
    assume(draft.subtotal and (not deposit or 0 < queries.deposit_of_quote(draft) <= draft.subtotal))
    quote = quotes.send_quote(draft.pk, by=None, at=AT)
    accepted(quote, MembershipFactory(client=client).user_id)
    first = issue(bill(quote))
    pay(first, str(first.total))
    is_all = first.subtotal == quote.subtotal
    invoices = [first] if is_all else [first, issue(rest(quote))]
    assert sums(*invoices) == (quote.subtotal, quote.tax, quote.total)
    if quote.has_deposit:
        assert first.subtotal == queries.deposit_of_quote(quote)
    for whole in rules.parts_of(quote.lines.all()):
        of_rate = [each for row in invoices for each in row.lines.filter(tax_rate=whole.tax_rate_id)]
        assert (sum(each.net for each in of_rate), sum(each.tax for each in of_rate)) == (whole.net, whole.tax)
        assert all(each.net >= 0 and each.tax >= 0 for each in of_rate)
    assert queries.list_breaches() == []


COINS = st.integers(0, 10**9).map(lambda coins: Decimal(coins).scaleb(-2))


@given(st.lists(st.tuples(COINS, COINS), min_size=1, max_size=30), st.decimals(0, 1, places=6))
@settings(max_examples=400, deadline=None)
def test_in_shares_of_which_none_is_more_than_its_whole(nets: list[tuple[Decimal, Decimal]], share: Decimal) -> None:
    wholes = [Part(TaxRate(name=str(n)).pk, Decimal(23), net, min(net, tax)) for n, (net, tax) in enumerate(nets)]
    total = sum(whole.net for whole in wholes)
    amount = rules.rounded(total * share, "EUR")
    if total == 0:
        return
    parts = rules.share_of(wholes, amount, "EUR")
    assert sum(part.net for part in parts) == amount
    left = rules.less(wholes, parts)
    assert left is not None
    assert sum(part.net for part in left) == total - amount
    assert all(part.net > 0 and part.tax >= 0 for part in [*parts, *left])


# --- at once ---


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    def do(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except BillingRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@pytest.mark.django_db(transaction=True)
def test_once_however_many_accept_it_and_whatever_follows_at_once(transactional_db: None) -> None:
    client = ClientFactory(name="Acme", slug="acme")
    people = [MembershipFactory(client=client).user_id for _ in range(4)]
    for percent in (None, Decimal(30)):
        quote = a_quote(client, deposit_percent=percent)

        def take(by: Any, quote: Quote = quote) -> Invoice:
            try:
                accepted(quote, by)
            finally:
                invoice = quoted.bill_quote(quote.pk, by=None)
            return invoice

        results = at_once([lambda by=by, take=take: take(by) for by in people])
        refused = [each for each in results if isinstance(each, answers.QuoteClosed)]
        assert len(refused) == len(people) - 1
        assert Invoice.objects.filter(quote=quote).count() == 1
        at_once([lambda quote=quote: rest(quote)] * 4)
        assert Invoice.objects.filter(quote=quote).count() == (1 if percent is None else 2)
    assert queries.list_breaches() == []


@pytest.mark.django_db(transaction=True)
def test_or_replaced_and_never_both(transactional_db: None) -> None:
    client = ClientFactory(name="Acme", slug="acme")
    person = MembershipFactory(client=client).user_id
    for _ in range(6):
        first = a_quote(client)
        second = quotes.revise_quote(first.pk, by=None, at=AT)
        at_once(
            [
                lambda first=first: accepted(first, person),
                lambda second=second: quotes.send_quote(second.pk, by=None, at=AT),
            ]
        )
        states = {Quote.objects.get(pk=each.pk).state for each in (first, second)}
        assert states in ({"ACCEPTED", "DRAFT"}, {"WITHDRAWN", "SENT"})


def test_its_line_item_is_what_was_quoted(acme: Client, anna: User, vat: TaxRate) -> None:
    item: LineItem = line("0.125", vat, quantity=Decimal("1.5"), description="Click")
    quote = accepted(a_quote(acme, item, line(1, vat)), anna.pk)
    first = bill(quote).lines.first()
    assert (first.description, first.quantity, first.unit_price) == ("Click", item.quantity, Decimal("0.125"))
