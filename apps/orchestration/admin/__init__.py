"""The engine at the desk: runs and their commands, events and dead letters, webhooks, the switches over everything."""

from apps.orchestration.admin.control import ControlFlagAdmin
from apps.orchestration.admin.events import EventReceiptAdmin, OutboxEventAdmin
from apps.orchestration.admin.runs import WorkflowRunAdmin
from apps.orchestration.admin.steps import StepRunAdmin
from apps.orchestration.admin.webhooks import WebhookDeliveryAdmin, WebhookEndpointAdmin

__all__ = [
    "ControlFlagAdmin",
    "EventReceiptAdmin",
    "OutboxEventAdmin",
    "StepRunAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
    "WorkflowRunAdmin",
]
