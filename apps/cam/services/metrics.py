"""How campaigns do, counted on from where an earlier day ended: what a cycle reads are the rows of a few days."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from uuid_utils.compat import uuid7

from apps.cam import queries
from apps.cam.models import Campaign, CampaignSnapshot, Lead, VariantSnapshot
from apps.cam.models.metrics import COUNTED

SETTLED = timedelta(days=3)
"""For so long what came in is counted anew: a person may classify it otherwise, and a transaction may take its time."""
_ADDED = [name for name in COUNTED if name != "bounced_hard"]
"""What a snapshot adds to what an earlier one has; hard bounces are counted anew each time."""

Part = tuple[UUID, str] | None
"""A step and a variant; None for what answers no mail of ours."""
Parts = dict[Part, Counter[str]]

_SENT = """
SELECT mail.step_id, mail.variant, count(*), count(*) FILTER (WHERE step.position = 1)
FROM cam_outboundemail mail JOIN cam_sequencestep step ON step.id = mail.step_id
WHERE mail.campaign_id = %(campaign)s AND mail.sent_at > %(since)s AND mail.sent_at <= %(at)s GROUP BY 1, 2"""
"""Here and below: messages of sequences alone. What people wrote to answer somebody is nobody's outreach."""

_BOUNCED = """
SELECT step_id, variant, count(*) FROM cam_outboundemail
WHERE campaign_id = %(campaign)s AND state = 'BOUNCED' AND step_id IS NOT NULL GROUP BY 1, 2"""
"""Of all times: they are few, and an index has them."""

_HUMAN = "('POSITIVE', 'NEGATIVE', 'NEUTRAL', 'UNSUBSCRIBE')"

_REPLIES = f"""
SELECT sent.step_id, sent.variant, mail.classification, count(*) FILTER (WHERE NOT EXISTS (
    SELECT 1 FROM cam_inboundemail one WHERE one.lead_id = mail.lead_id AND one.id < mail.id
    AND one.classification = mail.classification)),
  count(*) FILTER (WHERE mail.classification IN {_HUMAN} AND NOT EXISTS (
    SELECT 1 FROM cam_inboundemail one WHERE one.lead_id = mail.lead_id AND one.id < mail.id
    AND one.classification IN {_HUMAN})),
  count(*) FILTER (WHERE sent.state IS DISTINCT FROM 'BOUNCED' AND NOT EXISTS (
    SELECT 1 FROM cam_outboundemail answer WHERE answer.id = mail.in_reply_to_id AND answer.step_id IS NULL))
FROM cam_inboundemail mail JOIN cam_lead lead ON lead.id = mail.lead_id AND lead.campaign_id = %(campaign)s
LEFT JOIN LATERAL (SELECT step_id, variant, state FROM cam_outboundemail
  WHERE lead_id = lead.id AND sent_at <= %(at)s AND step_id IS NOT NULL ORDER BY number DESC LIMIT 1) sent ON true
WHERE mail.id > %(since)s AND mail.id <= %(mark)s AND mail.classification IS NOT NULL GROUP BY 1, 2, 3"""  # noqa: S608
"""A lead counts once in each class, and once as having answered, for the last message it had got."""

_WISHES = """
SELECT wish.reason, count(DISTINCT lead.id) FROM cam_suppression wish
JOIN cam_lead lead ON lead.identity_key = wish.key_hash AND lead.campaign_id = %(campaign)s
WHERE wish.id > %(since)s AND wish.id <= %(mark)s
  AND wish.kind = 'ADDRESS' AND wish.reason IN ('UNSUBSCRIBED', 'COMPLAINT')
  AND EXISTS (SELECT 1 FROM cam_outboundemail mail
    WHERE mail.lead_id = lead.id AND mail.sent_at IS NOT NULL AND mail.step_id IS NOT NULL)
GROUP BY 1"""

_NAME_OF = {
    "POSITIVE": "positive",
    "NEGATIVE": "negative",
    "NEUTRAL": "neutral",
    "OUT_OF_OFFICE": "out_of_office",
    "UNSUBSCRIBE": "unsubscribed",
}
_LATE_STATES = ("MEETING", "PROPOSAL", "WON", "LOST")
_UNJUDGED = ("NEW", "ENRICHED", "SCORED", "MANUAL_REVIEW", "DISQUALIFIED")


@dataclass
class MetricCounts:
    """How many campaigns were counted."""

    campaigns: int = 0

    @property
    def items(self) -> int:
        return self.campaigns


def compute_metrics(*, at: datetime) -> MetricCounts:
    """Bring today's snapshot of each campaign that runs, or stands paused, up to date."""
    counts = MetricCounts()
    for campaign in Campaign.objects.filter(state__in=("ACTIVE", "PAUSED")).order_by("pk"):
        take_snapshot(campaign, at=at)
        counts.campaigns += 1
    return counts


@transaction.atomic
def take_snapshot(campaign: Campaign, *, at: datetime) -> CampaignSnapshot:
    """Count how a campaign stands, and keep it as today's snapshot; again on the same day, in the same row."""
    day, mark = at.astimezone(UTC).date(), uuid7()
    of_campaign = CampaignSnapshot.objects.of(campaign)
    base = of_campaign.filter(day__lte=day - SETTLED).select_related("campaign").first()
    is_first = not of_campaign.filter(day=day).exists()
    if is_first and base is not None:
        _settle(base, day)
    parts = _count_mails(campaign, base, at=at, mark=mark)
    for step, variant, bounced in _rows(_BOUNCED, campaign=campaign.pk):
        parts[step, variant].update(bounced_hard=bounced)
    counts = _sums(parts, COUNTED) | _count_wishes(campaign, base, mark=mark) | _count_leads(campaign)
    if is_first:
        counts["qualified"] = _count_qualified(campaign)
    kept = {**counts, "counted_at": at, "mark": mark}
    snapshot, _ = CampaignSnapshot.objects.update_or_create(campaign=campaign, day=day, defaults=kept)
    _keep_parts(snapshot, parts, COUNTED)
    return snapshot


def _settle(snapshot: CampaignSnapshot, day: date) -> None:
    """Count a snapshot a last time before others count on from it: as far as it went, as all of that is called now.

    It is counted on from the one that was settled last, so that all later ones have the same of each day.
    """
    campaign = snapshot.campaign
    of_campaign = CampaignSnapshot.objects.of(campaign)
    last_day = of_campaign.filter(day__lt=day).values_list("day", flat=True)[0]
    settled = of_campaign.filter(day__lte=last_day - SETTLED).first()
    if settled == snapshot:
        return
    parts = _count_mails(campaign, settled, at=snapshot.counted_at, mark=snapshot.mark)
    for name, count in (_sums(parts, _ADDED) | _count_wishes(campaign, settled, mark=snapshot.mark)).items():
        setattr(snapshot, name, count)
    snapshot.save()
    _keep_parts(snapshot, parts, _ADDED)


def _sums(parts: Parts, names: Sequence[str]) -> dict[str, int]:
    return {name: sum(part[name] for part in parts.values()) for name in names}


def _keep_parts(snapshot: CampaignSnapshot, parts: Parts, names: Sequence[str]) -> None:
    VariantSnapshot.objects.bulk_create(
        [
            VariantSnapshot(snapshot=snapshot, step_id=key[0], variant=key[1], **part)
            for key, part in parts.items()
            if key
        ],
        update_conflicts=True,
        unique_fields=["snapshot", "step", "variant"],
        update_fields=[*names, "updated_at"],
    )


def _count_mails(campaign: Campaign, base: CampaignSnapshot | None, *, at: datetime, mark: UUID) -> Parts:
    """Count mails sent up to a moment, and what came in up to a row's key, on from what `base` has."""
    parts = _parts_of(base)
    since = datetime.min.replace(tzinfo=UTC) if base is None else base.counted_at
    for step, variant, sent, first in _rows(_SENT, campaign=campaign.pk, since=since, at=at):
        parts[step, variant].update(sent=sent, contacted=first)
    replies = _rows(_REPLIES, campaign=campaign.pk, since=_mark(base), mark=mark, at=at)
    for step, variant, kind, new, answered, kept in replies:
        part = parts[None if step is None else (step, variant)]
        if kind == "BOUNCE":
            part.update(bounced_soft=kept)
        elif kind in _NAME_OF:
            part.update({_NAME_OF[kind]: new})
        part.update(replied=answered)
    return parts


def _parts_of(base: CampaignSnapshot | None) -> Parts:
    """Return what an earlier snapshot has counted, by step and variant."""
    parts: Parts = defaultdict(Counter)
    if base is None:
        return parts
    rest = Counter({name: getattr(base, name) for name in _ADDED})
    for part in base.parts.all():
        counted = Counter({name: getattr(part, name) for name in _ADDED})
        parts[part.step_id, part.variant] = counted
        rest.subtract(counted)
    parts[None] = rest
    return parts


def _count_wishes(campaign: Campaign, base: CampaignSnapshot | None, *, mark: UUID) -> dict[str, int]:
    found = dict(_rows(_WISHES, campaign=campaign.pk, since=_mark(base), mark=mark))
    before = {"opted_out": 0, "complaints": 0} if base is None else vars(base)
    return {
        "opted_out": before["opted_out"] + found.get("UNSUBSCRIBED", 0),
        "complaints": before["complaints"] + found.get("COMPLAINT", 0),
    }


def _count_leads(campaign: Campaign) -> dict[str, int]:
    """Count the leads that have come far, or come to nothing: at most as many as were ever written to."""
    late = Lead.objects.filter(campaign=campaign, state__in=_LATE_STATES).order_by().values_list("state")
    found: dict[str, int] = dict(late.annotate(count=Count("*")))
    met = sum(found.get(state, 0) for state in ("MEETING", "PROPOSAL", "WON"))
    return {"meetings": met, "won": found.get("WON", 0), "lost": found.get("LOST", 0)}


def _count_qualified(campaign: Campaign) -> int:
    """Count the leads that ever qualified: through an index of all leads of the campaign, so once a day."""
    by_state = queries.count_by_state([campaign.pk])
    return sum(count for state, count in by_state.items() if state not in _UNJUDGED)


def _mark(base: CampaignSnapshot | None) -> UUID:
    return UUID(int=0) if base is None else base.mark


def _rows(sql: str, **values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
