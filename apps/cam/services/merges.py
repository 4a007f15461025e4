"""Leads that are one person: suspected, made one, made two again.

What a merge changes stands in its row, as PostgreSQL writes rows down (`to_jsonb`), and taking it back writes these
bytes again. What somebody wished is never among that: an opt-out outlives merge and undo.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.functions import Now

from apps.cam import queries
from apps.cam.api import events
from apps.cam.models import DuplicatePair, Lead, LeadMerge
from apps.cam.rules.contactability import strongest
from apps.cam.rules.merging import MERGED_FIELDS, WISHES, differing
from apps.cam.services.identity import HASHES, TRAITS, identity_columns
from apps.shared.events import AuditNote, Event, publish

SLICE = 2_000
"""Leads that are compared in one transaction."""

MOVED = ("cam.InboundEmail.lead", "cam.Consent.lead", "cam.LeadSubmission.lead", "cam.DiscoveredProfile.lead")
"""What goes over to the survivor, and comes back: a table and its column that points to a lead."""
STAYING = {
    "cam.OutboundEmail.lead": "what was sent, to which address and as which message of whom, is never rewritten",
    "cam.Lead.merged_into": "what became part of a lead before it became part of another one stays below it",
    "cam.DuplicatePair.lead": "a suspicion is of two leads, not of one person",
    "cam.DuplicatePair.other": "a suspicion is of two leads, not of one person",
    "cam.LeadMerge.survivor": "it tells what happened",
    "cam.Deal.lead": "what was agreed on was agreed with that lead, whose page names the survivor",
    "cam.Alert.lead": "people were told of that lead",
    "cam.LeadMerge.merged": "it tells what happened",
}
"""What points to a lead and stays with it, and why. A test refuses a table that is in neither list."""

_NOT_COMPARED = ("updated_at", "contactability", "is_compared", *HASHES)
"""Columns that may differ from what a merge left: who wishes not to be written to still can take a merge back.

Hashes differ where a trait does, which is compared, and after the key was changed, which changed nobody.
"""


class MergeRefused(ValueError):
    """Leads cannot be made one, or not be made two again; the message says why."""


# --- suspecting -------------------------------------------------------------------------------------------------------


def find_duplicates() -> int:
    """Compare the leads that nobody has compared yet with all others, and return how many pairs were found.

    A slice is one transaction: whoever is killed in it leaves its leads to the next.
    """
    found = 0
    while True:
        with transaction.atomic():
            waiting = Lead.objects.filter(is_compared=False).order_by("pk").select_for_update(skip_locked=True)
            keys = list(waiting.values_list("pk", flat=True)[:SLICE])
            found += _suspect(keys)
            Lead.objects.filter(pk__in=keys).update(is_compared=True)
        if len(keys) < SLICE:
            return found


def _suspect(keys: list[UUID]) -> int:
    pairs: dict[tuple[UUID, UUID], set[str]] = {}
    for one, other, reason in queries.alike(keys):
        pairs.setdefault((min(one, other), max(one, other)), set()).add(reason)
    rows = [DuplicatePair(lead_id=one, other_id=other, reasons=sorted(said)) for (one, other), said in pairs.items()]
    return len(DuplicatePair.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def dismiss_duplicate(pair: DuplicatePair, *, by: UUID, at: datetime, reason: str = "") -> DuplicatePair:
    """Say that two leads are two people; they are not suspected again. Raises TransitionNotAllowed once decided."""
    pair.dismiss()
    pair.decided_by_id, pair.decided_at = by, at
    pair.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    event = events.DuplicateDismissed(aggregate_id=pair.pk, lead_id=pair.lead_id, other_id=pair.other_id)
    publish(event, AuditNote(actor_id=by, reason=reason, before={"state": "OPEN"}, after={"state": pair.state}))
    return pair


# --- merging ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def merge_leads(
    survivor: Lead, merged: Lead, *, chosen: Mapping[str, str], by: UUID | None, at: datetime, reason: str = ""
) -> LeadMerge:
    """Make one lead part of another, which keeps its history and has of either what `chosen` says.

    `chosen` maps fields of `rules.merging` to "survivor" or "merged". Replies go over; the merged lead is never written
    to again. The stronger contactability holds for both. Raises MergeRefused where one of them is not there to be
    merged any more, ValueError for a choice that is none.
    """
    if wrong := [name for name, of in chosen.items() if name not in MERGED_FIELDS or of not in ("survivor", "merged")]:
        raise ValueError(f"{', '.join(wrong)}: choose survivor or merged, for {', '.join(MERGED_FIELDS)}.")
    one, other = _locked(survivor.pk, merged.pk)
    if one.merged_into_id or other.merged_into_id:
        raise MergeRefused("One of the two is part of another lead already. Look at them again.")
    before = _rows(one, other)
    holding = {"survivor": one, "merged": other}
    values = {name: getattr(holding[of], name) for name, of in chosen.items()}
    moved = {relation: _move(relation, other, one) for relation in MOVED}
    _write(one, {**values, "raw": other.raw | one.raw, "contactability": _together(one, other)}, is_whole=True)
    silent = strongest(other.contactability, Lead.Contactability.DO_NOT_CONTACT)
    _write(other, {"merged_into_id": one.pk, "contactability": silent, "next_action_at": None})
    merge = LeadMerge.objects.create(
        survivor=one,
        merged=other,
        chosen=dict(chosen),
        before=before,
        after=_rows(one, other),
        moved=moved,
        reason=reason,
        merged_by_id=by,
    )
    _decide(one, other, "merge", by=by, at=at)
    counts = {relation: len(keys) for relation, keys in moved.items()}
    note = AuditNote(actor_id=by, reason=reason, after={"merge": str(merge.pk), "chosen": dict(chosen), **counts})
    _tell(events.LeadsMerged, one, other, note, at=at)
    _tell_contactability(merge.before, (one, other), by=by, reason="merged")
    return merge


@transaction.atomic
def undo_merge(merge: LeadMerge, *, by: UUID, at: datetime, reason: str = "") -> LeadMerge:
    """Make two leads of one again, both as they were, and give back what had gone over.

    Who has opted out since, by either of them, stays out: nobody knows which of the two it was. Raises MergeRefused
    where something was built on the merge since, or it was taken back.
    """
    one, other = _locked(merge.survivor_id, merge.merged_id)
    stored = LeadMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    _check_undo(stored, one, other)
    now = _rows(one, other)
    for lead in (one, other):
        _restore(lead, stored)
    for relation, keys in stored.moved.items():
        _move(relation, one, other, keys)
    _keep_opt_outs(stored, one, other)
    stored.undone_by_id, stored.undone_at = by, at
    stored.save(update_fields=["undone_by", "undone_at", "updated_at"])
    _decide(one, other, "reopen", by=None, at=None)
    note = AuditNote(actor_id=by, reason=reason, before={"merge": str(stored.pk)})
    _tell(events.MergeUndone, one, other, note, at=at)
    _tell_contactability(now, (one, other), by=by, reason="a merge was taken back")
    return stored


def _check_undo(merge: LeadMerge, one: Lead, other: Lead) -> None:
    if merge.undone_at is not None:
        raise MergeRefused("It was taken back already.")
    later = LeadMerge.objects.filter(undone_at=None, pk__gt=merge.pk)
    if later.filter(survivor__in=(one, other)).exists() or later.filter(merged__in=(one, other)).exists():
        raise MergeRefused("One of the two was merged again since. Take that back first.")
    now = _rows(one, other)
    if changed := {
        name for key, row in merge.after.items() for name in differing(row, now[key], ignored=_NOT_COMPARED)
    }:
        raise MergeRefused(f"The leads have changed since: {', '.join(sorted(changed))}. They stay one.")


def _restore(lead: Lead, merge: LeadMerge) -> None:
    """Write into a lead what the merge changed of it, as it was; what was only touched since stays as it is.

    Its hashes are made anew, because the key may be another one by now.
    """
    before, after = merge.before[str(lead.pk)], merge.after[str(lead.pk)]
    columns = differing(after, before)
    before = before | identity_columns(Lead(**{name: before[name] for name in TRAITS}))
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    values = ", ".join(f"was.{connection.ops.quote_name(name)}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE cam_lead SET ({names}) = (SELECT {values} FROM jsonb_populate_record(NULL::cam_lead, %s) AS was)"  # noqa: S608  (columns of the table)
            " WHERE id = %s",
            [json.dumps(before), lead.pk],
        )


def _keep_opt_outs(merge: LeadMerge, one: Lead, other: Lead) -> None:
    """Let both have what came since the merge, and an address what any of the two knew of it before."""
    found = {lead.contactability for lead in (one, other) if _has_changed(merge, lead)}
    since = found - {Lead.Contactability.OK.value}
    before = {key: row["contactability"] for key, row in merge.before.items()}
    is_one_address = one.identity_key == other.identity_key
    of_address = set(before.values()) & WISHES if is_one_address else set()
    for lead in (one, other):
        was = before[str(lead.pk)]
        kept = strongest(was, *since, *of_address, *queries.wishes_since(merge, lead.identity_key))
        lead.refresh_from_db()
        if kept != was:
            _write(lead, {"contactability": kept})


def _has_changed(merge: LeadMerge, lead: Lead) -> bool:
    return lead.contactability != merge.after[str(lead.pk)]["contactability"]


# --- rows -------------------------------------------------------------------------------------------------------------


def _locked(one: UUID, other: UUID) -> tuple[Lead, Lead]:
    """Lock both, always in one order, and return them as they are now."""
    rows = Lead.objects.select_for_update().order_by("pk").in_bulk([one, other])
    if len(rows) < 2:
        raise MergeRefused("Choose two leads.")
    return rows[one], rows[other]


def _rows(*leads: Lead) -> dict[str, dict[str, Any]]:
    """Return rows as PostgreSQL writes them down: nothing of a column is lost that way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, to_jsonb(cam_lead)::text FROM cam_lead WHERE id = ANY(%s)", [[lead.pk for lead in leads]]
        )
        return {key: json.loads(row) for key, row in cursor.fetchall()}


def _write(lead: Lead, values: dict[str, Any], *, is_whole: bool = False) -> None:
    """Write columns; of a lead whose traits may have changed, who it is now, too."""
    for name, value in values.items():
        setattr(lead, name, value)
    if is_whole:
        values = {**values, **identity_columns(lead), "is_compared": False}
    Lead.objects.filter(pk=lead.pk).update(**values, updated_at=Now())


def _move(relation: str, giver: Lead, taker: Lead, keys: list[str] | None = None) -> list[str]:
    """Let rows point to another lead, of those named the ones that still point to the first, and return which."""
    related = queries.relations_to_leads()[relation]
    model: type[Model] = related.related_model
    rows = model._default_manager.filter(**{related.field.name: giver})
    rows = rows if keys is None else rows.filter(pk__in=keys)
    found = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]
    model._default_manager.filter(pk__in=found).update(**{related.field.name: taker})
    return found


def _together(one: Lead, other: Lead) -> str:
    return strongest(one.contactability, other.contactability)


def _decide(one: Lead, other: Lead, verb: str, *, by: UUID | None, at: datetime | None) -> None:
    first, second = sorted((one, other), key=lambda lead: lead.pk)
    source = DuplicatePair.State.OPEN if verb == "merge" else DuplicatePair.State.MERGED
    for pair in DuplicatePair.objects.select_for_update().filter(lead=first, other=second, state=source):
        getattr(pair, verb)()
        pair.decided_by_id, pair.decided_at = by, at
        pair.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])


def _tell(kind: type[Event], one: Lead, other: Lead, note: AuditNote, *, at: datetime) -> None:
    event = kind(aggregate_id=one.pk, occurred_at=at, campaign_id=one.campaign_id, merged_id=other.pk)
    publish(event, note)


def _tell_contactability(
    before: Mapping[str, Mapping[str, Any]], leads: tuple[Lead, Lead], *, by: UUID | None, reason: str
) -> None:
    for lead in leads:
        was, now = before[str(lead.pk)]["contactability"], lead.contactability
        if was != now:
            event = events.ContactabilityChanged(
                aggregate_id=lead.pk, campaign_id=lead.campaign_id, from_contactability=was, to_contactability=now
            )
            change = {"before": {"contactability": was}, "after": {"contactability": now}}
            publish(event, AuditNote(actor_id=by, reason=reason, **change))
