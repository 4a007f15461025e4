"""The desk of reporting: reports, measured values and the files they come in."""

from apps.reporting.admin.imports import ColumnMappingAdmin, MetricImportAdmin
from apps.reporting.admin.points import MetricPointAdmin
from apps.reporting.admin.reports import ReportAdmin

__all__ = ["ColumnMappingAdmin", "MetricImportAdmin", "MetricPointAdmin", "ReportAdmin"]
