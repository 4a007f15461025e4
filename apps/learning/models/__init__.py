"""What the agency saw, the texts it keeps, and the lessons drawn from both."""

from apps.learning.models.lessons import Lesson, LessonEvidence, LessonTrial
from apps.learning.models.observations import JudgedSection, LearningEvent
from apps.learning.models.texts import StoredArtifact

__all__ = ["JudgedSection", "LearningEvent", "Lesson", "LessonEvidence", "LessonTrial", "StoredArtifact"]
