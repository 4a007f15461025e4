"""What the pages of retention show alike: a score in words and bars, and where they stand."""

from datetime import date
from typing import Any

from django.utils import timezone

from apps.retention import queries
from apps.retention.models import HealthScore
from apps.retention.rules import LEAST_MEASURED, LOW_BELOW, MEDIUM_BELOW, day_of
from apps.shared.admin import NOTHING, badge, words

TAB = "Retention"
NAMES = {"QC_FAILS": "QC fails", "KPI_ATTAINMENT": "KPI attainment", "NPS": "NPS"}
"""Of the factors that are called by initials."""
CLIENTS = ("Clients", "admin:identity_client_changelist", "identity.view_client")


def today() -> date:
    """Return the day on which renewals count."""
    return day_of(timezone.now())


def percent(score: Any) -> str:
    """Return a risk from 0 to 1 as people read it."""
    return NOTHING if score is None else f"{score * 100:.0f}\N{NO-BREAK SPACE}%"


def factors_of(row: HealthScore | None) -> dict[str, Any]:
    """Return what the table of a score's factors shows, the heaviest first; what was not measured comes last."""
    if row is None:
        return {"score_row": None}
    found = queries.recomputed(row)
    ordered = sorted(found.factors, key=lambda each: (each.risk is None, -each.contribution, -each.weight))
    return {
        "score_row": row,
        "score": percent(row.score),
        "level": badge(row.level),
        "measured": percent(row.measured_weight),
        "least": percent(LEAST_MEASURED),
        "low": str(LOW_BELOW),
        "high": str(MEDIUM_BELOW),
        "factors": [
            {
                "name": NAMES.get(each.name) or words(each.name.lower()),
                "said": each.explanation,
                "risk": None if each.risk is None else f"{each.risk:f}",
                "percent": percent(each.risk),
                "weight": percent(each.weight),
                "adds": NOTHING if each.risk is None else f"{each.contribution * 100:.1f}",
            }
            for each in ordered
        ],
    }
