"""Campaigns: written down, begun, stopped and ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from apps.cam.api import events
from apps.cam.api.dtos import CampaignPlan
from apps.cam.models import Campaign, Mailbox
from apps.cam.models.campaigns import MOST_A_DAY
from apps.shared.events import AuditNote, Event, publish

MOST_COOL_DOWN_HOURS = 720


class CampaignRefused(ValueError):
    """A campaign cannot be so. `problems` maps each wrong field to what is wrong and how to mend it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field} {problem}" for field, problem in problems.items()))
        self.problems = problems


def create_campaign(plan: CampaignPlan, *, by: UUID | None) -> Campaign:
    """Write a campaign down as a draft. Raises CampaignRefused, naming every wrong field."""
    if problems := _problems(plan):
        raise CampaignRefused(problems)
    with _named_once():
        campaign = Campaign.objects.create(**plan.model_dump() | {"name": " ".join(plan.name.split())})
        note = AuditNote(actor_id=by, after=plan.model_dump(mode="json"))
        publish(events.CampaignCreated(aggregate_id=campaign.pk, mode=campaign.mode), note)
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, plan: CampaignPlan, *, by: UUID, reason: str) -> Campaign:
    """Change a campaign that has not ended; what waits in its queue goes by the new plan from now on.

    Raises CampaignRefused, naming every wrong field: without a reason, for one that has ended, and where nothing is
    another than before.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    problems = _problems(plan)
    if not reason.strip():
        problems["reason"] = "is empty; say why the campaign changes"
    if locked.state == Campaign.State.COMPLETED:
        problems["name"] = "is that of a campaign that has ended; begin another one"
    if problems:
        raise CampaignRefused(problems)
    before = CampaignPlan(**{name: getattr(locked, name) for name in CampaignPlan.model_fields})
    changed = [name for name in CampaignPlan.model_fields if getattr(before, name) != getattr(plan, name)]
    if not changed:
        raise CampaignRefused({"reason": "stands beside nothing that changes; change something"})
    for name in changed:
        setattr(locked, name, getattr(plan, name))
    with _named_once():
        locked.save(update_fields=[*changed, "updated_at"])
    told = set(changed)
    note = AuditNote(
        actor_id=by,
        reason=reason,
        before=before.model_dump(mode="json", include=told),
        after=plan.model_dump(mode="json", include=told),
    )
    publish(events.CampaignChanged(aggregate_id=locked.pk, fields=tuple(changed)), note)
    return locked


@contextmanager
def _named_once() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as taken:
        if "campaign_name_once" not in str(taken):
            raise
        raise CampaignRefused({"name": "is another campaign's already; choose another"}) from taken


@transaction.atomic
def activate_campaign(campaign: Campaign, *, by: UUID, reason: str = "") -> Campaign:
    """Begin a draft. Raises TransitionNotAllowed for a campaign that is none."""
    return _change(campaign, "activate", events.CampaignActivated, by=by, reason=reason)


@transaction.atomic
def pause_campaign(campaign: Campaign, *, by: UUID | None, reason: str) -> Campaign:
    """Stop an active campaign. Raises ValueError without a reason, TransitionNotAllowed where it is not active."""
    if not reason.strip():
        raise ValueError("reason is empty: say why, so that whoever resumes it knows.")
    return _change(campaign, "pause", events.CampaignPaused, by=by, reason=reason, pause_reason=reason)


@transaction.atomic
def resume_campaign(campaign: Campaign, *, by: UUID, reason: str = "") -> Campaign:
    """Let a paused campaign go on. Raises TransitionNotAllowed where it is not paused."""
    return _change(campaign, "resume", events.CampaignResumed, by=by, reason=reason)


@transaction.atomic
def complete_campaign(campaign: Campaign, *, by: UUID, reason: str = "") -> Campaign:
    """End a campaign for good. Raises TransitionNotAllowed for a draft, and for one that has ended."""
    return _change(campaign, "complete", events.CampaignCompleted, by=by, reason=reason)


def _change(
    campaign: Campaign, verb: str, kind: type[Event], *, by: UUID | None, reason: str, pause_reason: str = ""
) -> Campaign:
    before = _standing(campaign)
    getattr(campaign, verb)()
    campaign.pause_reason = pause_reason
    campaign.save(update_fields=["state", "pause_reason", "updated_at"])
    fields: dict[str, Any] = {"reason": reason} if kind is events.CampaignPaused else {}
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_standing(campaign))
    publish(kind(aggregate_id=campaign.pk, **fields), note)
    return campaign


def _standing(campaign: Campaign) -> dict[str, str]:
    return {"state": campaign.state, "pause_reason": campaign.pause_reason}


def _problems(plan: CampaignPlan) -> dict[str, str]:
    problems = {
        name: "is empty; write it" for name in ("name", "niche", "goal") if not str(getattr(plan, name)).strip()
    }
    if len(plan.name) > (most := Campaign._meta.get_field("name").max_length):
        problems["name"] = f"has more than {most} characters; shorten it"
    if not 1 <= plan.daily_cap <= MOST_A_DAY:
        problems["daily_cap"] = f"must be from 1 to {MOST_A_DAY}"
    if not 1 <= plan.hourly_cap <= MOST_A_DAY:
        problems["hourly_cap"] = f"must be from 1 to {MOST_A_DAY}"
    if not 0 <= plan.cool_down_hours <= MOST_COOL_DOWN_HOURS:
        problems["cool_down_hours"] = f"must be from 0 to {MOST_COOL_DOWN_HOURS}"
    if plan.mailbox_id and not Mailbox.objects.filter(pk=plan.mailbox_id).exists():
        problems["mailbox"] = "is unknown; choose one"
    if plan.window_closes <= plan.window_opens:
        problems["window_closes"] = "must be later than it opens"
    try:
        ZoneInfo(plan.time_zone)
    except (KeyError, ValueError, OSError):
        problems["time_zone"] = "is no time zone; use a name such as Europe/Dublin"
    return problems
