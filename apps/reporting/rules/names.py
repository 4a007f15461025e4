"""What the platform counts by itself, and what names mean that no other may have."""

from dataclasses import dataclass
from typing import Literal

TAKEN_BACK = "taken_back"
"""The name of the point that says of a source that it counts no more: points are never changed or removed."""
BY_DAY = "_by_day"
"""What the kind of a source ends with that stands for many rows of one day, added up."""


@dataclass(frozen=True)
class Metric:
    """Something the platform counts by itself. `scope` is what a client's person needs to be told."""

    name: str
    unit: str
    how: Literal["SUM", "MEAN"] = "SUM"
    scope: Literal["read", "billing"] = "read"


METRICS = (
    Metric("packages_delivered", "packages"),
    Metric("days_to_delivery", "days", how="MEAN"),
    Metric("qc_pass_rate", "%", how="MEAN"),
    Metric("reviews_sent", "reviews"),
    Metric("drafts_approved", "drafts"),
    Metric("changes_requested", "reviews"),
    Metric("drafts_rejected", "drafts"),
    Metric("survey_answers", "answers"),
    Metric("quotes_accepted", "quotes", scope="billing"),
    Metric("invoices_issued", "invoices", scope="billing"),
    Metric("invoices_paid", "invoices", scope="billing"),
    Metric("payments_received", "payments", scope="billing"),
)
"""In the order in which a report tells them."""
OURS = {metric.name for metric in METRICS} | {TAKEN_BACK}
