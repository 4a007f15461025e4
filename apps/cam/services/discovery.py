"""Looking for leads: started by people, done by beat page by page, judged by people or at once.

A page is read outside of any transaction; then its profiles, the leads made of them and how far the job has come
commit together. Whoever is killed loses a page that is read again, and doubles nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from pydantic import ValidationError

from apps.cam.api import events
from apps.cam.api.dtos import RawLead
from apps.cam.gateways.discovery.http_json import JsonSource
from apps.cam.gateways.discovery.offline import OfflineSource
from apps.cam.gateways.discovery.source import Source, SourceRefused
from apps.cam.models import Campaign, DiscoveredProfile, DiscoveryJob, DiscoverySource
from apps.cam.rules.discovery import Criteria, Found, JsonConfig, OfflineConfig, Page, problems_of
from apps.cam.rules.rows import country_code
from apps.cam.services.leads import LeadRefused, ingest_lead
from apps.shared.events import AuditNote, publish
from apps.shared.resilience import VendorIll

log = logging.getLogger(__name__)

SILENT_AFTER = timedelta(minutes=1)
"""A page takes half a minute at most: whoever has not stored one for longer is gone, or waits for an ill source."""
MOST_PAGES = 200
MOST_STRIKES = 10

_CONFIGS = {"OFFLINE": OfflineConfig, "JSON": JsonConfig}
_AS_SAID = ("full_name", "company", "title", "phone", "linkedin_url")


class DiscoveryRefused(ValueError):
    """Leads cannot be looked for so, or nothing can be done about a profile; the message says why."""


# --- sources and jobs -------------------------------------------------------------------------------------------------


@transaction.atomic
def make_source(*, name: str, kind: str, config: dict[str, Any], by: UUID) -> DiscoverySource:
    """Say where to look. Raises DiscoveryRefused for a name that is taken or a config that is none."""
    try:
        checked = _CONFIGS[kind].model_validate(config).model_dump()
    except ValidationError as error:
        raise DiscoveryRefused(problems_of(error)) from error
    try:
        with transaction.atomic():
            source = DiscoverySource.objects.create(name=name, kind=kind, config=checked, made_by_id=by)
    except IntegrityError as taken:
        raise DiscoveryRefused("name: another source has it; choose another") from taken
    note = AuditNote(actor_id=by, after={"name": name, "kind": kind, "config": checked})
    publish(events.DiscoverySourceMade(aggregate_id=source.pk), note)
    return source


@transaction.atomic
def start_discovery(
    campaign: Campaign, source: DiscoverySource, *, criteria: dict[str, Any], takes_all: bool = False, by: UUID | None
) -> DiscoveryJob:
    """Write down a job; beat does it. Raises DiscoveryRefused for criteria that are none, or a campaign that ended."""
    try:
        checked = Criteria.model_validate(criteria).model_dump()
    except ValidationError as error:
        raise DiscoveryRefused(problems_of(error)) from error
    if campaign.state == Campaign.State.COMPLETED:
        raise DiscoveryRefused(f"{campaign} is completed; choose a campaign that goes on.")
    job = DiscoveryJob.objects.create(
        campaign=campaign, source=source, criteria=checked, takes_all=takes_all, started_by_id=by
    )
    note = AuditNote(actor_id=by, after={"criteria": checked, "source": source.name, "takes_all": takes_all})
    publish(events.DiscoveryStarted(aggregate_id=job.pk, campaign_id=campaign.pk), note)
    return job


@transaction.atomic
def retry_discovery(job: DiscoveryJob, *, by: UUID, reason: str = "") -> DiscoveryJob:
    """Let a failed job go on where it stopped. Raises TransitionNotAllowed where it has not failed."""
    before = {"state": job.state, "error": job.error}
    job.try_again()
    job.error, job.strikes, job.touched_at = "", 0, None
    job.save()
    note = AuditNote(actor_id=by, reason=reason, before=before, after={"state": job.state})
    publish(events.DiscoveryResumed(aggregate_id=job.pk, campaign_id=job.campaign_id), note)
    return job


def continue_discovery(*, at: datetime) -> int:
    """Do the jobs that nobody works on, and return how many there were. One that breaks stops none of the others."""
    left = list(DiscoveryJob.objects.left_since(at - SILENT_AFTER).select_related("source", "campaign").order_by("pk"))
    for job in left:
        try:
            look_on(job)
        except Exception as error:  # whatever one job does must not keep the others waiting
            log.exception("Discovery %s broke", job.pk)
            _strike(DiscoveryJob.objects.get(pk=job.pk), f"It broke: {type(error).__name__}: {error}.")
    return len(left)


def look_on(job: DiscoveryJob) -> None:
    """Do a job to its end, page by page; stop where another process is found to be doing it, or the source is ill."""
    criteria = Criteria.model_validate(job.criteria)
    try:
        source = _source(job.source)
        while _take_page(job, source.look(criteria, job.cursor), criteria):
            pass
    except SourceRefused as refusal:
        _fail(job, str(refusal))
    except VendorIll as ill:
        _strike(job, str(ill))


def _source(source: DiscoverySource) -> Source:
    if source.kind == DiscoverySource.Kind.OFFLINE:
        return OfflineSource(OfflineConfig.model_validate(source.config))
    return JsonSource(JsonConfig.model_validate(source.config))


@transaction.atomic
def _take_page(job: DiscoveryJob, page: Page, criteria: Criteria) -> bool:
    """Store a page and where it goes on, and tell whether there is more for this process to do."""
    stored = _locked(job)
    if not _is_where(job, stored):
        job.refresh_from_db()
        return False
    DiscoverySource.objects.select_for_update().get(pk=job.source_id)  # two jobs find the same person once
    found = page.profiles[: criteria.most - job.found]
    fresh = _store(job, found)
    if job.takes_all:
        job.ingested += sum(_ingested(profile, by=job.started_by_id) for profile in fresh)
    if job.state == DiscoveryJob.State.PENDING:
        job.begin()
    is_over = not page.cursor or page.cursor == job.cursor or not found
    job.cursor, job.pages, job.strikes = page.cursor, job.pages + 1, 0
    job.found, job.new = job.found + len(found), job.new + len(fresh)
    job.touched_at = Now()  # by the database's clock: a job takes longer than its door's one moment
    if is_over or job.found >= criteria.most or job.pages >= MOST_PAGES:
        _finish(job)
    job.save()
    job.refresh_from_db()
    return job.state == DiscoveryJob.State.RUNNING


def _store(job: DiscoveryJob, found: Sequence[Found]) -> list[DiscoveredProfile]:
    """Store whom the source did not have before, and return them."""
    by_id = {profile.external_id: profile for profile in found}
    known = DiscoveredProfile.objects.filter(source=job.source_id, external_id__in=by_id)
    for external_id in known.values_list("external_id", flat=True):
        del by_id[external_id]
    rows = [
        DiscoveredProfile(
            source_id=job.source_id,
            job=job,
            problem="" if profile.email else "It has no address.",
            **{**vars(profile), "reasons": list(profile.reasons), "raw": dict(profile.raw)},
        )
        for profile in by_id.values()
    ]
    return DiscoveredProfile.objects.bulk_create(rows)


def _finish(job: DiscoveryJob) -> None:
    job.finish()
    job.finished_at = Now()
    counts = {name: getattr(job, name) for name in ("found", "new", "ingested")}
    event = events.DiscoveryFinished(aggregate_id=job.pk, campaign_id=job.campaign_id, **counts)
    publish(event, AuditNote(after={"state": job.state, **counts}))


@transaction.atomic
def _fail(job: DiscoveryJob, error: str) -> None:
    stored = _locked(job)
    if not _is_where(job, stored):
        job.refresh_from_db()
        return
    stored.fail()
    stored.error, stored.touched_at = error.replace("\0", "")[:2_000], Now()
    stored.save()
    job.refresh_from_db()
    event = events.DiscoveryFailed(aggregate_id=job.pk, campaign_id=job.campaign_id, error=job.error)
    publish(event, AuditNote(after={"state": job.state}))


def _strike(job: DiscoveryJob, error: str) -> None:
    """Leave an ill source for a while; after ten times running it is for a person to see to."""
    if job.strikes + 1 >= MOST_STRIKES:
        _fail(job, f"{error} That was so {MOST_STRIKES} times running.")
        return
    with transaction.atomic():
        if _is_where(job, _locked(job)):
            job.strikes, job.touched_at = job.strikes + 1, Now()
            job.save(update_fields=["strikes", "touched_at", "updated_at"])


def _is_where(job: DiscoveryJob, stored: DiscoveryJob) -> bool:
    """Tell whether a job still is to be done, and as far as this process knows it: no other one went on with it."""
    return stored.state in (DiscoveryJob.State.PENDING, DiscoveryJob.State.RUNNING) and stored.pages == job.pages


def _locked(job: DiscoveryJob) -> DiscoveryJob:
    return DiscoveryJob.objects.select_for_update().get(pk=job.pk)


# --- profiles ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept_profile(profile: DiscoveredProfile, *, by: UUID | None, reason: str = "") -> DiscoveredProfile:
    """Make a lead of a profile; an address that the campaign has is that lead.

    Raises DiscoveryRefused where it has no address, or says what no lead can say; TransitionNotAllowed once decided.
    """
    if not profile.email:
        raise DiscoveryRefused(f"{profile} has no address: there is nobody to write to.")
    campaign = profile.job.campaign
    if campaign.state == Campaign.State.COMPLETED:
        raise DiscoveryRefused(f"{campaign} is completed and takes no more leads.")
    raw = RawLead(
        email=profile.email,
        **{name: getattr(profile, name) for name in _AS_SAID},
        country=country_code(profile.country) or None,
        source="DISCOVERY",
        raw={"source": profile.source.name, "url": profile.url, **profile.raw},
    )
    try:
        lead, is_new = ingest_lead(campaign, raw, by=by)
    except LeadRefused as refusal:
        raise DiscoveryRefused(f"No lead can be made of it: {refusal}.") from refusal
    profile.accept()
    profile.lead, profile.problem, profile.decided_by_id = lead, "", by
    profile.save()
    event = events.ProfileAccepted(aggregate_id=profile.pk, lead_id=lead.pk, campaign_id=campaign.pk, is_new=is_new)
    publish(event, AuditNote(actor_id=by, reason=reason, before={"state": "NEW"}, after={"state": profile.state}))
    return profile


@transaction.atomic
def ignore_profile(profile: DiscoveredProfile, *, by: UUID, reason: str = "") -> DiscoveredProfile:
    """Leave a profile alone; it is not found again. Raises TransitionNotAllowed once decided."""
    profile.ignore()
    profile.decided_by_id = by
    profile.save()
    event = events.ProfileIgnored(aggregate_id=profile.pk)
    publish(event, AuditNote(actor_id=by, reason=reason, before={"state": "NEW"}, after={"state": profile.state}))
    return profile


def _ingested(profile: DiscoveredProfile, *, by: UUID | None) -> bool:
    """Make a lead of a profile where one can be made, else write down why not."""
    if not profile.email:
        return False
    try:
        accept_profile(profile, by=by)
    except DiscoveryRefused as refusal:
        profile.problem = str(refusal)
        profile.save(update_fields=["problem", "updated_at"])
        return False
    return True
