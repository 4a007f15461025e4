"""Orchestration's part of the portal's API."""

from apps.orchestration.rest.webhooks import Webhooks

__all__ = ["Webhooks"]
