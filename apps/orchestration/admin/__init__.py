"""The engine at the desk: runs and their commands, events and dead letters, the switches over everything."""

from apps.orchestration.admin.control import ControlFlagAdmin
from apps.orchestration.admin.events import EventReceiptAdmin, OutboxEventAdmin
from apps.orchestration.admin.runs import WorkflowRunAdmin
from apps.orchestration.admin.steps import StepRunAdmin

__all__ = ["ControlFlagAdmin", "EventReceiptAdmin", "OutboxEventAdmin", "StepRunAdmin", "WorkflowRunAdmin"]
