"""Where clients stand with us, what was seen of them, how likely they are to leave, and what is done about it."""

from apps.retention.models.lifecycles import HealthScore, Lifecycle
from apps.retention.models.opportunities import Opportunity
from apps.retention.models.plays import Play, PlayTask
from apps.retention.models.renewals import Renewal, RenewalTask
from apps.retention.models.signals import ENGAGEMENTS, Signal
from apps.retention.models.surveys import Survey

__all__ = [
    "ENGAGEMENTS",
    "HealthScore",
    "Lifecycle",
    "Opportunity",
    "Play",
    "PlayTask",
    "Renewal",
    "RenewalTask",
    "Signal",
    "Survey",
]
