"""The verbs of retention: the only place its rows change."""

from apps.retention.services.health import assess_clients, assess_renewal_risk, note_signal
from apps.retention.services.lifecycles import activate_lifecycle, open_lifecycle
from apps.retention.services.opportunities import (
    decline_opportunity,
    detect_opportunities,
    suggest_opportunities,
    win_opportunity,
)
from apps.retention.services.plays import PlayRefused, complete_play_task, finish_play, start_play, stop_play
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
    "PlayRefused",
    "ReasonMissing",
    "SurveyRefused",
    "activate_lifecycle",
    "answer_survey",
    "assess_clients",
    "assess_renewal_risk",
    "check_renewal",
    "check_renewals",
    "complete_play_task",
    "complete_task",
    "decline_opportunity",
    "detect_opportunities",
    "finish_play",
    "follow_up_survey",
    "hash_of",
    "lose_renewal",
    "mail_survey",
    "note_signal",
    "open_lifecycle",
    "register_bell",
    "renew_renewal",
    "send_survey",
    "start_play",
    "stop_play",
    "suggest_opportunities",
    "sweep_surveys",
    "take_renewal",
    "win_opportunity",
]
