"""Orchestration's part of the portal's API."""

from apps.orchestration.rest.runs import Runs
from apps.orchestration.rest.webhooks import Webhooks

__all__ = ["Runs", "Webhooks"]
