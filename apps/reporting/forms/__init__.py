"""What the desk takes in of reports and measured values."""

from apps.reporting.forms.imports import MappingForm, MetricFileForm
from apps.reporting.forms.reports import NewReportForm, last_month

__all__ = ["MappingForm", "MetricFileForm", "NewReportForm", "last_month"]
