"""The account manager's desk: who may leave and why, whose contract ends, and who would not recommend us."""

from apps.retention.admin.clients import LifecycleAdmin
from apps.retention.admin.opportunities import OpportunityAdmin
from apps.retention.admin.plays import PlayAdmin, PlayTaskAdmin
from apps.retention.admin.renewals import RenewalAdmin, RenewalTaskAdmin
from apps.retention.admin.scores import HealthScoreAdmin, SignalAdmin
from apps.retention.admin.surveys import SurveyAdmin

__all__ = [
    "HealthScoreAdmin",
    "LifecycleAdmin",
    "OpportunityAdmin",
    "PlayAdmin",
    "PlayTaskAdmin",
    "RenewalAdmin",
    "RenewalTaskAdmin",
    "SignalAdmin",
    "SurveyAdmin",
]
