"""Leads enriched, scored and qualified by the live rule book: in slices of one transaction each.

A slice commits its leads with the events and audit entries that tell of them: a worker killed anywhere loses nothing
and doubles nothing, and whoever comes next goes on with the leads that are left, for who was judged waits no more.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from apps.cam import queries
from apps.cam.api import events
from apps.cam.models import Campaign, Lead
from apps.cam.rules.enriching import Derived
from apps.cam.rules.rulebooks import Profile, Rules
from apps.cam.rules.scoring import Part, Rating, rate
from apps.cam.services.leads import MoveRefused
from apps.shared.events import AuditNote, publish

SLICE = 300
"""Leads of one transaction, a second of work; as many are scored at once by a button, and the others by beat."""
MOST = 2_000
"""Leads of one call: sending and reading wait in the same queue."""

_WAY = ("NEW", "ENRICHED", "SCORED")
_TEXTS = ("state", "full_name", "seniority", "website", "country", "grade", "route_name")
_COLUMNS = {
    "id": "uuid",
    **dict.fromkeys(_TEXTS, "text"),
    "score": "numeric",
    "rule_version": "integer",
    **dict.fromkeys(("reasons", "rating"), "jsonb"),
}
_UPDATE = f"""
    UPDATE cam_lead SET {", ".join(f"{name} = rated.{name}" for name in _COLUMNS if name != "id")},
        rated_at = %s, next_action_at = NULL, updated_at = now()
    FROM json_to_recordset(%s) AS rated ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
    WHERE cam_lead.id = rated.id
"""  # noqa: S608  (made of names in this file)


@dataclass(frozen=True)
class _Judged:
    """A lead with what was found out of it and said of it, and the states it goes through."""

    lead: Lead
    derived: Derived
    rating: Rating
    way: tuple[str, ...]


def qualify_lead(lead: Lead, *, at: datetime, by: UUID | None = None) -> Lead:
    """Enrich, score and qualify a lead by the live rule book; one that was judged before is left as it is.

    Raises MoveRefused for a lead who must not be contacted, or who was moved on by hand without ever being scored.
    """
    with transaction.atomic():
        locked = Lead.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=lead.pk)
        if locked.state in _WAY:
            if not locked.is_contactable:
                raise MoveRefused(f"{locked} must not be contacted, and so is not scored.")
            _judge([locked], locked.campaign, at=at, by=by)
            locked.refresh_from_db()
    if locked.rated_at is None:
        raise MoveRefused(f"{locked} was moved on by hand and never scored.")
    return locked


def qualify_leads(campaign: Campaign, *, at: datetime, by: UUID | None = None, most: int = MOST) -> Counter[str]:
    """Judge the leads of a campaign that nobody has judged, at most so many, and return how many got which verdict.

    Leads that another process has in hand are left to it; those who must not be contacted stay where they are.
    """
    verdicts: Counter[str] = Counter()
    while (left := most - verdicts.total()) > 0:
        with transaction.atomic():
            waiting = queries.leads_to_rate(campaign).select_for_update(skip_locked=True, of=("self",))
            leads = list(waiting[: min(SLICE, left)])
            verdicts.update(_judge(leads, campaign, at=at, by=by))
        if len(leads) < min(SLICE, left):
            break
    return verdicts


def qualify_due(*, at: datetime) -> int:
    """Judge new leads of active campaigns that say whom they look for, and of those that somebody waits for.

    A campaign that says nothing would send all its leads to a person: that is done where a person asks for it alone.
    Returns how many were judged.
    """
    due = Campaign.objects.filter(Q(scoring_asked_at__isnull=False) | Q(state=Campaign.State.ACTIVE))
    count = 0
    for campaign in due.exclude(state=Campaign.State.COMPLETED).order_by("scoring_asked_at", "pk"):
        if campaign.scoring_asked_at is None and not queries.profile_of(campaign).asks:
            continue
        verdicts = qualify_leads(campaign, at=at, most=MOST - count)
        count += verdicts.total()
        if count >= MOST:
            break
        if campaign.scoring_asked_at is not None:
            asked = Campaign.objects.filter(pk=campaign.pk, scoring_asked_at=campaign.scoring_asked_at)
            asked.update(scoring_asked_at=None, updated_at=Now())
    return count


def score_leads(campaign: Campaign, *, by: UUID, at: datetime, reason: str = "") -> Counter[str]:
    """Judge a campaign's first new leads at once; where there are more, beat goes on with them.

    Raises ValueError for a campaign that has ended.
    """
    if campaign.state == Campaign.State.COMPLETED:
        raise ValueError(f"{campaign} is completed: nobody is written to any more.")
    with transaction.atomic():
        verdicts = qualify_leads(campaign, at=at, by=by, most=SLICE)
        if verdicts.total() == SLICE and campaign.scoring_asked_at is None:
            campaign.scoring_asked_at = at
            campaign.save(update_fields=["scoring_asked_at", "updated_at"])
            event = events.ScoringAsked(aggregate_id=campaign.pk, occurred_at=at)
            publish(event, AuditNote(actor_id=by, reason=reason, after={"scored_at_once": verdicts.total()}))
    return verdicts


@transaction.atomic
def score_again(campaign: Campaign, *, by: UUID, at: datetime, reason: str = "") -> Counter[str]:
    """Judge anew the leads of a campaign that wait for a person, at most as many as fit into one transaction.

    Whoever still cannot be judged goes on waiting, with what is said of them now. Those judged longest ago come first,
    so that asking again takes the others.
    """
    waiting = queries.leads_in_review(campaign).select_for_update(skip_locked=True, of=("self",))
    return Counter(_judge(list(waiting[:SLICE]), campaign, at=at, by=by, reason=reason))


def _judge(leads: Sequence[Lead], campaign: Campaign, *, at: datetime, by: UUID | None, reason: str = "") -> list[str]:
    """Judge leads that are locked, store what was said, and return their verdicts."""
    if not leads:
        return []
    book, profile = queries.live_book(), queries.profile_of(campaign)
    judged = [_judged(lead, book.rules, profile) for lead in leads]
    _store(judged, book.version, at)
    for each in judged:
        _tell(each, book.version, at=at, by=by, reason=reason)
    return [each.rating.verdict for each in judged]


def _judged(lead: Lead, rules: Rules, profile: Profile) -> _Judged:
    derived = queries.derived_of(lead)
    rating = rate(queries.known_of(lead, derived), rules, profile)
    before = _WAY[_WAY.index(lead.state) + 1 :] if lead.state in _WAY else ()
    return _Judged(lead, derived, rating, (*before, rating.verdict))


def _store(judged: Sequence[_Judged], version: int, at: datetime) -> None:
    """Write what was said and move the leads on, step by step as the database's trigger demands: in four statements.

    `bulk_update` would take ten times as long; the moves are legal by the same table that the transitions are made of.
    """
    rows = [_row(each, version) for each in judged]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [at, json.dumps(rows)])
    for step in range(1, max(len(each.way) for each in judged)):
        going: dict[str, list[UUID]] = {}
        for each in judged:
            if len(each.way) > step:
                going.setdefault(each.way[step], []).append(each.lead.pk)
        for state, keys in going.items():
            Lead.objects.filter(pk__in=keys).update(state=state)


def _row(judged: _Judged, version: int) -> dict[str, Any]:
    lead, rating = judged.lead, judged.rating
    known = {name: getattr(lead, name) for name in ("full_name", "seniority", "website", "country")}
    return {
        **known,
        **judged.derived.columns,
        "id": str(lead.pk),
        "state": judged.way[0],
        "score": str(rating.score),
        "grade": rating.grade,
        "reasons": list(rating.reasons),
        "rating": _told(rating, judged.derived),
        "rule_version": version,
        "route_name": rating.route,
    }


def _told(rating: Rating, derived: Derived) -> dict[str, Any]:
    """Return a rating as the lead's page shows it."""
    return {
        "tier": rating.tier,
        "verdict": rating.verdict,
        "parts": [_part("fit", rating.fit), _part("opportunity", rating.opportunity)],
        "route_reasons": list(rating.route_reasons),
        "derived": list(derived.because),
    }


def _part(name: str, part: Part) -> dict[str, Any]:
    return {
        "name": name,
        "value": None if part.value is None else f"{part.value:.3f}",
        "factors": [
            {
                "name": factor.name,
                "weight": str(factor.weight),
                "value": None if factor.value is None else f"{factor.value:.3f}",
                "points": str(factor.points),
                "said": factor.said,
                "is_open": factor.is_open,
            }
            for factor in part.factors
        ],
    }


def _tell(judged: _Judged, version: int, *, at: datetime, by: UUID | None, reason: str) -> None:
    """Publish what became of a lead. It advances once, from where it was: between two states nobody could look."""
    lead, rating = judged.lead, judged.rating
    common = {"aggregate_id": lead.pk, "occurred_at": at, "campaign_id": lead.campaign_id}
    qualified = events.LeadQualified(**common, score=rating.score, grade=rating.grade, verdict=rating.verdict)
    said = {"score": str(rating.score), "grade": rating.grade, "rule_version": version, "reasons": list(rating.reasons)}
    publish(qualified, AuditNote(actor_id=by, reason=reason, after=said | {"found_out": list(judged.derived.because)}))
    if lead.state == rating.verdict:
        return
    advanced = events.LeadAdvanced(**common, from_state=lead.state, to_state=rating.verdict, trigger="rules")
    note = AuditNote(
        actor_id=by, reason=rating.reasons[0], before={"state": lead.state}, after={"state": rating.verdict}
    )
    publish(advanced, note)
