"""The verbs of reporting: the only place its rows change."""

from apps.reporting.services.reports import (
    collect_metrics,
    generate_report,
    make_report,
    publish_report,
    withdraw_report,
)

__all__ = ["collect_metrics", "generate_report", "make_report", "publish_report", "withdraw_report"]
