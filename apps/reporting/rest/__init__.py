"""The portal's API: reports, and values that clients' own systems measure."""

from apps.reporting.rest.metrics import Metrics
from apps.reporting.rest.reports import Reports

__all__ = ["Metrics", "Reports"]
