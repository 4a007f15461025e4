"""What must never be found in what was paid by card; the proof of the books looks for it beside all else."""

OF_CARDS = {
    "what the card service told was booked as another payment": """
        SELECT v.id, v.event_id FROM billing_vendorevent v LEFT JOIN billing_handling h ON h.event_id = v.id
          AND h.refund_id IS NULL
        LEFT JOIN billing_payment p ON p.id = COALESCE(v.payment_id, h.payment_id)
        WHERE (v.outcome = 'BOOKED' OR h.payment_id IS NOT NULL)
          AND (p.provider = v.provider AND p.transaction_id = v.transaction_id
            AND p.amount = v.amount AND p.currency = v.currency) IS NOT TRUE""",
    "a payment of the card service is not what it told": """
        SELECT p.id, p.transaction_id FROM billing_payment p WHERE p.provider = 'STRIPE' AND NOT EXISTS (
          SELECT 1 FROM billing_vendorevent v
          LEFT JOIN billing_handling h ON h.event_id = v.id AND h.refund_id IS NULL
          WHERE p.id = COALESCE(v.payment_id, h.payment_id))""",
    "more went back of a payment than the card service told": """
        SELECT p.id, p.transaction_id FROM billing_payment p
        JOIN (SELECT payment_id, SUM(amount) AS amount FROM billing_refund GROUP BY 1) r ON r.payment_id = p.id
        LEFT JOIN (SELECT provider, transaction_id, MAX(amount) AS amount FROM billing_vendorevent
          WHERE outcome = 'REFUNDED' GROUP BY 1, 2) v USING (provider, transaction_id)
        WHERE r.amount > COALESCE(v.amount, 0)""",
    "a page to pay on says PAID, and no money came for its invoice": """
        SELECT c.id, i.number FROM billing_checkout c JOIN billing_invoice i ON i.id = c.invoice_id
        WHERE c.state = 'PAID' AND NOT EXISTS (
          SELECT 1 FROM billing_payment p WHERE p.invoice_id = c.invoice_id AND p.provider = 'STRIPE')""",
}
"""As `queries.books.BREACHES`."""
