"""Reports as documents: the frozen numbers, drawn and in tables. The same report gives the same bytes."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.reporting import queries
from apps.reporting.api.dtos import Findings, KpiResult, MetricResult
from apps.reporting.models import Report
from apps.reporting.services import wording
from apps.reporting.services.glance import glance_of
from apps.shared.gateways.typst import fit_for_print, typeset_for_page
from apps.shared.text import clean, one_line

TEMPLATE = Path(__file__).resolve().parents[3] / "templates" / "documents" / "client_report" / "report.typ"
LONGEST_BAR = Decimal(150)
"""Percent of what was due: a bar that is longer is cut here, and its number says how long it would be."""


def report_pdf(report: Report, *, language: str, scopes: Iterable[str]) -> bytes:
    """Return a report as a PDF, with what somebody of these scopes may see of it.

    Its moment is that of its publication, or of its making while it is a draft; its SHA-256 stands at the foot of each
    page. Raises DocumentUnavailable when it cannot be set.
    """
    with translation.override(language):
        document = _document(report, language, Findings.model_validate(queries.shown_content(report, scopes)))
    at = report.published_at or report.generated_at
    return typeset_for_page(f"{report.file_name}.pdf", TEMPLATE, {"report": fit_for_print(document)}, at=at)


def _document(report: Report, language: str, findings: Findings) -> dict[str, Any]:
    return {
        "language": language,
        "agency": settings.AGENCY_NAME,
        "client": one_line(report.client.name),
        "title": _("Report"),
        "period": wording.period(report.start_date, report.end_date),
        "mark": "" if report.state == Report.State.PUBLISHED else _("DRAFT"),
        "sha256": report.sha256,
        "note": [clean(line) for line in report.note.splitlines() if line.strip()],
        "glance": [vars(each) for each in glance_of(findings)],
        "insights": {
            "title": _("What the numbers show"),
            "texts": [wording.insight(each) for each in findings.insights],
            "none": _("Too little was recorded in this time to say something of it."),
        },
        "kpis": _kpis(findings.kpis),
        "metrics": _metrics(findings.metrics),
        "advice": _advice(findings),
    }


def _kpis(kpis: Iterable[KpiResult]) -> dict[str, Any]:
    return {
        "title": _("Numbers to reach"),
        "scale": _("Percent of what was due in this time"),
        "head": (_("Number"), _("In this time"), _("Due"), _("Reached"), _("Time before"), _("Change")),
        "rows": [
            {
                "name": one_line(kpi.name),
                "cells": (
                    f"{wording.number(kpi.value)} {one_line(kpi.unit)}" if kpi.value is not None else _("not measured"),
                    wording.number(kpi.due) or _("no target"),
                    wording.percent(kpi.attainment_pct) or "–",
                    *_before(kpi),
                ),
                "percent": _bar(kpi.attainment_pct),
                "reached": wording.percent(kpi.attainment_pct),
            }
            for kpi in kpis
        ],
        "none": _("No strategy was approved by the end of this time, so that there is no target."),
    }


def _metrics(metrics: Iterable[MetricResult]) -> dict[str, Any]:
    return {
        "title": _("What was done"),
        "head": (_("What"), _("In this time"), _("Time before"), _("Change")),
        "legend": (_("In this time"), _("Time before")),
        "scale": _("Each on a scale of its own"),
        "rows": [
            {
                "name": wording.metric(each.name),
                "cells": (wording.number(each.value) or _("nothing recorded"), *_before(each)),
                "pair": _pair(each),
                "said": (wording.number(each.value), wording.number(each.before)),
            }
            for each in metrics
        ],
    }


def _advice(findings: Findings) -> dict[str, Any]:
    said = map(wording.advice, findings.recommendations)
    return {
        "title": _("What we advise"),
        "items": [
            {"action": each.action, "why": each.rationale, "effect": f"{each.expected_effect} ({each.effort})"}
            for each in said
        ],
        "none": _("Nothing follows from these numbers by itself."),
    }


def _before(result: KpiResult | MetricResult) -> tuple[str, str]:
    return wording.number(result.before) or "–", wording.change(result.change_pct) or "–"


def _bar(percent: Decimal | None) -> float | None:
    return None if percent is None else float(min(max(percent, Decimal(0)), LONGEST_BAR))


def _pair(result: MetricResult) -> tuple[float, float] | None:
    """Return both bars of a metric as shares of the longer one; None where there is nothing to compare."""
    if result.value is None or result.before is None:
        return None
    longest = max(result.value, result.before)
    return None if longest <= 0 else (float(result.value / longest), float(result.before / longest))
