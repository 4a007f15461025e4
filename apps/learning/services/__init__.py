"""The verbs of learning: the only place its rows change."""

from apps.learning.services.lessons import (
    LessonRefused,
    activate_lesson,
    dismiss_lesson,
    propose_all,
    propose_lessons,
    retire_lesson,
    shadow_lesson,
    try_lessons,
)
from apps.learning.services.observations import log_event, note_decision
from apps.learning.services.texts import release_artifact, store_artifact, withhold_artifact

__all__ = [
    "LessonRefused",
    "activate_lesson",
    "dismiss_lesson",
    "log_event",
    "note_decision",
    "propose_all",
    "propose_lessons",
    "release_artifact",
    "retire_lesson",
    "shadow_lesson",
    "store_artifact",
    "try_lessons",
    "withhold_artifact",
]
