"""The buttons of retention."""

from typing import Any

from django.utils import timezone
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from apps.retention import services
from apps.shared.admin import Button

REFUSED = (
    TransitionNotAllowed,
    ConcurrentTransition,
    services.ReasonMissing,
    services.SurveyRefused,
    services.PlayRefused,
)


def now(service: Any, row: Any, **arguments: Any) -> Any:
    """Call a service with this moment."""
    return service(row, at=timezone.now(), **arguments)


def button(name: str, label: str, service: Any, offered: Any, explanation: str, **options: Any) -> Button:
    """Make a button of retention, whose permission has the same name."""
    known = {"permission": f"retention.{name}", "refusals": REFUSED}
    return Button(name=name, label=label, service=service, offered=offered, explanation=explanation, **known | options)
