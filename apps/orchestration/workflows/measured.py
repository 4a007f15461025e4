"""What reports count: our events as numbers, each with the row behind it. Read top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from apps.billing.api.events import (
    InvoiceIssued,
    InvoicePaid,
    InvoiceVoided,
    PaymentReceived,
    PaymentReversed,
    QuoteAccepted,
)
from apps.client_review.api.events import ClientReviewSent, ReviewDecided, ReviewWithdrawn
from apps.delivery.api.events import Delivered, PackageWithdrawn
from apps.production.api import ports as production
from apps.qc.api.events import QcFailed, QcPassed, ReportWithdrawn
from apps.reporting.api import ports as reporting
from apps.reporting.api.dtos import MetricPoint
from apps.retention.api.events import SurveyAnswered
from apps.shared.events import Event
from apps.shared.models import moment_of

DAY = 86_400


@dataclass(frozen=True)
class Measured:
    """One number that an event adds: its metric, the kind of row behind it, and how much; None adds nothing."""

    of: type[Event]
    metric: str
    unit: str
    source: str
    value: Callable[[Any], Decimal | int | None] = lambda event: 1
    called: str = ""

    @property
    def name(self) -> str:
        """The name of its reaction; what is `called` otherwise adds to a metric that another event adds to."""
        if self.called:
            return self.called
        return f"measure_{self.metric}" if self.metric != "taken_back" else f"take_back_{self.source}"

    def collect(self, event: Event) -> None:
        """Have reporting store the number, once."""
        value = self.value(event)
        if value is None or event.client_id is None:
            return
        point = MetricPoint(
            name=self.metric,
            value=Decimal(value),
            unit=self.unit,
            source=f"{self.source}:{event.aggregate_id}",
            at=event.occurred_at,
        )
        reporting.collect_metrics(client_id=event.client_id, points=(point,))


def days_since_brief(event: Delivered) -> Decimal | None:
    """Return the days from the brief of a delivered draft to its delivery; None once the draft was taken back."""
    try:
        brief_id = production.get_draft(draft_id=event.draft_id).brief_id
    except ObjectDoesNotExist:
        return None
    seconds = Decimal(str((event.occurred_at - moment_of(brief_id)).total_seconds()))
    return (seconds / DAY).quantize(Decimal("0.0001"))


def is_decided(verdict: str) -> Callable[[ReviewDecided], int | None]:
    """Make what counts the decisions of one kind."""
    return lambda event: 1 if event.verdict == verdict else None


MEASURED = (
    Measured(Delivered, "packages_delivered", "packages", "packages"),
    Measured(Delivered, "days_to_delivery", "days", "packages", days_since_brief),
    Measured(PackageWithdrawn, "taken_back", "", "packages"),
    Measured(QcPassed, "qc_pass_rate", "%", "checks", lambda event: 100),
    Measured(QcFailed, "qc_pass_rate", "%", "checks", lambda event: 0, called="measure_failed_checks"),
    Measured(ReportWithdrawn, "taken_back", "", "checks"),
    Measured(ClientReviewSent, "reviews_sent", "reviews", "reviews"),
    Measured(ReviewDecided, "drafts_approved", "drafts", "reviews", is_decided("APPROVED")),
    Measured(ReviewDecided, "changes_requested", "reviews", "reviews", is_decided("CHANGES_REQUESTED")),
    Measured(ReviewDecided, "drafts_rejected", "drafts", "reviews", is_decided("REJECTED")),
    Measured(ReviewWithdrawn, "taken_back", "", "reviews"),
    # How many, and not what they said: of few answers, the numbers would tell a client who said what.
    Measured(SurveyAnswered, "survey_answers", "answers", "surveys"),
    Measured(QuoteAccepted, "quotes_accepted", "quotes", "quotes"),
    Measured(InvoiceIssued, "invoices_issued", "invoices", "invoices"),
    Measured(InvoicePaid, "invoices_paid", "invoices", "invoices"),
    Measured(PaymentReceived, "payments_received", "payments", "payments"),
    Measured(PaymentReversed, "taken_back", "", "payments"),
    Measured(InvoiceVoided, "taken_back", "", "invoices"),
)
