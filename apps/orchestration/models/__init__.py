"""The memory of the engine."""

from apps.orchestration.models.archive import ArchivedRun
from apps.orchestration.models.clock import ClockTimestamp, StatementTimestamp, seconds_from_now
from apps.orchestration.models.control import ControlFlag
from apps.orchestration.models.events import EventReceipt, OutboxEvent
from apps.orchestration.models.runs import ROUND_DECISION, TakenAlready, WorkflowRun
from apps.orchestration.models.steps import StepRun
from apps.orchestration.models.uploads import Upload
from apps.orchestration.models.webhooks import WebhookDelivery, WebhookEndpoint

__all__ = [
    "ROUND_DECISION",
    "ArchivedRun",
    "ClockTimestamp",
    "ControlFlag",
    "EventReceipt",
    "OutboxEvent",
    "StatementTimestamp",
    "StepRun",
    "TakenAlready",
    "Upload",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkflowRun",
    "seconds_from_now",
]
