"""Reads of learning: what clients judged, what is known of it, and what was kept."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from apps.learning.api import dtos
from apps.learning.models import JudgedSection, Lesson, LessonEvidence, LessonTrial, StoredArtifact
from apps.learning.models.texts import StoredArtifactQuerySet
from apps.learning.rules.replay import ENOUGH_DECISIONS, MOST_LOOKED_AT, Judged
from apps.learning.rules.words import likely_expression, search_expression, search_words

MOST_MATCHES = 50


@dataclass(frozen=True)
class Known:
    """What a client's lessons say already, by their words: the open ones, the versions, and the sections they used."""

    open: Collection[str]
    versions: dict[str, int]
    used: dict[str, set[UUID]]


def list_clients_that_judged() -> list[UUID]:
    """List the clients that judged enough sections for anything to be proposed."""
    counted = JudgedSection.objects.order_by("client_id").values("client_id").annotate(judged=Count("pk"))
    return list(counted.filter(judged__gte=ENOUGH_DECISIONS).values_list("client_id", flat=True))


def list_undecided_clients(rows: QuerySet[JudgedSection]) -> list[dict[str, Any]]:
    """List the clients that judged too few sections for a proposal yet, with how many, the nearest to enough first."""
    counted = rows.order_by().values("client_id", "client__name").annotate(judged=Count("pk"))
    return list(counted.filter(judged__lt=ENOUGH_DECISIONS).order_by("-judged", "client_id")[:10])


def list_judged(client_id: UUID) -> list[Judged]:
    """List what a client judged, the newest first, as far as proposals look at it."""
    rows = JudgedSection.objects.filter(client_id=client_id).order_by("-judged_at", "-pk")[:MOST_LOOKED_AT]
    return [
        Judged(
            id=row.pk,
            text=row.text,
            is_refused=row.verdict == JudgedSection.Verdict.REFUSED,
            remarks=tuple(row.remarks),
        )
        for row in rows
    ]


def get_known(client_id: UUID) -> Known:
    """Return what a client's lessons say already."""
    named = LessonEvidence.objects.filter(kind=LessonEvidence.Kind.NAMED)
    lessons = Lesson.objects.filter(client_id=client_id).prefetch_related(Prefetch("evidence", named))
    known = Known(open={each.subject for each in lessons if each.state in Lesson.OPEN}, versions={}, used={})
    for each in lessons:
        known.versions[each.subject] = max(each.version, known.versions.get(each.subject, 0))
        known.used.setdefault(each.subject, set()).update(row.judged_id for row in each.evidence.all())
    return known


def find_guidance(client_id: UUID) -> dtos.Guidance | None:
    """Return the lessons in force for a client, or None where there are none."""
    lessons = tuple(map(_as_followed, Lesson.objects.in_force(client_id)))
    return dtos.Guidance(lessons=lessons) if lessons else None


def list_tried(client_id: UUID) -> tuple[dtos.LessonInForce, ...]:
    """Return the lessons that are tried on a client's drafts, as they would be followed."""
    return tuple(map(_as_followed, Lesson.objects.tried(client_id)))


def _as_followed(lesson: Lesson) -> dtos.LessonInForce:
    return dtos.LessonInForce(id=lesson.pk, version=lesson.version, claim=lesson.claim, words=(lesson.subject,))


def list_lessons(client_id: UUID) -> tuple[dtos.Lesson, ...]:
    """Return a client's lessons, the newest first."""
    lessons = Lesson.objects.filter(client_id=client_id).prefetch_related("evidence__judged")
    return tuple(map(to_dto, lessons))


def to_dto(lesson: Lesson) -> dtos.Lesson:
    """Return a lesson as other modules see it; its evidence should be prefetched."""
    evidence = dict.fromkeys(row.judged.observation_id for row in lesson.evidence.all())
    plain = {name: getattr(lesson, name) for name in dtos.Lesson.model_fields if name != "evidence"}
    return dtos.Lesson(**plain, evidence=tuple(evidence))


def search(query: dtos.ContextQuery, *, client_id: UUID) -> dtos.Context:
    """Return kept texts that hold all words of a query, best first: a client's own, and those free of client data.

    Where none does, a word that is written wrongly stands for those that are like it.
    """
    texts = StoredArtifact.objects.offered_to(client_id)
    if query.kinds:
        texts = texts.filter(kind__in=query.kinds)
    if query.tags:
        texts = texts.filter(tags__contains=list(query.tags))
    expression = find_expression(texts, query.text)
    if not expression:
        return dtos.Context(matches=())
    best = texts.matching(expression)[: min(max(query.limit, 0), MOST_MATCHES)]
    return dtos.Context(
        matches=tuple(dtos.ContextMatch(artifact=artifact_dto(row), relevance=str(row.rank)) for row in best)
    )


def find_expression(texts: StoredArtifactQuerySet, text: str) -> str:
    """Return what asks for the words of a query, or for what is meant by them where no text holds them all."""
    expression = search_expression(text)
    if not expression or texts.matching(expression).exists():
        return expression
    return likely_expression(texts.like_words(search_words(text)))


def artifact_dto(row: StoredArtifact) -> dtos.StoredArtifact:
    """Return a kept text as other modules see it."""
    return dtos.StoredArtifact(**{name: getattr(row, name) for name in dtos.StoredArtifact.model_fields})


def trials_of(lesson: Lesson) -> dict[str, int]:
    """Count what a lesson would have found while it was tried, and what its clients said of these sections since."""
    trials = list(LessonTrial.objects.filter(lesson=lesson).values_list("draft_id", "sections"))
    found = {(draft_id, section) for draft_id, sections in trials for section in sections}
    judged = JudgedSection.objects.filter(draft_id__in=[draft_id for draft_id, sections in trials if sections])
    verdicts = {(row.draft_id, row.section): row.verdict for row in judged.only("draft_id", "section", "verdict")}
    said = [verdicts.get(each) for each in found]
    return {
        "drafts": len(trials),
        "sections": len(found),
        "refused": said.count(JudgedSection.Verdict.REFUSED),
        "accepted": said.count(JudgedSection.Verdict.ACCEPTED),
    }


def evidence_of(lesson: Lesson) -> QuerySet[LessonEvidence]:
    """Return what a lesson stands on, and what speaks against it."""
    return LessonEvidence.objects.filter(lesson=lesson).select_related("judged").order_by("-kind", "-judged__judged_at")


def versions_of(lesson: Lesson) -> QuerySet[Lesson]:
    """Return all versions of the rule that a lesson is, the newest first."""
    same = Lesson.objects.filter(client_id=lesson.client_id, family=lesson.family, subject=lesson.subject)
    return same.select_related("decided_by").order_by("-version")
