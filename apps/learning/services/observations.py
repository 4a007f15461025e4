"""Storing what was observed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.learning.api.dtos import JudgedDraft, Observation, SectionVerdict
from apps.learning.api.events import LearningEventLogged
from apps.learning.models import JudgedSection, LearningEvent
from apps.shared.events import publish


@transaction.atomic
def log_event(
    observation: Observation, *, client_id: UUID | None, source_event_id: UUID, observed_at: datetime
) -> LearningEvent:
    """Store an observation once for the event it was seen by, and tell of it.

    The same source event again gives the first observation back, whatever is observed now, and tells nothing. It is
    nobody's run that observes, so the event carries none.
    """
    logged, is_new = LearningEvent.objects.get_or_create(
        source_event_id=source_event_id,
        defaults={**dict(observation), "client_id": client_id, "observed_at": observed_at},
    )
    if is_new:
        event = LearningEventLogged(
            client_id=client_id, aggregate_id=logged.pk, kind=observation.kind, outcome=observation.outcome
        )
        publish(event)
    return logged


@transaction.atomic
def note_decision(
    decision: JudgedDraft, observation: Observation, *, client_id: UUID, source_event_id: UUID, observed_at: datetime
) -> LearningEvent:
    """Store what a client decided about a draft, and beside it each section that it judged; once for its event.

    With an approval all sections are accepted. Otherwise those that the client said something of are refused; of the
    others nobody knows.
    """
    logged = log_event(observation, client_id=client_id, source_event_id=source_event_id, observed_at=observed_at)
    if logged.client_id is None:  # forgotten since
        return logged
    is_approval = decision.verdict == "APPROVED"
    judged = [each for each in decision.sections if is_approval or each.remarks]
    rows = (_judged(each, logged, decision, is_approval=is_approval) for each in judged)
    JudgedSection.objects.bulk_create(rows, ignore_conflicts=True)  # those of the same event stand already
    return logged


def _judged(
    section: SectionVerdict, logged: LearningEvent, decision: JudgedDraft, *, is_approval: bool
) -> JudgedSection:
    return JudgedSection(
        client_id=logged.client_id,
        observation=logged,
        draft_id=decision.draft_id,
        section=section.section,
        text=section.text,
        verdict=JudgedSection.Verdict.ACCEPTED if is_approval else JudgedSection.Verdict.REFUSED,
        remarks=list(section.remarks),
        judged_at=logged.observed_at,
    )
