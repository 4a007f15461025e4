"""Reads of client acquisition: how campaigns stand, the board, what a file would become, whose a mail is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, ForeignObjectRel, QuerySet, Value, When

from apps.cam.api import dtos
from apps.cam.gateways import files
from apps.cam.gateways.files import Kept
from apps.cam.models import (
    Campaign,
    DuplicatePair,
    ImportBatch,
    ImportRefusal,
    InboundEmail,
    Lead,
    LeadMerge,
    LeadSubmission,
    Suppression,
)
from apps.cam.models.mails import UPLOADED
from apps.cam.rules.addresses import address_key
from apps.cam.rules.moves import STATES
from apps.cam.rules.rows import judge_row

CARDS = 30
"""Of one column of the board; its list has the others."""
MOST_COUNTED = 1_000
"""A column's count ends here: nobody works off more, and counting a million takes a tenth of a second."""
LOOKED_AT = 2_000
"""Rows of a file that are judged before it is confirmed."""
SHOWN = 200
"""Of the rows that were looked at; of those that are refused, as many more."""
MOST_ERRORS_TOLD = 100
MOST_LISTED = 500
MOST_ALIKE = 20
"""Leads that one lead is suspected to be, by one trait: a switchboard's number is many people's."""


# --- campaigns --------------------------------------------------------------------------------------------------------


def count_by_state(campaigns: Iterable[UUID]) -> dict[str, int]:
    """Return how many leads of some campaigns are in each state; reads a small index and no row of the table."""
    found = (
        Lead.objects.single()
        .filter(campaign__in=list(campaigns))
        .order_by()
        .values_list("state")
        .annotate(count=Count("*"))
    )
    counts = dict(found)
    return {state: counts.get(state, 0) for state in STATES}


def get_campaign_status(campaign_id: UUID, *, at: datetime) -> dtos.CampaignStatus:
    """Return where a campaign stands. Raises ObjectDoesNotExist for an unknown id."""
    campaign = Campaign.objects.get(pk=campaign_id)
    by_state = count_by_state([campaign_id])
    silent = Lead.objects.single().filter(campaign=campaign_id).exclude(contactability="OK").order_by()
    by_contactability = dict(silent.values_list("contactability").annotate(count=Count("*")))
    mails = InboundEmail.objects.filter(lead__campaign=campaign_id)
    return dtos.CampaignStatus(
        campaign_id=campaign_id,
        state=campaign.state,
        leads=sum(by_state.values()),
        leads_by_state={state: count for state, count in by_state.items() if count},
        replies=mails.count(),
        positive_replies=mails.filter(classification="POSITIVE").count(),
        bounces=by_contactability.get("BOUNCED", 0),
        unsubscribes=by_contactability.get("UNSUBSCRIBED", 0),
        as_of=at,
    )


# --- leads ------------------------------------------------------------------------------------------------------------


def list_leads(
    campaign_id: UUID, *, state: str | None = None, after: UUID | None = None, most: int = 100
) -> tuple[dtos.Lead, ...]:
    """Return leads of a campaign, newest first, those made before `after` alone; at most 500 at once."""
    rows = Lead.objects.single().filter(campaign=campaign_id).order_by("-id")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(pk__lt=after) if after else rows
    return tuple(row.as_dto() for row in rows.defer("raw", "reasons")[: max(1, min(most, MOST_LISTED))])


def cards_of(campaign: Campaign) -> dict[str, list[Lead]]:
    """Return the first leads of each state, the most urgent first; each state is one look into the board's index."""
    leads = Lead.objects.single().filter(campaign=campaign)
    columns = [leads.filter(state=state).most_urgent_first().values("pk")[:CARDS] for state in STATES]
    wanted = reduce(lambda one, other: one.union(other, all=True), columns)
    keys = [row["pk"] for row in wanted]
    found = {lead.pk: lead for lead in leads.filter(pk__in=keys).defer("raw")}
    cards: dict[str, list[Lead]] = {state: [] for state in STATES}
    for key in keys:
        if lead := found.get(key):  # it may have moved between the two looks
            cards[lead.state].append(lead)
    return cards


def capped_counts(campaign: Campaign) -> dict[str, int]:
    """Return how many leads a campaign has in each state; counting ends at a thousand and one."""
    leads = Lead.objects.single().filter(campaign=campaign).order_by()
    columns = [leads.filter(state=state).values("state")[: MOST_COUNTED + 1] for state in STATES]
    wanted = reduce(lambda one, other: one.union(other, all=True), columns)
    counts = dict.fromkeys(STATES, 0)
    for row in wanted:
        counts[row["state"]] += 1
    return counts


def mails_of(lead: Lead) -> QuerySet[InboundEmail]:
    """Return what a lead has written, newest first."""
    return lead.mails.select_related("answered_by").defer("html", "headers").order_by("-id")


def submissions_of(lead: Lead) -> QuerySet[LeadSubmission]:
    """Return what came in of a lead by forms and keys, newest first."""
    return lead.submissions.select_related("form", "key", "consent").order_by("-id")


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What would become of a row: NEW, KNOWN or REFUSED, with the problems of its fields or what it doubles."""

    row: int
    email: str
    name: str
    company: str
    outcome: str
    problems: dict[str, str]


@dataclass(frozen=True)
class Preview:
    """What would become of the rows that were looked at; `lines` are the first of them, and more that are refused."""

    lines: list[Line]
    looked_at: int
    new: int
    known: int
    refused: int


def preview_import(campaign: Campaign, kept: Kept, mapping: dict[str, int]) -> Preview:
    """Return what would become of a kept file's first rows. Nothing is stored. Raises FileNotFoundError."""
    lines = list(_lines(campaign, kept, mapping))
    counts = {outcome: sum(line.outcome == outcome for line in lines) for outcome in ("NEW", "KNOWN", "REFUSED")}
    late = [line for line in lines[SHOWN:] if line.outcome == "REFUSED"]
    return Preview([*lines[:SHOWN], *late[:SHOWN]], len(lines), counts["NEW"], counts["KNOWN"], counts["REFUSED"])


def _lines(campaign: Campaign, kept: Kept, mapping: dict[str, int]) -> Iterator[Line]:
    rows = []
    for number, cells in files.read_kept(kept.sha256):
        rows.append((number, judge_row(kept.headers, cells, mapping), cells))
        if len(rows) == LOOKED_AT:
            break
    keys = [judged.lead.email_key for _, judged, _ in rows if judged.lead]
    known = set(Lead.objects.filter(campaign=campaign, email_key__in=keys).values_list("email_key", flat=True))
    first: dict[str, int] = {}
    for number, judged, cells in rows:
        lead = judged.lead
        if lead is None:
            place = mapping.get("email", -1)
            said = cells[place] if 0 <= place < len(cells) else ""
            yield Line(number, said[:80], "", "", "REFUSED", judged.problems)
            continue
        before = first.setdefault(lead.email_key, number)
        same = {"row": f"has the address of row {before}"} if before != number else {}
        same = {"row": "is a lead of the campaign already"} if lead.email_key in known else same
        yield Line(number, lead.email, lead.full_name, lead.company, "KNOWN" if same else "NEW", same)


def refusals_of(batch: ImportBatch) -> QuerySet[ImportRefusal]:
    """Return the rows of a file that were not taken, in their order."""
    return ImportRefusal.objects.filter(batch=batch).order_by("row")


def import_result(batch: ImportBatch) -> dtos.ImportResult:
    """Return an import as other modules see it."""
    errors = (
        dtos.RowError(row=refusal.row, field=field, message=problem)
        for refusal in refusals_of(batch)[:MOST_ERRORS_TOLD]
        for field, problem in refusal.problems.items()
    )
    columns = ("id", "campaign_id", "sha256", "rows", "created", "duplicates", "refused", "state")
    return dtos.ImportResult(**{name: getattr(batch, name) for name in columns}, errors=tuple(errors))


# --- mails ------------------------------------------------------------------------------------------------------------


def find_mail(message_id: str, uid: str) -> InboundEmail | None:
    """Return the mail of this Message-ID, whichever way it came; else the uploaded one of this key."""
    by_id = InboundEmail.objects.filter(message_id=message_id).order_by("pk").first() if message_id else None
    return by_id or InboundEmail.objects.filter(mailbox=UPLOADED, provider_uid=uid).first()


def lead_of_mail(references: Sequence[str], sender: str) -> tuple[Lead | None, str]:
    """Return whose mail it is, and by what that is known.

    What it answers tells more than its sender, whom anybody can write. A sender who is a lead of several campaigns is
    taken for the one that was written to, and of those for the newest.
    """
    answered = InboundEmail.objects.filter(message_id__in=references, lead__isnull=False).exclude(message_id="")
    if references and (mail := answered.select_related("lead").order_by("-id").first()):
        return living(mail.lead), InboundEmail.MatchedBy.REFERENCE
    was_written_to = Case(
        When(state__in=["CONTACTED", "REPLIED", "MEETING", "PROPOSAL"], then=Value(0)), default=Value(1)
    )
    found = Lead.objects.filter(email_key=address_key(sender)).order_by(was_written_to, "-id").first()
    lead = living(found) if found else None
    return lead, InboundEmail.MatchedBy.ADDRESS if lead else InboundEmail.MatchedBy.NOTHING


# --- duplicates -------------------------------------------------------------------------------------------------------

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


def rows_of(leads: Sequence[Lead], relations: Iterable[str]) -> dict[str, list[int]]:
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
    is_of_lead = {Suppression.Reason.UNSUBSCRIBED: "UNSUBSCRIBED", Suppression.Reason.BOUNCED: "BOUNCED"}
    return [is_of_lead.get(reason, "SUPPRESSED") for reason in wishes.values_list("reason", flat=True)]


def suspicions_of(lead: Lead) -> list[DuplicatePair]:
    """Return the open suspicions that a lead is somebody else, too."""
    pairs = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).select_related("lead", "other")
    found = [*pairs.filter(lead=lead)[:MOST_ALIKE], *pairs.filter(other=lead)[:MOST_ALIKE]]
    return [pair for pair in found if not (pair.lead.merged_into_id or pair.other.merged_into_id)]
