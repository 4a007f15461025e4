"""What the pages of retention share: their buttons, and a score in words and bars."""

from datetime import UTC, date
from typing import Any

from django.utils import timezone
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.retention import queries, services
from apps.retention.models import HealthScore
from apps.retention.rules import LEAST_MEASURED
from apps.shared.admin import (
    NOTHING,
    Button,
    badge,
    words,
)

REFUSED = (TransitionNotAllowed, ConcurrentTransition, services.ReasonMissing, services.SurveyRefused)
TAB = "Retention"
NAMES = {"QC_FAILS": "QC fails", "KPI_ATTAINMENT": "KPI attainment", "NPS": "NPS"}
"""Of the factors that are called by initials."""
CLIENTS = ("Clients", "admin:identity_client_changelist", "identity.view_client")


def now(service: Any, row: Any, **arguments: Any) -> Any:
    """Call a service with this moment."""
    return service(row, at=timezone.now(), **arguments)


def today() -> date:
    """Return the day on which renewals count."""
    return timezone.now().astimezone(UTC).date()


def button(name: str, label: str, service: Any, offered: Any, explanation: str, **options: Any) -> Button:
    """Make a button of retention, whose permission has the same name."""
    known = {"permission": f"retention.{name}", "refusals": REFUSED}
    return Button(name=name, label=label, service=service, offered=offered, explanation=explanation, **known | options)


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
