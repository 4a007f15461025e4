"""Who may be the same person, and what a merge would move."""

from collections.abc import Iterable
from collections.abc import Sequence as Several
from uuid import UUID

from django.db import connection
from django.db.models import Count, ForeignObjectRel, QuerySet

from apps.cam.models import DuplicatePair, Lead, LeadMerge, Suppression
from apps.cam.rules.contactability import OF_REASON

MOST_ALIKE = 20
"""Leads that one lead is suspected to be, by one trait: a switchboard's number is many people's."""
_ALIKE = " UNION ALL ".join(
    f"""(SELECT other.id, '{reason}' FROM cam_lead AS other
        WHERE other.{column} = one.{column} AND other.{column} <> '' AND other.id <> one.id
            AND other.merged_into_id IS NULL {further} LIMIT {MOST_ALIKE})"""  # noqa: S608  (made of names in this file)
    for reason, column, further in (
        ("ADDRESS", "identity_key", ""),
        ("PROFILE", "profile_key", ""),
        ("PHONE", "phone_key", "AND lower(other.full_name) IN ('', lower(one.full_name))"),
        ("COLLEAGUE", "colleague_key", ""),
    )
)


def alike(leads: list[UUID]) -> list[tuple[UUID, UUID, str]]:
    """Return who may be the same person as each of these leads, and by what; a telephone is often a whole office's."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT one.id, found.id, found.reason FROM cam_lead AS one
                CROSS JOIN LATERAL ({_ALIKE}) AS found (id, reason)
                WHERE one.id = ANY(%s) AND one.merged_into_id IS NULL""",  # noqa: S608
            [leads],
        )
        return cursor.fetchall()


def relations_to_leads() -> dict[str, ForeignObjectRel]:
    """Return every relation that points to leads, by table and column."""
    found = (each for each in Lead._meta.get_fields(include_hidden=True) if isinstance(each, ForeignObjectRel))
    return {f"{each.related_model._meta.label}.{each.field.name}": each for each in found}


def rows_of(leads: Several[Lead], relations: Iterable[str]) -> dict[str, list[int]]:
    """Return how many rows of each of these relations each lead has, by what they are called."""
    known, told = relations_to_leads(), {}
    for relation in relations:
        rows, column = known[relation].related_model._default_manager, known[relation].field.attname
        found = rows.filter(**{f"{column}__in": [lead.pk for lead in leads]}).order_by().values_list(column)
        counts = dict(found.annotate(count=Count("*")))
        told[str(rows.model._meta.verbose_name_plural)] = [counts.get(lead.pk, 0) for lead in leads]
    return told


def living(lead: Lead) -> Lead:
    """Return the lead that a lead has become part of, itself where it is one by itself."""
    while lead.merged_into_id:
        lead = Lead.objects.get(pk=lead.merged_into_id)
    return lead


def merged_into(lead: Lead) -> QuerySet[LeadMerge]:
    """Return the merges by which others became part of a lead, the newest first."""
    return LeadMerge.objects.filter(survivor=lead, undone_at=None).select_related("merged").order_by("-id")


def wishes_since(merge: LeadMerge, identity_key: str) -> list[str]:
    """Return what an address has wished of us since a merge, in words of contactability."""
    wishes = Suppression.objects.filter(key_hash=identity_key, lifted_at=None, created_at__gte=merge.created_at)
    return [OF_REASON[reason] for reason in wishes.values_list("reason", flat=True)]


def suspicions_of(lead: Lead) -> list[DuplicatePair]:
    """Return the open suspicions that a lead is somebody else, too."""
    pairs = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).select_related("lead", "other")
    found = [*pairs.filter(lead=lead)[:MOST_ALIKE], *pairs.filter(other=lead)[:MOST_ALIKE]]
    return [pair for pair in found if not (pair.lead.merged_into_id or pair.other.merged_into_id)]
