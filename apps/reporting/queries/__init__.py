"""Reads of reporting."""

from apps.reporting.queries.imports import (
    SHOWN,
    find_import,
    preview_import,
    proposed_mapping,
    refusals_of,
)
from apps.reporting.queries.kpis import measured_kpis
from apps.reporting.queries.months import months_to_report, readers_of
from apps.reporting.queries.points import taken_back, with_standing
from apps.reporting.queries.reports import (
    find_latest,
    findings_of,
    get_report,
    point_of,
    points_between,
    shown_content,
    to_dto,
)

__all__ = [
    "SHOWN",
    "find_import",
    "find_latest",
    "findings_of",
    "get_report",
    "measured_kpis",
    "months_to_report",
    "point_of",
    "points_between",
    "preview_import",
    "proposed_mapping",
    "readers_of",
    "refusals_of",
    "shown_content",
    "taken_back",
    "to_dto",
    "with_standing",
]
