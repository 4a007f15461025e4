"""What a client's score stands on: events of other modules, each taken down once. Read top to bottom."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.billing.api.events import InvoiceIssued, InvoiceOverdue, InvoicePaid, InvoiceVoided
from apps.client_review.api.events import ClientFeedbackReceived, ReviewDecided, ReviewWithdrawn, RevisionPlanned
from apps.delivery.api.events import Delivered
from apps.onboarding.api.events import IntakeCaptured
from apps.qc.api.events import QcFailed, QcPassed, ReportWithdrawn
from apps.reporting.api import ports as reporting
from apps.reporting.api.events import ReportPublished
from apps.retention.api import ports as retention
from apps.retention.api.dtos import Signal, SignalKind
from apps.shared.events import Event


@dataclass(frozen=True)
class Noticed:
    """What one kind of events tells of a client, and the number in it, if there is one; money has a currency."""

    of: type[Event]
    kind: SignalKind
    value: Callable[[Any], Decimal | None] = lambda event: None
    currency: Callable[[Any], str] = lambda event: ""

    @property
    def name(self) -> str:
        """The name of its reaction."""
        return f"notice_{self.of.__name__}"

    def note(self, event: Event) -> None:
        """Have retention take it down, once."""
        if event.client_id is None:
            return
        signal = Signal(
            kind=self.kind,
            about_id=event.aggregate_id,
            value=self.value(event),
            currency=self.currency(event),
            source_event_id=event.event_id,
            at=event.occurred_at,
        )
        retention.note_signal(client_id=event.client_id, signal=signal)


def mean_attainment(event: ReportPublished) -> Decimal | None:
    """Return what a published report reached of its targets, in percent; None where it measured none.

    A target that was passed counts as reached: it makes up for no other.
    """
    kpis = reporting.get_report(report_id=event.aggregate_id).findings.kpis
    reached = [min(each.attainment_pct, Decimal(100)) for each in kpis if each.attainment_pct is not None]
    return (sum(reached) / len(reached)).quantize(Decimal("0.01")) if reached else None


NOTICED = (
    Noticed(IntakeCaptured, "INTAKE_SENT"),
    Noticed(ReviewDecided, "REVIEW_DECIDED"),
    Noticed(ClientFeedbackReceived, "COMMENTED"),
    Noticed(RevisionPlanned, "ROUND_PLANNED", lambda event: Decimal(event.beyond_included)),
    Noticed(ReviewWithdrawn, "TAKEN_BACK"),
    Noticed(QcPassed, "QC_PASSED"),
    Noticed(QcFailed, "QC_FAILED"),
    Noticed(ReportWithdrawn, "TAKEN_BACK"),
    Noticed(Delivered, "DELIVERED"),
    Noticed(InvoiceIssued, "INVOICE_ISSUED", lambda event: event.total.amount, lambda event: event.total.currency),
    Noticed(InvoiceOverdue, "INVOICE_OVERDUE"),
    Noticed(InvoicePaid, "INVOICE_SETTLED"),
    Noticed(InvoiceVoided, "TAKEN_BACK"),
    Noticed(ReportPublished, "REPORT_PUBLISHED", mean_attainment),
)
