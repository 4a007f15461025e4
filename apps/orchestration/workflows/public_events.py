"""What clients' own systems hear of, by webhook: our events under names that stay. Read top to bottom.

The messages are thin: ids to ask the API with, and the few facts that say whether it is worth asking. A line names each
field it lets out, so that a field added to an event stays inside.
"""

import json
from dataclasses import dataclass
from typing import Any

from apps.billing.api.events import (
    InvoiceIssued,
    InvoiceOverdue,
    InvoicePaid,
    PaymentReceived,
    PaymentReversed,
    QuoteAccepted,
    QuoteDeclined,
    QuoteSent,
)
from apps.client_review.api.events import ClientReviewSent, ReviewDecided
from apps.delivery.api.events import Delivered
from apps.orchestration.api.events import RunCompleted
from apps.reporting.api.events import ReportPublished
from apps.shared.events import Event
from apps.strategy.api.events import StrategyApproved, StrategyGenerated


@dataclass(frozen=True)
class PublicEvent:
    """A type of messages: its name outside, the event it tells of, and which fields of that go out beside the id."""

    name: str
    of: type[Event]
    fields: tuple[str, ...] = ()

    def body(self, event: Event) -> str:
        """Return the message, as JSON."""
        given = event.model_dump(mode="json", include={"client_id", *self.fields})
        return message(self.name, event.occurred_at.isoformat(), {"id": str(event.aggregate_id), **given})


def message(kind: str, timestamp: str, data: dict[str, Any]) -> str:
    """Return a message as JSON, the same bytes each time."""
    return json.dumps({"type": kind, "timestamp": timestamp, "data": data}, separators=(",", ":"), ensure_ascii=False)


PUBLIC_EVENTS = (
    PublicEvent("strategy.ready", StrategyGenerated, ("version",)),
    PublicEvent("strategy.approved", StrategyApproved, ("version",)),
    PublicEvent("draft.ready_for_review", ClientReviewSent, ("draft_id", "round")),
    PublicEvent("review.decided", ReviewDecided, ("draft_id", "round", "verdict")),
    PublicEvent("package.delivered", Delivered),
    PublicEvent("run.completed", RunCompleted),
    PublicEvent("quote.sent", QuoteSent, ("number", "version", "valid_until_date")),
    PublicEvent("quote.accepted", QuoteAccepted, ("number", "version")),
    PublicEvent("quote.declined", QuoteDeclined, ("number", "version")),
    PublicEvent("invoice.issued", InvoiceIssued, ("number", "due_date")),
    PublicEvent("invoice.overdue", InvoiceOverdue, ("number", "days_overdue")),
    PublicEvent("invoice.paid", InvoicePaid, ("number",)),
    PublicEvent("payment.received", PaymentReceived, ("invoice_id",)),
    PublicEvent("payment.reversed", PaymentReversed, ("invoice_id", "kind")),
    PublicEvent("report.ready", ReportPublished, ("start_date", "end_date", "version")),
)
BY_EVENT = {public.of.__name__: public for public in PUBLIC_EVENTS}
TYPES = tuple(public.name for public in PUBLIC_EVENTS)
TEST = "webhook.test"
"""The type of the message that an endpoint gets when somebody tries it; nobody has to ask for it."""
