"""What learning remembers: events of other modules, each once, as something good or bad. Read top to bottom.

What learning itself tells is never remembered: each observation would be observed in turn, for ever.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from apps.billing.api.events import InvoiceOverdue, InvoicePaid, QuoteAccepted, QuoteDeclined
from apps.cam.api.events import ClientSigned, DealLost, ReplyClassified
from apps.client_review.api import ports as client_review
from apps.client_review.api.dtos import Comment, RevisionRequest
from apps.client_review.api.events import (
    ClientApproved,
    ClientFeedbackReceived,
    ReviewDecided,
    ReviewExpired,
    ReviewWithdrawn,
    RevisionPlanned,
    RevisionRequested,
)
from apps.delivery.api.events import Delivered, PackageWithdrawn, PublishCompleted, PublishFailed
from apps.learning.api import ports as learning
from apps.learning.api.dtos import ArtifactText, DraftText, JudgedDraft, Observation, SectionVerdict
from apps.onboarding.api.events import BriefRevised
from apps.production.api import ports as production
from apps.production.api.events import DraftReady, DraftRevised
from apps.qc.api import ports as qc
from apps.qc.api.events import QcFailed, QcPassed
from apps.retention.api.events import ChurnRiskDetected, LifecycleAdvanced, RenewalDecided, SurveyAnswered
from apps.shared.events import Event
from apps.strategy.api.events import StrategyApproved, StrategyRejected

Outcome = Literal["GOOD", "BAD", "UNKNOWN"]
PROMOTERS_FROM, DETRACTORS_UP_TO = 9, 6
"""Scores of who recommends us, and of who does not, by the rule of the Net Promoter Score."""


def always(outcome: Outcome) -> Callable[[Any], Outcome]:
    """Make what finds every event of a kind equally good or bad."""
    return lambda event: outcome


def of_score(event: SurveyAnswered) -> Outcome:
    """Tell whether somebody would recommend us."""
    if event.score >= PROMOTERS_FROM:
        return "GOOD"
    return "BAD" if event.score <= DETRACTORS_UP_TO else "UNKNOWN"


def of_stage(event: LifecycleAdvanced) -> Outcome:
    """Tell whether a client came closer to us or to the door."""
    return "BAD" if event.to_stage in ("AT_RISK", "CHURNED") else "GOOD"


@dataclass(frozen=True)
class Learned:
    """What one kind of events tells: how good it is, and for a kind whose name was given before, that name."""

    of: type[Event]
    outcome: Callable[[Any], Outcome]
    called: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its reaction."""
        return self.called or f"learn_from_{self.of.__name__}"

    def remember(self, event: Event) -> None:
        """Have learning store it, once."""
        learning.log_event(
            observation=seen(event, self.outcome(event)),
            client_id=event.client_id,
            source_event_id=event.event_id,
            observed_at=event.occurred_at,
        )


def seen(event: Event, outcome: Outcome) -> Observation:
    """Return an event as an observation."""
    told = event.model_dump(mode="json", exclude=set(Event.model_fields))
    return Observation(kind=event.name, context=told | {"about": str(event.aggregate_id)}, outcome=outcome)


LEARNED = (
    Learned(StrategyApproved, always("GOOD"), "learn_from_approval"),
    Learned(StrategyRejected, always("BAD"), "learn_from_rejection"),
    Learned(QcPassed, always("GOOD"), "learn_from_quality"),
    Learned(QcFailed, always("BAD"), "learn_from_failed_quality"),
    Learned(ClientApproved, always("GOOD"), "learn_from_clients_approval"),
    Learned(BriefRevised, always("BAD")),
    Learned(ClientFeedbackReceived, always("UNKNOWN")),
    Learned(RevisionRequested, always("BAD")),
    Learned(RevisionPlanned, always("UNKNOWN")),
    Learned(ReviewExpired, always("BAD")),
    Learned(ReviewWithdrawn, always("UNKNOWN")),
    Learned(Delivered, always("GOOD")),
    Learned(PackageWithdrawn, always("BAD")),
    Learned(PublishCompleted, always("GOOD")),
    Learned(PublishFailed, always("BAD")),
    Learned(QuoteAccepted, always("GOOD")),
    Learned(QuoteDeclined, always("BAD")),
    Learned(InvoicePaid, always("GOOD")),
    Learned(InvoiceOverdue, always("BAD")),
    Learned(SurveyAnswered, of_score),
    Learned(LifecycleAdvanced, of_stage),
    Learned(ChurnRiskDetected, always("BAD")),
    Learned(RenewalDecided, lambda event: "GOOD" if event.outcome == "RENEWED" else "BAD"),
    Learned(ClientSigned, always("GOOD")),
    Learned(DealLost, always("BAD")),
    Learned(ReplyClassified, always("BAD"), "learn_from_corrected_reply", where={"is_correction": True}),
)


def note_decision(event: ReviewDecided) -> None:
    """Have learning store what a client decided, with what it said of each section; nothing once that is taken back."""
    try:
        shown = client_review.get_shown(review_id=event.aggregate_id)
        review = client_review.get_review(review_id=event.aggregate_id)
        requests = client_review.list_requests(review_id=event.aggregate_id)
    except ObjectDoesNotExist:
        return
    remarks = _remarks(review.comments, requests)
    sections = tuple(
        SectionVerdict(section=each.key, text=each.markdown, remarks=remarks.get(each.key, ()))
        for each in shown.sections
    )
    observation = seen(event, "GOOD" if event.verdict == "APPROVED" else "BAD")
    changed = {"sections": sorted(remarks), "asked": [each.change for each in requests]}
    learning.note_decision(
        decision=JudgedDraft(draft_id=event.draft_id, verdict=event.verdict, sections=sections),
        observation=observation.model_copy(update={"context": observation.context | changed}),
        client_id=event.client_id,
        source_event_id=event.event_id,
        observed_at=event.occurred_at,
    )


def _remarks(comments: tuple[Comment, ...], requests: tuple[RevisionRequest, ...]) -> dict[str, tuple[str, ...]]:
    """Return what a client said of each section; words that it marked are put in quotes, as who types them does."""
    said: dict[str, tuple[str, ...]] = {}
    for each in requests:
        said[each.section] = (*said.get(each.section, ()), each.change)
    for comment in comments:
        if comment.side == "CLIENT" and comment.section:
            quoted = f"“{comment.quote}” {comment.text}" if comment.quote else comment.text
            said[comment.section] = (*said.get(comment.section, ()), quoted)
    return said


def keep_examples(event: ClientApproved) -> None:
    """Keep the sections of a draft that passed quality control and that its client approved, as far as they may be."""
    try:
        report = qc.get_report(draft_id=event.draft_id)
        draft = production.get_draft(draft_id=event.draft_id)
    except ObjectDoesNotExist:
        return
    if not report.passed or event.client_id is None:
        return
    for section in draft.sections:
        artifact = ArtifactText(kind=section.key, text=section.markdown, tags=(draft.pack,), source_id=draft.id)
        learning.store_artifact(artifact=artifact, client_id=event.client_id, at=event.occurred_at)


def try_lessons(event: DraftReady | DraftRevised) -> None:
    """Count what the lessons that are only tried would find in a new draft."""
    client_id: UUID | None = event.client_id
    if client_id is None or not learning.list_tried(client_id=client_id):
        return
    try:
        draft = production.get_draft(draft_id=event.aggregate_id)
    except ObjectDoesNotExist:
        return
    texts = tuple((section.key, section.markdown) for section in draft.sections)
    text = DraftText(draft_id=draft.id, sections=texts)
    learning.try_lessons(draft=text, client_id=client_id, at=event.occurred_at)
