"""Leads: listed, on the board, in conversation."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import reduce
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.cam.api import dtos
from apps.cam.models import Campaign, InboundEmail, Lead, LeadSubmission, OutboundEmail
from apps.cam.rules.moves import STATES

CARDS = 30
"""Of one column of the board; its list has the others."""
MOST_COUNTED = 1_000
"""A column's count ends here: nobody works off more, and counting a million takes a tenth of a second."""
MOST_LISTED = 500
MOST_OF_CONVERSATION = 30
FAR_OFF = datetime.max.replace(tzinfo=UTC)


def list_leads(
    campaign_id: UUID, *, state: str | None = None, after: UUID | None = None, most: int = 100
) -> tuple[dtos.Lead, ...]:
    """Return leads of a campaign, newest first, those made before `after` alone; at most 500 at once."""
    rows = Lead.objects.single().filter(campaign=campaign_id).order_by("-id")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(pk__lt=after) if after else rows
    return tuple(row.as_dto() for row in rows.defer("raw", "reasons", "rating")[: max(1, min(most, MOST_LISTED))])


def cards_of(campaign: Campaign) -> dict[str, list[Lead]]:
    """Return the first leads of each state, the most urgent first; each state is one look into the board's index."""
    leads = Lead.objects.single().filter(campaign=campaign)
    columns = [leads.filter(state=state).most_urgent_first().values("pk")[:CARDS] for state in STATES]
    wanted = reduce(lambda one, other: one.union(other, all=True), columns)
    keys = [row["pk"] for row in wanted]
    found = {lead.pk: lead for lead in leads.filter(pk__in=keys).defer("raw", "rating")}
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


def conversation_of(lead: Lead) -> list[InboundEmail | OutboundEmail]:
    """Return the newest of what a lead wrote and what was written to it, newest first, before them what waits."""
    came = lead.mails.select_related("answered_by").defer("html", "headers", "raw").order_by("-id")
    went = lead.sent_mails.select_related("step__template", "written_by").order_by("-number")
    both = [*came[:MOST_OF_CONVERSATION], *went[:MOST_OF_CONVERSATION]]
    return sorted(both, key=lambda mail: mail.said_at or FAR_OFF, reverse=True)


def submissions_of(lead: Lead) -> QuerySet[LeadSubmission]:
    """Return what came in of a lead by forms and keys, newest first."""
    return lead.submissions.select_related("form", "key", "consent").order_by("-id")


def leads_of_person(addresses: Iterable[str], deal_id: UUID | None) -> QuerySet[Lead]:
    """Return the leads of a person, in whatever spelling of the addresses, a deal's, and those merged into them."""
    of_deal = Q(deals__pk=deal_id) if deal_id else Q(pk__in=())
    known = set(Lead.objects.of_persons(addresses).values_list("pk", flat=True))
    known |= set(Lead.objects.filter(of_deal).values_list("pk", flat=True))
    return Lead.objects.filter(Q(pk__in=known) | Q(merged_into__in=known)).only("email", "full_name").order_by("pk")
