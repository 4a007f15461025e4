"""Whether the books add up: what must never be found in them, and what their last proof found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Min

from apps.billing import models, rules
from apps.billing.queries.books_of_cards import OF_CARDS
from apps.shared.telemetry import Metric, Sample

CENT = Decimal("0.01")

BREACHES = {
    "an invoice's sums are not those of its lines": """
        SELECT i.id, i.number FROM billing_invoice i
        LEFT JOIN (SELECT invoice_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_invoiceline GROUP BY 1) l
          ON l.invoice_id = i.id
        WHERE i.subtotal <> COALESCE(l.net, 0) OR i.tax <> COALESCE(l.tax, 0) OR i.total <> i.subtotal + i.tax""",
    "a line's amounts are not its quantity, price and rate in whole coins": """
        SELECT id, name FROM (
          SELECT l.id, COALESCE(i.number, 'a draft') || ', line ' || l.position AS name, l.net, l.tax,
            l.quantity * COALESCE(l.unit_price, 0) AS due, l.net * COALESCE(l.tax_percent, 0) / 100 AS due_tax,
            ({coin}) AS coin,
            CASE WHEN i.quote_part IN ('DEPOSIT', 'REST') THEN COALESCE(q.lines, 0) + 2 ELSE 1 END AS roundings
          FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
          LEFT JOIN (SELECT quote_id, tax_rate_id, COUNT(*) AS lines FROM billing_quoteline GROUP BY 1, 2) q
            ON q.quote_id = i.quote_id AND q.tax_rate_id = l.tax_rate_id) priced
        WHERE ABS(net - due) > coin / 2 OR ABS(tax - due_tax) > roundings * coin / 2
          OR MOD(net, coin) <> 0 OR MOD(tax, coin) <> 0""",
    "an invoice is paid by other than what was put to it": """
        SELECT i.id, i.number FROM billing_invoice i
        LEFT JOIN (SELECT invoice_id, SUM(amount) AS amount FROM billing_allocation GROUP BY 1) a ON a.invoice_id = i.id
        WHERE i.paid <> COALESCE(a.amount, 0)""",
    "an invoice is credited by other than its credit notes": """
        SELECT i.id, i.number FROM billing_invoice i
        LEFT JOIN (SELECT invoice_id, SUM(amount) AS amount FROM billing_creditnote GROUP BY 1) c ON c.invoice_id = i.id
        WHERE i.credited <> COALESCE(c.amount, 0)""",
    "more is paid and credited of an invoice than its total": """
        SELECT id, number FROM billing_invoice WHERE paid + credited > total OR paid < 0 OR credited < 0""",
    "an invoice's state is not what was paid of it": """
        SELECT id, number FROM billing_invoice WHERE NOT CASE state
          WHEN 'DRAFT' THEN number IS NULL AND paid = 0 AND credited = 0
          WHEN 'ISSUED' THEN paid = 0 AND credited < total
          WHEN 'PARTIALLY_PAID' THEN paid > 0 AND paid + credited < total
          WHEN 'OVERDUE' THEN paid + credited < total
          WHEN 'PAID' THEN paid > 0 AND paid + credited = total
          ELSE paid = 0 AND (number IS NULL OR credited = total) END""",
    "more of a payment is put to invoices than came, or less than nothing": """
        SELECT p.id, p.transaction_id FROM billing_payment p
        LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM billing_allocation GROUP BY 1) a ON a.payment_id = p.id
        LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM billing_refund GROUP BY 1) r ON r.payment_id = p.id
        WHERE COALESCE(a.amount, 0) + COALESCE(r.amount, 0) > p.amount OR a.amount < 0""",
    "a payment that was reversed still counts, or other than what was left of it was reversed": """
        SELECT p.id, p.transaction_id FROM billing_reversal v JOIN billing_payment p ON p.id = v.payment_id
        LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM billing_allocation GROUP BY 1) a ON a.payment_id = p.id
        LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM billing_refund GROUP BY 1) r ON r.payment_id = p.id
        WHERE COALESCE(a.amount, 0) <> 0 OR v.amount + COALESCE(r.amount, 0) <> p.amount""",
    "a payment is put to an invoice of another client or currency": """
        SELECT a.id, i.number FROM billing_allocation a JOIN billing_payment p ON p.id = a.payment_id
        JOIN billing_invoice i ON i.id = a.invoice_id WHERE p.client_id <> i.client_id OR p.currency <> i.currency""",
    "a payment is put to the same invoice twice": """
        SELECT a.payment_id, i.number FROM billing_allocation a JOIN billing_invoice i ON i.id = a.invoice_id
        GROUP BY a.payment_id, a.invoice_id, a.credit_note_id, a.reversal_id, i.number HAVING COUNT(*) > 1""",
    "a provider's transaction is more than one payment": """
        SELECT id, transaction_id FROM (
          SELECT id, transaction_id, COUNT(*) OVER (PARTITION BY provider, transaction_id) AS n FROM billing_payment p
          WHERE NOT EXISTS (SELECT 1 FROM billing_reversal v WHERE v.payment_id = p.id AND v.kind = 'MISTAKE')) p
        WHERE n > 1""",
    "money is set free of an invoice by other than its credit note or the reversal of its payment": """
        SELECT a.id, i.number FROM billing_allocation a JOIN billing_invoice i ON i.id = a.invoice_id
        LEFT JOIN billing_creditnote c ON c.id = a.credit_note_id
        LEFT JOIN billing_reversal v ON v.id = a.reversal_id
        WHERE (a.amount < 0) <> (NUM_NONNULLS(a.credit_note_id, a.reversal_id) = 1) OR c.invoice_id <> a.invoice_id
          OR v.payment_id <> a.payment_id""",
    "a credit note's sums are not those of its lines": """
        SELECT c.id, c.number FROM billing_creditnote c
        LEFT JOIN (SELECT credit_note_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_creditnoteline GROUP BY 1) l
          ON l.credit_note_id = c.id
        WHERE c.net <> COALESCE(l.net, 0) OR c.tax <> COALESCE(l.tax, 0) OR c.amount <> c.net + c.tax""",
    "more of a line is credited than it says": """
        SELECT l.id, i.number || ', line ' || l.position FROM billing_invoiceline l
        JOIN billing_invoice i ON i.id = l.invoice_id
        JOIN (SELECT invoice_line_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_creditnoteline GROUP BY 1) c
          ON c.invoice_line_id = l.id
        WHERE c.net > l.net OR c.tax > l.tax""",
    "a credit note credits a line of another invoice": """
        SELECT c.id, c.number FROM billing_creditnoteline cl JOIN billing_creditnote c ON c.id = cl.credit_note_id
        JOIN billing_invoiceline l ON l.id = cl.invoice_line_id WHERE l.invoice_id <> c.invoice_id""",
    "a credit note is of another client or currency than its invoice": """
        SELECT c.id, c.number FROM billing_creditnote c JOIN billing_invoice i ON i.id = c.invoice_id
        WHERE c.client_id <> i.client_id OR c.currency <> i.currency""",
    "a document is kept for another client, or its e-invoice has another number or sum": """
        SELECT d.id, COALESCE(i.number, c.number) FROM billing_issueddocument d
        LEFT JOIN billing_invoice i ON i.id = d.invoice_id LEFT JOIN billing_creditnote c ON c.id = d.credit_note_id
        WHERE d.client_id IS DISTINCT FROM COALESCE(i.client_id, c.client_id)
          OR d.xml <> '' AND (
            STRPOS(d.xml, '<ram:ID>' || COALESCE(i.number, c.number) || '</ram:ID>') = 0
            OR SUBSTRING(d.xml FROM '<ram:DuePayableAmount>([0-9.]+)</')::numeric
              IS DISTINCT FROM COALESCE(i.total, c.amount))""",
    "a quote's sums are not those of its lines": """
        SELECT q.id, q.number FROM billing_quote q
        LEFT JOIN (SELECT quote_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_quoteline GROUP BY 1) l
          ON l.quote_id = q.id
        WHERE q.subtotal <> COALESCE(l.net, 0) OR q.tax <> COALESCE(l.tax, 0) OR q.total <> q.subtotal + q.tax""",
    "the parts of a quote have its net of a rate, and not the tax": """
        WITH quoted AS (
          SELECT quote_id, tax_rate_id, SUM(net) AS net, SUM(tax) AS tax FROM billing_quoteline
          GROUP BY 1, 2 HAVING SUM(net) > 0),
        billed AS (
          SELECT i.quote_id, l.tax_rate_id, i.id, l.net, l.tax, q.net AS quoted_net, q.tax AS quoted_tax,
            ABS(l.tax - l.net * l.tax_percent / 100) <= ({coin}) / 2
              AND ABS(l.tax - q.tax * l.net / q.net) >= ({coin}) / 2 AS is_taxed_anew
          FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
          JOIN quoted q ON q.quote_id = i.quote_id AND q.tax_rate_id = l.tax_rate_id
          WHERE i.quote_part IN ('DEPOSIT', 'REST') AND i.state <> 'VOID')
        SELECT q.id, q.number FROM billed b JOIN billing_quote q ON q.id = b.quote_id
        GROUP BY q.id, q.number, b.tax_rate_id, b.quoted_net, b.quoted_tax
        HAVING SUM(b.net) = b.quoted_net AND SUM(b.tax) <> b.quoted_tax
          AND COUNT(*) = COUNT(DISTINCT b.id) AND NOT BOOL_OR(b.is_taxed_anew)""",
    "an invoice bills a quote that its client did not accept, or another client's": """
        SELECT i.id, i.number FROM billing_invoice i JOIN billing_quote q ON q.id = i.quote_id
        WHERE q.state <> 'ACCEPTED' OR q.client_id <> i.client_id OR q.currency <> i.currency""",
    "a reminder is out of its order, early, or of another client's invoice": """
        SELECT r.id, i.number FROM billing_reminder r JOIN billing_invoice i ON i.id = r.invoice_id
        LEFT JOIN billing_reminder p ON p.invoice_id = r.invoice_id AND p.level = r.level - 1
        WHERE r.client_id <> i.client_id OR r.day <= i.due_date OR (r.level > 1 AND (p.day < r.day) IS NOT TRUE)""",
    "a retainer's periods overlap": """
        SELECT p.id, i.number FROM billing_retainerperiod p JOIN billing_invoice i ON i.id = p.invoice_id
        JOIN billing_retainerperiod o ON o.retainer_id = p.retainer_id AND o.id <> p.id
        WHERE p.start_date BETWEEN o.start_date AND o.end_date""",
    "a retainer's period is billed to another client or in another currency": """
        SELECT p.id, i.number FROM billing_retainerperiod p JOIN billing_invoice i ON i.id = p.invoice_id
        JOIN billing_retainer r ON r.id = p.retainer_id
        WHERE r.client_id <> i.client_id OR r.currency <> i.currency""",
    "the numbers of a year are not 1, 2, 3 … to the last one given": """
        WITH given AS (
          SELECT 'INVOICE' AS kind, EXTRACT(year FROM issue_date)::integer AS year, sequence FROM billing_invoice
            WHERE number IS NOT NULL
          UNION ALL SELECT 'CREDIT_NOTE', EXTRACT(year FROM issue_date)::integer, sequence FROM billing_creditnote
          UNION ALL SELECT 'QUOTE', EXTRACT(year FROM issue_date)::integer, sequence FROM billing_quote
            WHERE number IS NOT NULL),
        counted AS (
          SELECT kind, year, COUNT(DISTINCT sequence) AS different, COUNT(*) AS n, MIN(sequence) AS first,
            MAX(sequence) AS highest FROM given GROUP BY 1, 2)
        SELECT kind, year FROM counted c
        FULL JOIN (SELECT kind::text, year::integer, last FROM billing_numberseries) s USING (kind, year)
        WHERE (c.different = c.n AND c.first = 1 AND c.highest = c.n AND s.last = c.highest) IS NOT TRUE""",
    "a number is not made of its kind, year and count": """
        SELECT id, number FROM (
          SELECT id, number, 'INV' AS kind, issue_date, sequence FROM billing_invoice WHERE number IS NOT NULL
          UNION ALL SELECT id, number, 'CN', issue_date, sequence FROM billing_creditnote
          UNION ALL SELECT id, number, 'QUO', issue_date, sequence FROM billing_quote WHERE number IS NOT NULL) numbered
        WHERE number IS DISTINCT FROM kind || '-' || EXTRACT(year FROM issue_date) || '-'
          || LPAD(sequence::text, GREATEST(4, LENGTH(sequence::text)), '0')""",
    "a later number has an earlier date": """
        SELECT id, number FROM (
          SELECT id, number, issue_date, LAG(issue_date) OVER (
            PARTITION BY kind, EXTRACT(year FROM issue_date) ORDER BY sequence) AS before
          FROM (
            SELECT 'INVOICE' AS kind, id, number, issue_date, sequence FROM billing_invoice WHERE number IS NOT NULL
            UNION ALL SELECT 'CREDIT_NOTE', id, number, issue_date, sequence FROM billing_creditnote
            UNION ALL SELECT 'QUOTE', id, number, issue_date, sequence FROM billing_quote WHERE number IS NOT NULL
          ) given) numbered WHERE issue_date < before""",
    "a line of the bank is booked to other than its amount, or booked and not matched": """
        SELECT l.id, LEFT(l.key, 12) FROM billing_bankline l
        LEFT JOIN (
          SELECT m.line_id, SUM(p.amount) AS amount, MIN(p.currency) AS least, MAX(p.currency) AS most
          FROM billing_bankmatch m JOIN billing_payment p ON p.id = m.payment_id
          WHERE NOT EXISTS (SELECT 1 FROM billing_reversal v WHERE v.payment_id = p.id AND v.kind = 'MISTAKE')
          GROUP BY 1) b ON b.line_id = l.id
        WHERE COALESCE(b.amount, 0) <> CASE l.state WHEN 'MATCHED' THEN l.amount ELSE 0 END
          OR b.least <> l.currency OR b.most <> l.currency""",
    "a row of money is without owner": """
        SELECT id, name FROM (
          SELECT id, COALESCE(number, 'a draft') AS name, client_id FROM billing_invoice
          UNION ALL SELECT id, transaction_id, client_id FROM billing_payment
          UNION ALL SELECT id, number, client_id FROM billing_creditnote
          UNION ALL SELECT id, COALESCE(number, 'a draft'), client_id FROM billing_quote
          UNION ALL SELECT l.id, 'line of a quote', q.client_id FROM billing_quoteline l
            LEFT JOIN billing_quote q ON q.id = l.quote_id
          UNION ALL SELECT l.id, 'line of an invoice', i.client_id FROM billing_invoiceline l
            LEFT JOIN billing_invoice i ON i.id = l.invoice_id
          UNION ALL SELECT l.id, 'line of a credit note', c.client_id FROM billing_creditnoteline l
            LEFT JOIN billing_creditnote c ON c.id = l.credit_note_id
          UNION ALL SELECT a.id, 'put to an invoice', i.client_id FROM billing_allocation a
            LEFT JOIN billing_invoice i ON i.id = a.invoice_id
          UNION ALL SELECT a.id, 'part of a payment', p.client_id FROM billing_allocation a
            LEFT JOIN billing_payment p ON p.id = a.payment_id) money
        WHERE NOT EXISTS (SELECT 1 FROM identity_client c WHERE c.id = money.client_id)""",
    **OF_CARDS,
}
"""What must never be found, each as SQL that gives the id and the name of every row that breaks it.

Names are numbers and references, not what a person wrote: they are kept with the proof. `{coin}` stands for the
smallest coin of the currency of the invoice `i`.

The tax of a quote was rounded line by line, and its deposit and rest share it: each may be off by those roundings, and
by its own and its credit's, but together they have the tax of the quote. Finance may write a draft's line anew, which
is then taxed by itself; such a line excuses its quote from the sum.
"""

READ = {
    "quotes": models.Quote,
    "quote lines": models.QuoteLine,
    "invoices": models.Invoice,
    "invoice lines": models.InvoiceLine,
    "payments": models.Payment,
    "allocations": models.Allocation,
    "refunds": models.Refund,
    "reversals": models.Reversal,
    "credit notes": models.CreditNote,
    "credit note lines": models.CreditNoteLine,
    "events of the card service": models.VendorEvent,
    "reminders": models.Reminder,
    "retainers' periods": models.RetainerPeriod,
    "bank lines": models.BankLine,
}
"""What the proof reads, by what people call it."""


@dataclass(frozen=True)
class Breach:
    """A row of the books that is not as it must be."""

    check: str
    subject: str
    detail: str


def list_breaches() -> list[Breach]:
    """Return everything in the books that breaks an invariant; reads all of them."""
    found, coin = [], _coin_in_sql()
    with connection.cursor() as cursor:
        for check, sql in BREACHES.items():
            cursor.execute(sql.replace("{coin}", coin))
            found += [Breach(check, str(subject), str(detail or "")) for subject, detail in cursor.fetchall()]
    return found


def _coin_in_sql() -> str:
    """Return the smallest coin of an invoice's currency as SQL: of what most have, 0.01."""
    codes = models.Invoice.objects.order_by().values_list("currency", flat=True).distinct()
    coins = {code: Decimal(1).scaleb(-rules.digits_of(code)) for code in codes}
    others = "".join(f" WHEN '{code}' THEN {coin}" for code, coin in coins.items() if code.isalpha() and coin != CENT)
    return f"CASE i.currency{others} ELSE {CENT} END" if others else f"{CENT}"


def count_rows() -> dict[str, int]:
    """Return how many rows of each kind the books have."""
    return {name: model.objects.count() for name, model in READ.items()}


@dataclass(frozen=True)
class Standing:
    """How it stands with the proof of the books: the last one, and since when none was made. Neither in empty books."""

    proof: models.BookProof | None
    since: datetime | None

    def is_stale(self, at: datetime) -> bool:
        """Tell whether the books should have been proved again by now."""
        return self.since is not None and at - self.since > models.PROVED_WITHIN


def standing_of_proof() -> Standing:
    """Return the last proof of the books; where there is none, since when there were books to prove."""
    proof = models.BookProof.objects.newest()
    if proof is not None:
        return Standing(proof, proof.proved_at)
    return Standing(None, models.NumberSeries.objects.aggregate(first=Min("created_at"))["first"])


def measure_books(at: datetime) -> Iterator[Metric]:
    """Give what the last proof of the books found, and how long ago it was."""
    standing = standing_of_proof()
    found = (Sample(standing.proof.breach_count),) if standing.proof else ()
    yield Metric("aicmo_book_breaches", "Rows that broke the books when they were last proved.", found)
    age = (Sample((at - standing.since).total_seconds()),) if standing.since else ()
    yield Metric("aicmo_books_unproved_seconds", "How long ago the books were proved, or begun if never.", age)
