"""However finance works on the parts of a quote …"""

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.billing import queries
from apps.billing.api.dtos import LineCredit
from apps.billing.models import Invoice
from apps.billing.rules import BillingRefused
from apps.billing.services import drafts, issuing, quoted, quotes
from apps.billing.tests.factories import AT, TaxRateFactory, a_draft_quote, accepted, line
from apps.identity.tests.factories import ClientFactory, MembershipFactory

DEEDS = st.sampled_from(["word", "price", "rate", "add", "issue", "credit", "void", "rest"])
CENTS = st.integers(1, 3000).map(lambda cents: Decimal(cents).scaleb(-2))


def work_on(invoice: Invoice, deed: str, cents: Decimal, rates: list[Any]) -> None:
    """Do something to an invoice that a person at the desk can do."""
    first = invoice.lines.first()
    price = cents if deed == "price" or first.unit_price is None else first.unit_price
    rate = rates[-1] if deed == "rate" or first.tax_rate is None else first.tax_rate
    match deed:
        case "word" | "price" | "rate":
            drafts.change_line(invoice.pk, 1, line(str(price), rate, description="Anew"), reason="So.", by=None)
        case "add":
            drafts.add_line(invoice.pk, line(str(cents), rates[0]), reason="More.", by=None)
        case "issue":
            issuing.issue_invoice(invoice.pk, by=None, at=AT)
        case "credit":
            issuing.credit_invoice(invoice.pk, [LineCredit(position=1, net=cents)], reason="Less.", by=None, at=AT)
        case "void":
            issuing.void_invoice(invoice.pk, reason="Wrong.", by=None, at=AT)


@given(
    st.lists(st.tuples(CENTS, st.integers(0, 1)), min_size=1, max_size=8),
    st.decimals("1", "100", places=2),
    st.lists(st.tuples(DEEDS, CENTS, st.booleans()), max_size=8),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_books_stand(
    db: None, said: list[tuple[Decimal, int]], percent: Decimal, deeds: list[tuple[str, Decimal, bool]]
) -> None:
    client, rates = ClientFactory(), [TaxRateFactory(percent=each) for each in ("23", "9.975")]
    lines = [line(str(price), rates[rate]) for price, rate in said]
    draft = a_draft_quote(client, *lines, deposit_percent=percent)
    assume(0 < queries.deposit_of_quote(draft) <= draft.subtotal)
    quote = quotes.send_quote(draft.pk, by=None, at=AT)
    accepted(quote, MembershipFactory(client=client).user_id)
    quoted.bill_quote(quote.pk, by=None)
    for deed, cents, is_last in deeds:
        invoices = list(quote.invoices.order_by("pk"))
        try:
            if deed == "rest":
                quoted.draft_rest(quote.pk, by=None)
            else:
                work_on(invoices[-1 if is_last else 0], deed, cents, rates)
        except BillingRefused:
            continue
    assert queries.list_breaches() == []
