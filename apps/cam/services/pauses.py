"""What pauses a campaign by itself: rules of its own, each with its numbers, and a person who resumes it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.cam.api import events
from apps.cam.models import Alert, Campaign, CampaignSnapshot, PauseRule
from apps.cam.rules.pauses import DEFAULTS, Rule, Standing, reason_to_pause
from apps.cam.services.alerts import raise_alert
from apps.cam.services.campaigns import pause_campaign
from apps.shared.events import AuditNote, publish

HELD_ONCE = ("sent", "bounced_hard", "complaints", "contacted", "replied", "positive", "meetings", "lost")
"""Counts that are not held against a campaign again once a rule has fired on them."""


@dataclass
class RuleCounts:
    """How many campaigns were looked at, and how many of them are paused now."""

    campaigns: int = 0
    paused: int = 0

    @property
    def items(self) -> int:
        return self.campaigns


def evaluate_rules(*, at: datetime) -> RuleCounts:
    """Pause each active campaign that one of its rules stops."""
    counts = RuleCounts()
    for campaign in Campaign.objects.filter(state=Campaign.State.ACTIVE).order_by("pk"):
        counts.campaigns += 1
        counts.paused += evaluate_campaign(campaign, at=at)
    return counts


@transaction.atomic
def evaluate_campaign(campaign: Campaign, *, at: datetime) -> bool:
    """Pause a campaign if one of its rules says so, and tell people why; tell whether it was paused."""
    give_rules(campaign)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    snapshot = CampaignSnapshot.objects.of(campaign).first()
    if campaign.state != Campaign.State.ACTIVE or snapshot is None:
        return False
    fired = []
    for row in PauseRule.objects.filter(campaign=campaign, is_on=True).order_by("pk"):
        rule = Rule(row.kind, row.limit, row.after, row.fired_on)
        if reason := reason_to_pause(rule, _standing(snapshot, row)):
            fired.append((row, reason))
    if fired:
        _pause(campaign, snapshot, fired, at)
    return bool(fired)


def _standing(snapshot: CampaignSnapshot, row: PauseRule) -> Standing:
    return Standing(**{name: getattr(snapshot, name) for name in HELD_ONCE}, silent_days=_silent_days(snapshot, row))


def _silent_days(snapshot: CampaignSnapshot, row: PauseRule) -> int:
    """Return for how many days a campaign has had no new lead that qualified, since the rule fired last."""
    if row.kind != PauseRule.Kind.NOBODY_NEW:
        return 0
    days = CampaignSnapshot.objects.of(snapshot.campaign).values_list("day", flat=True)
    with_fewer = days.filter(qualified__lt=snapshot.qualified).first()
    since = (days if with_fewer is None else days.filter(day__gt=with_fewer)).reverse()[0]
    if row.fired_at is not None:
        since = max(since, row.fired_at.astimezone(UTC).date())
    return (snapshot.day - since).days


def _pause(campaign: Campaign, snapshot: CampaignSnapshot, fired: list[tuple[PauseRule, str]], at: datetime) -> None:
    reason = " ".join(reason for _, reason in fired)
    pause_campaign(campaign, by=None, reason=reason)
    for row, _ in fired:
        row.fired_at, row.fired_on = at, {name: getattr(snapshot, name) for name in HELD_ONCE}
        row.save(update_fields=["fired_at", "fired_on", "updated_at"])
    raise_alert(
        key=f"paused:{campaign.pk}:{at.isoformat()}",
        kind=Alert.Kind.CAMPAIGN_PAUSED,
        title=f"{campaign.name} is paused",
        message=f"{reason}\n\nNothing is sent until somebody resumes it.",
        campaign=campaign,
        at=at,
    )


def give_rules(campaign: Campaign) -> None:
    """Give a campaign the rules it lacks, as they are by default."""
    known = set(PauseRule.objects.filter(campaign=campaign).values_list("kind", flat=True))
    new = [
        PauseRule(campaign=campaign, kind=kind, is_on=is_on, limit=limit, after=after)
        for kind, (is_on, limit, after) in DEFAULTS.items()
        if kind not in known
    ]
    PauseRule.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def set_pause_rule(
    rule: PauseRule,
    *,
    by: UUID,
    reason: str,
    is_on: bool | None = None,
    limit: Decimal | None = None,
    after: int | None = None,
) -> PauseRule:
    """Switch a rule on or off, or set its numbers. Raises ValueError without a reason, or for a limit that is none."""
    if not reason.strip():
        raise ValueError("reason is empty: say why, so that whoever reads it later knows.")
    if limit is not None and limit <= 0:
        raise ValueError("limit must be more than 0; to be rid of a rule, switch it off.")
    rule = PauseRule.objects.select_for_update().get(pk=rule.pk)
    before = _said(rule)
    rule.is_on = rule.is_on if is_on is None else is_on
    rule.limit = rule.limit if limit is None else limit
    rule.after = rule.after if after is None else after
    rule.save(update_fields=["is_on", "limit", "after", "updated_at"])
    event = events.PauseRuleSet(aggregate_id=rule.pk, campaign_id=rule.campaign_id, kind=rule.kind, is_on=rule.is_on)
    publish(event, AuditNote(actor_id=by, reason=reason, before=before, after=_said(rule)))
    return rule


def switch_on(rule: PauseRule, *, by: UUID, reason: str) -> PauseRule:
    """Have a rule pause its campaign from now on. Raises ValueError without a reason."""
    return set_pause_rule(rule, by=by, reason=reason, is_on=True)


def switch_off(rule: PauseRule, *, by: UUID, reason: str) -> PauseRule:
    """Have a rule pause its campaign no more. Raises ValueError without a reason."""
    return set_pause_rule(rule, by=by, reason=reason, is_on=False)


def _said(rule: PauseRule) -> dict[str, Any]:
    return {"is_on": rule.is_on, "limit": str(rule.limit), "after": rule.after}
