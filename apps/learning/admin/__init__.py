"""The desk's pages of learning: what was seen, the texts that are kept, and the lessons."""

from apps.learning.admin.lessons import LessonAdmin
from apps.learning.admin.observations import LearningEventAdmin
from apps.learning.admin.texts import StoredArtifactAdmin

__all__ = ["LearningEventAdmin", "LessonAdmin", "StoredArtifactAdmin"]
