"""The part of a run's page that follows the run: rendered with the page, and again whenever it looks different."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from apps.orchestration.models import WorkflowRun

LIVE = "admin:orchestration_workflowrun_live"
STOP_POLLING = 286
"""htmx's own status: put this into the page, and do not ask again."""
LOAD_ANEW = {"HX-Refresh": "true"}


@dataclass(frozen=True)
class LivePart:
    """The part as a browser gets it, and a version that changes when anything in it does."""

    html: SafeString
    version: str


def live_part(run: WorkflowRun, shown: dict[str, Any]) -> LivePart:
    """Render the part; while the run has not ended it asks every other second whether there is a newer version."""
    body = render_to_string("admin/orchestration/run_body.html", shown)
    version = hashlib.sha256(body.encode()).hexdigest()[:16]
    known = urlencode({"state": run.state, "seen": version})
    polled = "" if run.state in WorkflowRun.ENDED else f"{reverse(LIVE, args=[run.pk])}?{known}"
    html = render_to_string("admin/orchestration/run_live.html", {"body": body, "polled": polled})
    return LivePart(html, version)
