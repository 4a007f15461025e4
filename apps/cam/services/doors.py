"""Doors by which leads come in by themselves: web forms and keys, opened and closed by staff, used by strangers."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.cam import queries
from apps.cam.api import events
from apps.cam.api.dtos import RawLead
from apps.cam.models import Campaign, Consent, Lead, LeadAnswer, LeadForm, LeadKey, LeadSubmission
from apps.cam.services.leads import ingest_lead
from apps.shared.events import AuditNote, publish
from apps.shared.rest.once import KEPT_FOR, check_answer, take_key

KEY_PREFIX = "aicmo_lead_"
NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is: a write at each request would cost more than it tells."""


class DoorClosed(ValueError):
    """A campaign has ended, or its door was closed: no lead comes in there any more."""


@dataclass(frozen=True)
class Sent:
    """What somebody sends of a lead: who they are, what they write, and the words they agreed to, if any."""

    lead: RawLead
    message: str = ""
    language: str = ""
    consent_words: str = ""
    consent_given_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What a system's request is answered: whether it had the answer before, and the answer."""

    status: int
    body: dict[str, Any]
    is_replayed: bool = False


# --- forms ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_form(campaign: Campaign, *, by: UUID, **said: Any) -> LeadForm:
    """Open a web form for a campaign: `name`, `intro`, `consent_words`, `thanks` and `origins`. Raises DoorClosed."""
    _check_goes_on(campaign)
    form = LeadForm.objects.create(campaign=campaign, made_by_id=by, **said)
    note = AuditNote(actor_id=by, after={"name": form.name, "consent_words": form.consent_words, **_origins(form)})
    publish(events.LeadFormOpened(aggregate_id=form.pk, campaign_id=campaign.pk), note)
    return form


@transaction.atomic
def close_form(form: LeadForm, *, by: UUID, at: datetime, reason: str = "") -> LeadForm:
    """Let a form take no leads any more; who opens it reads that it is closed."""
    if form.closed_at is None:
        form.closed_at = at
        form.save(update_fields=["closed_at", "updated_at"])
        note = AuditNote(actor_id=by, reason=reason, after={"closed_at": at.isoformat()})
        publish(events.LeadFormClosed(aggregate_id=form.pk, campaign_id=form.campaign_id), note)
    return form


def submit_form(form: LeadForm, sent: Sent, *, at: datetime) -> LeadSubmission:
    """Take in what a visitor sent; the same again adds nothing. Raises DoorClosed, and LeadRefused by field."""
    if not form.is_open:
        raise DoorClosed("This form takes nothing any more.")
    submission, _ = _take_in(form.campaign, sent, at=at, form=form)
    return submission


# --- keys -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_key(campaign: Campaign, *, name: str, by: UUID) -> tuple[LeadKey, str]:
    """Make a key for a campaign and return it with its secret, which is shown this once. Raises DoorClosed."""
    _check_goes_on(campaign)
    secret = KEY_PREFIX + secrets.token_urlsafe(32)
    hint = secret[: len(KEY_PREFIX) + 4]
    key = LeadKey.objects.create(campaign=campaign, name=name, digest=_sha256(secret), hint=hint, made_by_id=by)
    note = AuditNote(actor_id=by, after={"name": name, "hint": hint})
    publish(events.LeadKeyMade(aggregate_id=key.pk, campaign_id=campaign.pk), note)
    return key, secret


@transaction.atomic
def revoke_key(key: LeadKey, *, by: UUID, at: datetime, reason: str = "") -> LeadKey:
    """End a key at once."""
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at", "updated_at"])
        note = AuditNote(actor_id=by, reason=reason, after={"hint": key.hint})
        publish(events.LeadKeyRevoked(aggregate_id=key.pk, campaign_id=key.campaign_id), note)
    return key


def admit(secret: str, *, at: datetime) -> LeadKey | None:
    """Return the key of a secret, None where it opens nothing (any more)."""
    if not secret.startswith(KEY_PREFIX):
        return None
    key = LeadKey.objects.select_related("campaign").filter(digest=_sha256(secret), revoked_at=None).first()
    if key is not None and (key.last_used_at is None or key.last_used_at < at - NOTED_EVERY):
        LeadKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


@transaction.atomic
def send_lead(key: LeadKey, sent: Sent, *, request_key: str = "", request_sha256: str = "", at: datetime) -> Answer:
    """Take in what a system sends of a lead, once under each `request_key` a day.

    Answers 201 with a new lead, 200 with the one that has the address. What is kept of the answer commits with the
    lead, so that a request which died or was refused left neither. Raises DoorClosed and LeadRefused; KeyTaken and
    AnswerUnderWay of `apps.shared.rest.once`.
    """
    if request_key and (known := _known_answer(key, request_key, request_sha256, at=at)):
        return known
    if key.campaign.state == Campaign.State.COMPLETED:
        raise DoorClosed(f"The campaign {key.campaign} has ended and takes no more leads.")
    submission, is_new = _take_in(key.campaign, sent, at=at, key=key)
    lead = {"id": str(submission.lead_id), "campaign": str(key.campaign_id), "is_new": is_new}
    answer = Answer(201 if is_new else 200, lead)
    if request_key:
        LeadAnswer.objects.create(
            key=key, request_key=request_key, request_sha256=request_sha256, status=answer.status, body=answer.body
        )
    return answer


def _known_answer(key: LeadKey, request_key: str, sha256: str, *, at: datetime) -> Answer | None:
    take_key(f"cam:{key.pk}:{request_key}")
    rows = LeadAnswer.objects.filter(key=key, request_key=request_key)
    rows.filter(created_at__lt=at - KEPT_FOR).delete()
    known = rows.first()
    check_answer(known, request_sha256=sha256)
    return Answer(known.status, known.body, is_replayed=True) if known else None


def forget_answers(*, at: datetime) -> None:
    """Remove answers that are kept no longer."""
    LeadAnswer.objects.filter(created_at__lt=at - KEPT_FOR).delete()


# --- what comes in ----------------------------------------------------------------------------------------------------


@transaction.atomic
def _take_in(
    campaign: Campaign, sent: Sent, *, at: datetime, form: LeadForm | None = None, key: LeadKey | None = None
) -> tuple[LeadSubmission, bool]:
    """Take a lead in with what was said, and tell whether it is new. An opt-out stays what it is, whatever is sent."""
    found, is_new = ingest_lead(campaign, sent.lead)
    lead = queries.living(found)
    said = {name: value for name, value in sent.lead.model_dump(mode="json").items() if value and name != "source"}
    told = [said, sent.message, sent.consent_words]
    columns = {
        "lead": lead,
        "is_new": is_new,
        "said": said,
        "message": sent.message,
        "language": sent.language,
    }
    digest = _sha256(json.dumps(told, sort_keys=True))
    row, is_first = LeadSubmission.objects.get_or_create(form=form, key=key, sha256=digest, defaults=columns)
    if is_first:
        row.consent = _consent(lead, sent, source=f"{'web form' if form else 'key'} {form or key}", at=at)
        row.save(update_fields=["consent", "updated_at"])
        event = events.LeadSubmitted(
            aggregate_id=row.pk, lead_id=lead.pk, campaign_id=lead.campaign_id, has_consent=row.consent_id is not None
        )
        publish(event, AuditNote(after={"form": _id(form), "key": _id(key), "consent": _id(row.consent)}))
    return row, is_new


def _consent(lead: Lead, sent: Sent, *, source: str, at: datetime) -> Consent | None:
    if not sent.consent_words:
        return None
    given_at = sent.consent_given_at or at
    return Consent.objects.create(
        lead=lead, basis=Consent.Basis.CONSENT, source=source[:200], words=sent.consent_words, given_at=given_at
    )


def _check_goes_on(campaign: Campaign) -> None:
    if campaign.state == Campaign.State.COMPLETED:
        raise DoorClosed(f"{campaign} is completed; choose a campaign that goes on.")


def _origins(form: LeadForm) -> dict[str, Any]:
    return {"origins": form.origins} if form.origins else {}


def _id(row: Any) -> str | None:
    return str(row.pk) if row else None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
