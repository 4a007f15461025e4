"""What was measured, the files it came in, and the reports made of it."""

from apps.reporting.models.imports import ColumnMapping, MetricImport, MetricRefusal
from apps.reporting.models.letters import ReportLetter
from apps.reporting.models.reports import MetricPoint, Report

__all__ = ["ColumnMapping", "MetricImport", "MetricPoint", "MetricRefusal", "Report", "ReportLetter"]
