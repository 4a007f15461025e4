"""The verbs of retention: the only place its rows change."""

from apps.retention.services.health import assess_clients, assess_renewal_risk, note_signal
from apps.retention.services.lifecycles import activate_lifecycle, open_lifecycle
from apps.retention.services.records import ReasonMissing
from apps.retention.services.renewals import (
    check_renewal,
    check_renewals,
    complete_task,
    lose_renewal,
    renew_renewal,
    take_renewal,
)
from apps.retention.services.surveys import (
    SurveyRefused,
    answer_survey,
    follow_up_survey,
    hash_of,
    mail_survey,
    register_bell,
    send_survey,
    sweep_surveys,
)

__all__ = [
    "ReasonMissing",
    "SurveyRefused",
    "activate_lifecycle",
    "answer_survey",
    "assess_clients",
    "assess_renewal_risk",
    "check_renewal",
    "check_renewals",
    "complete_task",
    "follow_up_survey",
    "hash_of",
    "lose_renewal",
    "mail_survey",
    "note_signal",
    "open_lifecycle",
    "register_bell",
    "renew_renewal",
    "send_survey",
    "sweep_surveys",
    "take_renewal",
]
