"""Lessons: proposed from what clients decided, tried, put into effect and taken out of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django_fsm import can_proceed

from apps.learning import queries
from apps.learning.api.dtos import DraftText
from apps.learning.api.events import (
    LessonActivated,
    LessonDismissed,
    LessonProposed,
    LessonRetired,
    LessonShadowed,
)
from apps.learning.models import Lesson, LessonEvidence, LessonTrial
from apps.learning.rules.replay import Suggestion, sections_found, suggest
from apps.shared.events import AuditNote, Event, publish
from apps.shared.resilience import OneByOne

BANNED_WORDS = Lesson.Family.BANNED_WORDS


class LessonRefused(ValueError):
    """A lesson cannot be decided so; the message says why."""


def propose_all(*, at: datetime) -> int:
    """Propose for every client what its decisions suggest; return how many lessons that are."""
    with OneByOne() as each:
        proposed = each.do(lambda client_id: len(propose_lessons(client_id, at=at)), queries.list_clients_that_judged())
    return sum(proposed)


@transaction.atomic
def propose_lessons(client_id: UUID, *, at: datetime) -> list[Lesson]:
    """Propose what a client's decisions suggest and no lesson says yet.

    The same decisions always suggest the same. What was retired or dismissed comes again only once enough objections
    have come in that it did not stand on. Of two at once, the second waits for the first.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"learning.lessons:{client_id}"])
    known = queries.get_known(client_id)
    suggested = suggest(queries.list_judged(client_id), known.used)
    return [
        _propose(client_id, each, known.versions.get(each.phrase, 0) + 1)
        for each in suggested
        if each.phrase not in known.open
    ]


def _propose(client_id: UUID, suggestion: Suggestion, version: int) -> Lesson:
    lesson = Lesson.objects.create(
        client_id=client_id,
        family=BANNED_WORDS,
        subject=suggestion.phrase,
        version=version,
        claim=suggestion.claim,
        sample_size=suggestion.sample_size,
        refused=suggestion.refused,
        named=len(suggestion.named),
        caught=len(suggestion.caught),
        false_alarms=len(suggestion.false_alarms),
        confidence=suggestion.confidence,
    )
    LessonEvidence.objects.bulk_create(_evidence(lesson, suggestion))
    facts = {"sample_size": lesson.sample_size}
    _publish(LessonProposed, lesson, AuditNote(after=_standing(lesson)), **facts)
    return lesson


def _evidence(lesson: Lesson, suggestion: Suggestion) -> list[LessonEvidence]:
    kinds: dict[UUID, str] = dict.fromkeys(suggestion.false_alarms, LessonEvidence.Kind.FALSE_ALARM)
    kinds |= dict.fromkeys(suggestion.caught, LessonEvidence.Kind.CAUGHT)
    kinds |= dict.fromkeys(suggestion.named, LessonEvidence.Kind.NAMED)
    return [LessonEvidence(lesson=lesson, judged_id=judged_id, kind=kind) for judged_id, kind in kinds.items()]


def activate_lesson(lesson: Lesson, *, by: UUID, at: datetime, reason: str = "") -> Lesson:
    """Let a lesson change drafts and checks that begin from now on; runs under way keep what they began with."""
    return _decide(lesson, "activate", LessonActivated, by=by, at=at, reason=reason)


def shadow_lesson(lesson: Lesson, *, by: UUID, at: datetime, reason: str = "") -> Lesson:
    """Have a lesson tried on new drafts: what it would find is counted, and nothing changes."""
    return _decide(lesson, "shadow", LessonShadowed, by=by, at=at, reason=reason)


def retire_lesson(lesson: Lesson, *, by: UUID, at: datetime, reason: str) -> Lesson:
    """Take a lesson out of effect: later drafts and checks are as if it had never been. Raises without a reason."""
    _require_reason(reason, "say why it should not hold any more.")
    return _decide(lesson, "retire", LessonRetired, by=by, at=at, reason=reason)


def dismiss_lesson(lesson: Lesson, *, by: UUID, at: datetime, reason: str) -> Lesson:
    """Turn a proposed lesson down; the same evidence does not bring it again. Raises without a reason."""
    _require_reason(reason, "say what is wrong with the proposal.")
    return _decide(lesson, "dismiss", LessonDismissed, by=by, at=at, reason=reason)


def try_lessons(draft: DraftText, *, client_id: UUID, at: datetime) -> None:
    """Count what the lessons that are tried for a client would find in a draft, once for each; changes nothing else."""
    tried = Lesson.objects.tried(client_id)
    trials = [
        LessonTrial(
            lesson=lesson,
            draft_id=draft.draft_id,
            sections=sections_found(lesson.subject, draft.sections),
            tried_at=at,
        )
        for lesson in tried
    ]
    LessonTrial.objects.bulk_create(trials, ignore_conflicts=True)


def _require_reason(reason: str, fix: str) -> None:
    if not reason.strip():
        raise LessonRefused(f"reason is empty: {fix}")


@transaction.atomic
def _decide(lesson: Lesson, verb: str, kind: type[Event], *, by: UUID, at: datetime, reason: str) -> Lesson:
    """Take a lesson to another state, and tell of it. Raises LessonRefused from a state that does not lead there."""
    lesson = Lesson.objects.select_for_update().get(pk=lesson.pk)
    take: Any = getattr(lesson, verb)
    if not can_proceed(take):
        raise LessonRefused(f"The lesson is {lesson.state.lower()} and cannot go there from that.")
    before = _standing(lesson)
    take()
    lesson.decided_by_id, lesson.decided_at, lesson.reason = by, at, reason
    lesson.save(update_fields=["state", "decided_by", "decided_at", "reason", "updated_at"])
    _publish(kind, lesson, AuditNote(actor_id=by, reason=reason, before=before, after=_standing(lesson)))
    return lesson


def _publish(kind: type[Event], lesson: Lesson, note: AuditNote, **facts: Any) -> None:
    about = {"client_id": lesson.client_id, "aggregate_id": lesson.pk}
    publish(kind(**about, claim=lesson.claim, version=lesson.version, **facts), note)


def _standing(lesson: Lesson) -> dict[str, Any]:
    return {"state": str(lesson.state), "version": lesson.version, "subject": lesson.subject}
