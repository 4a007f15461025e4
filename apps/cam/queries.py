"""Reads of client acquisition: how campaigns stand, the board, what a file would become, whose a mail is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

from django.db.models import Case, Count, QuerySet, Value, When

from apps.cam.api import dtos
from apps.cam.gateways import files
from apps.cam.gateways.files import Kept
from apps.cam.models import (
    Campaign,
    Consent,
    ImportBatch,
    ImportRefusal,
    InboundEmail,
    Lead,
    OutboundEmail,
    Suppression,
)
from apps.cam.models.hashes import address_hash, domain_hashes, profile_hash
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


# --- campaigns --------------------------------------------------------------------------------------------------------


def count_by_state(campaigns: Iterable[UUID]) -> dict[str, int]:
    """Return how many leads of some campaigns are in each state; reads a small index and no row of the table."""
    found = Lead.objects.filter(campaign__in=list(campaigns)).order_by().values_list("state").annotate(count=Count("*"))
    counts = dict(found)
    return {state: counts.get(state, 0) for state in STATES}


def get_campaign_status(campaign_id: UUID, *, at: datetime) -> dtos.CampaignStatus:
    """Return where a campaign stands. Raises ObjectDoesNotExist for an unknown id."""
    campaign = Campaign.objects.get(pk=campaign_id)
    by_state = count_by_state([campaign_id])
    silent = Lead.objects.filter(campaign=campaign_id).exclude(contactability="OK").order_by()
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
    rows = Lead.objects.filter(campaign=campaign_id).order_by("-id")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(pk__lt=after) if after else rows
    return tuple(row.as_dto() for row in rows.defer("raw", "reasons")[: max(1, min(most, MOST_LISTED))])


def cards_of(campaign: Campaign) -> dict[str, list[Lead]]:
    """Return the first leads of each state, the most urgent first; each state is one look into the board's index."""
    leads = Lead.objects.filter(campaign=campaign)
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
    leads = Lead.objects.filter(campaign=campaign).order_by()
    columns = [leads.filter(state=state).values("state")[: MOST_COUNTED + 1] for state in STATES]
    wanted = reduce(lambda one, other: one.union(other, all=True), columns)
    counts = dict.fromkeys(STATES, 0)
    for row in wanted:
        counts[row["state"]] += 1
    return counts


def mails_of(lead: Lead) -> QuerySet[InboundEmail]:
    """Return what a lead has written, newest first."""
    return lead.mails.select_related("answered_by").defer("html", "headers").order_by("-id")


def sent_to(lead: Lead) -> QuerySet[OutboundEmail]:
    """Return what a lead was sent or is to be sent, newest first."""
    return lead.sent_mails.defer("html").order_by("-number")


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
        return mail.lead, InboundEmail.MatchedBy.REFERENCE
    was_written_to = Case(
        When(state__in=["CONTACTED", "REPLIED", "MEETING", "PROPOSAL"], then=Value(0)), default=Value(1)
    )
    lead = Lead.objects.filter(email_key=address_key(sender)).order_by(was_written_to, "-id").first()
    return lead, InboundEmail.MatchedBy.ADDRESS if lead else InboundEmail.MatchedBy.NOTHING


MOST_PROVED = 200
"""Of each kind of rows that are shown of one person."""


@dataclass(frozen=True)
class ContactProof:
    """All that was considered, sent and held back for one person, whatever the spelling of their address."""

    address: str
    leads: list[Lead]
    mails: list[OutboundEmail]
    replies: list[InboundEmail]
    suppressions: list[Suppression]
    consents: list[Consent]

    @property
    def in_force(self) -> list[Suppression]:
        """What forbids to write to them now."""
        return [each for each in self.suppressions if each.lifted_at is None]


def contact_proof(address: str) -> ContactProof:
    """Return all that is known of our writing to a person: in every campaign, and in their order."""
    leads = list(Lead.objects.of_person(address).select_related("campaign").defer("raw").order_by("pk")[:MOST_PROVED])
    keys = [lead.pk for lead in leads]
    mails = OutboundEmail.objects.filter(lead__in=keys).select_related("campaign", "mailbox").defer("text", "html")
    replies = InboundEmail.objects.filter(lead__in=keys).defer("html", "headers", "text")
    hashes = [address_hash(address), *domain_hashes(address), *(profile_hash(lead.linkedin_url) for lead in leads)]
    suppressions = Suppression.objects.filter(key_hash__in=hashes).select_related("made_by", "lifted_by")
    consents = Consent.objects.filter(lead__in=keys).select_related("lead")
    return ContactProof(
        address=address,
        leads=leads,
        mails=list(mails.order_by("created_at", "pk")[:MOST_PROVED]),
        replies=list(replies.order_by("pk")[:MOST_PROVED]),
        suppressions=list(suppressions.order_by("pk")[:MOST_PROVED]),
        consents=list(consents.order_by("pk")[:MOST_PROVED]),
    )


def find_by_token(token: str) -> OutboundEmail | None:
    """Return the message whose unsubscribe link has this token."""
    if not re.fullmatch(r"[\w-]{43}", token, re.ASCII):
        return None
    return OutboundEmail.objects.defer("text", "html").filter(unsubscribe_token=token).first()
