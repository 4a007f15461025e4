"""Reads of client acquisition: how campaigns stand, the board, what a file would become, whose a mail is."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Several
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, ForeignObjectRel, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from apps.cam.api import dtos
from apps.cam.gateways import files
from apps.cam.gateways.files import Kept
from apps.cam.models import (
    Campaign,
    Consent,
    Deal,
    DuplicatePair,
    ImportBatch,
    ImportRefusal,
    InboundEmail,
    Lead,
    LeadMerge,
    LeadSubmission,
    MessageTemplate,
    OutboundEmail,
    RuleBook,
    Sequence,
    SequenceStep,
    Suppression,
)
from apps.cam.models.hashes import address_hash, domain_hashes, profile_hash
from apps.cam.models.mails import UPLOADED
from apps.cam.models.sequences import Words
from apps.cam.rules.addresses import address_key
from apps.cam.rules.enriching import Derived, derive
from apps.cam.rules.mails import Mail
from apps.cam.rules.moves import STATES
from apps.cam.rules.quotes import without_quotes
from apps.cam.rules.rows import judge_row
from apps.cam.rules.rulebooks import Profile, Rules, read_profile
from apps.cam.rules.scoring import Known, rate
from apps.cam.rules.templates import TemplateRefused
from apps.identity.models import Client

CARDS = 30
"""Of one column of the board; its list has the others."""
MOST_COUNTED = 1_000
"""A column's count ends here: nobody works off more, and counting a million takes a tenth of a second."""
COMPARED, EXAMPLES = 500, 3
"""Leads that two versions of the rules are tried on, and how many of those judged otherwise are named."""
LOOKED_AT = 2_000
"""Rows of a file that are judged before it is confirmed."""
SHOWN = 200
"""Of the rows that were looked at; of those that are refused, as many more."""
MOST_ERRORS_TOLD = 100
MOST_LISTED = 500
MOST_ALIKE = 20
"""Leads that one lead is suspected to be, by one trait: a switchboard's number is many people's."""
MOST_OF_CONVERSATION = 30
FAR_OFF = datetime.max.replace(tzinfo=UTC)
_LINE_OF_ID = re.compile(r"^(?:message-id|x-ms-exchange-message-id):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)


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
    went = lead.sent_mails.select_related("step__template").defer("html").order_by("-number")
    both = [*came[:MOST_OF_CONVERSATION], *went[:MOST_OF_CONVERSATION]]
    return sorted(both, key=lambda mail: mail.said_at or FAR_OFF, reverse=True)


def outreach_plan(lead: Lead, sequence: Sequence) -> dtos.OutreachPlan:
    """Return the messages that a lead of a sequence gets. Raises TemplateRefused where something is not known of it."""
    sender = lead.campaign.mailbox.sender_name if lead.campaign.mailbox else ""
    messages, day = [], 0
    for step in sequence.steps.select_related("template"):
        words = step.words_for(lead, sender)
        day += step.wait_days
        messages.append(
            dtos.OutreachMessage(step=step.position, day=day, channel="EMAIL", subject=words.subject, text=words.text)
        )
    return dtos.OutreachPlan(lead_id=lead.pk, sequence=str(sequence), messages=tuple(messages))


def steps_as_planned(sequence: Sequence) -> list[dict[str, Any]]:
    """Return the steps of a sequence as its form shows them, with the newest version of each template."""
    newest = {template.name.lower(): template.pk for template in MessageTemplate.objects.newest()}
    return [
        {
            "template": newest[step.template.name.lower()],
            "wait_days": step.wait_days,
            "subject_b": step.subject_b,
        }
        for step in sequence.steps.select_related("template")
    ]


def sequence_at_work(sequence: Sequence) -> Sequence | None:
    """Return the version of a sequence's route that is at work."""
    same = Sequence.objects.filter(campaign=sequence.campaign_id, name=sequence.name)
    return same.filter(state=Sequence.State.LIVE).first()


def sequence_as_read(sequence: Sequence) -> tuple[Lead | None, list[tuple[SequenceStep, int, Words | None, str]]]:
    """Return a lead of the campaign and what each step says to it on which day, or why it cannot be said."""
    lead = Lead.objects.filter(campaign=sequence.campaign_id, contactability="OK").defer("raw").order_by("-id").first()
    sender = sequence.campaign.mailbox.sender_name if sequence.campaign.mailbox else "the sender"
    shown, day = [], 0
    for step in sequence.steps.select_related("template"):
        day += step.wait_days
        words, problem = None, ""
        if lead:
            try:
                words = step.words_for(lead, sender)
            except TemplateRefused as refusal:
                problem = f"It cannot be said to this lead: {refusal}."
        shown.append((step, day, words, problem))
    return lead, shown


def leads_midway(sequence: Sequence) -> dict[int, int]:
    """Return how many leads wait behind each message of a sequence, by how many they got: who an edit would touch."""
    leads = Lead.objects.filter(sequence=sequence, state__in=("ROUTED", "CONTACTED"), contactability="OK").order_by()
    sent = OutboundEmail.objects.filter(lead=OuterRef("pk"), sent_at__isnull=False).order_by("-number")
    last = Coalesce(Subquery(sent.values("number")[:1]), 0)
    return dict(leads.annotate(last=last).values_list("last").annotate(leads=Count("pk")).order_by("last"))


# --- deals ------------------------------------------------------------------------------------------------------------


def get_signed_client(deal_id: UUID) -> dtos.SignedClient:
    """Return what a won deal makes of its lead. Raises Deal.DoesNotExist for one that is not won."""
    return Deal.objects.get(pk=deal_id, state=Deal.State.WON).as_signed_client()


def find_client_of(deal: Deal) -> Client | None:
    """Return the client that came of a deal, None before it was opened."""
    return Client.objects.filter(deal_id=deal.pk).first()


def namesakes_of(deal: Deal) -> list[Client]:
    """Return the clients that are called as the deal's company is, by another deal or none; at most three."""
    return list(Client.objects.filter(name__iexact=deal.company).exclude(deal_id=deal.pk)[:3]) if deal.company else []


def deals_of(lead: Lead) -> QuerySet[Deal]:
    """Return the deals with a lead, newest first."""
    return lead.deals.order_by("-id")


# --- scores -----------------------------------------------------------------------------------------------------------


def live_book() -> RuleBook:
    """Return the rule book that leads are scored by. Raises ObjectDoesNotExist where somebody removed it."""
    return RuleBook.objects.live().get()


def profile_of(campaign: Campaign) -> Profile:
    """Return whom a campaign looks for; one that says nothing asks nothing."""
    return read_profile(campaign.profile)


def leads_to_rate(campaign: Campaign) -> QuerySet[Lead]:
    """Return the leads of a campaign that nobody has judged and that may be contacted, in no order: an order would
    cost a look at all of them for each slice."""
    waiting = Lead.objects.filter(campaign=campaign, state__in=["NEW", "ENRICHED", "SCORED"], contactability="OK")
    return waiting.defer("raw", "reasons", "rating").order_by()


def leads_in_review(campaign: Campaign) -> QuerySet[Lead]:
    """Return the leads of a campaign that wait for a person and may be contacted, those judged longest ago first."""
    waiting = Lead.objects.filter(campaign=campaign, state="MANUAL_REVIEW", contactability="OK")
    return waiting.defer("raw", "reasons", "rating").order_by(F("rated_at").asc(nulls_first=True), "pk")


def derived_of(lead: Lead) -> Derived:
    """Return what follows for sure from what a lead says."""
    names = ("email", "full_name", "title", "seniority", "phone", "linkedin_url", "country", "website")
    return derive(**{name: getattr(lead, name) for name in names})


def known_of(lead: Lead, derived: Derived) -> Known:
    """Return a lead as the rules look at it, with what was found out."""
    columns = {field.name: getattr(lead, field.name) for field in fields(Known)}
    found_out = {name: value for name, value in derived.columns.items() if name in columns}
    return Known(**columns | {"signals": tuple(map(str, lead.signals))} | found_out)


def qualification_of(lead: Lead) -> dtos.Qualification:
    """Return what was said of a lead that was judged."""
    said = {"score": lead.score, "grade": lead.grade, "verdict": (lead.rating or {}).get("verdict")}
    return dtos.Qualification(lead_id=lead.pk, reasons=tuple(map(str, lead.reasons or ())), **said)


@dataclass(frozen=True)
class Change:
    """How many leads would be judged otherwise, and the first of them."""

    before: str
    after: str
    count: int
    leads: list[Lead]

    @property
    def said_before(self) -> str:
        """The verdict now, as people read it."""
        return self.before.replace("_", " ").lower()

    @property
    def said_after(self) -> str:
        """The verdict then."""
        return self.after.replace("_", " ").lower()


@dataclass(frozen=True)
class Compared:
    """What other rules would say of the newest leads; of the others among them they say the same."""

    looked_at: int
    changes: list[Change]

    @property
    def count(self) -> int:
        """How many leads would be judged otherwise."""
        return sum(change.count for change in self.changes)


def compare_rules(before: Rules, after: Rules) -> Compared:
    """Return of how many of the newest leads other rules would say something else; both judge them as they are now."""
    leads = Lead.objects.select_related("campaign").defer("raw", "reasons", "rating").order_by("-id")[:COMPARED]
    profiles: dict[UUID, Profile] = {}
    found: dict[tuple[str, str], list[Lead]] = {}
    for lead in leads:
        profile = profiles.setdefault(lead.campaign_id, profile_of(lead.campaign))
        known = known_of(lead, derived_of(lead))
        was, now = (rate(known, rules, profile).verdict for rules in (before, after))
        if was != now:
            found.setdefault((was, now), []).append(lead)
    changes = [Change(was, now, len(found[was, now]), found[was, now][:EXAMPLES]) for was, now in sorted(found)]
    return Compared(len(leads), changes)


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What would become of a row: NEW, KNOWN or REFUSED, with the problems of its fields, what it doubles, or what was
    kept as it came."""

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
        outcome = "KNOWN" if same else "NEW"
        yield Line(number, lead.email, lead.full_name, lead.company, outcome, same or judged.remarks)


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


@dataclass(frozen=True)
class Triaged:
    """A reply as a person reads it to say what it means: its own words, and what was written to them last."""

    reply: InboundEmail
    words: str
    written: OutboundEmail | None


def next_to_triage(after: UUID | None) -> Triaged | None:
    """Return the oldest reply behind another one that a person has to see to, None behind the last."""
    rows = InboundEmail.objects.unanswered().select_related("lead__campaign", "in_reply_to").order_by("pk")
    reply = (rows.filter(pk__gt=after) if after else rows).defer("raw", "html").first()
    if reply is None:
        return None
    written = reply.in_reply_to
    if written is None and reply.lead_id:
        written = reply.lead.sent_mails.filter(sent_at__isnull=False).order_by("-number").first()
    return Triaged(reply, without_quotes(reply.text), written)


def count_to_triage() -> int:
    """Return how many replies wait for a person; counting ends at a thousand and one."""
    return InboundEmail.objects.unanswered().order_by()[: MOST_COUNTED + 1].count()


def find_mail(message_id: str, uid: str) -> InboundEmail | None:
    """Return the mail of this Message-ID, whichever way it came; else the uploaded one of this key."""
    by_id = InboundEmail.objects.filter(message_id=message_id).order_by("pk").first() if message_id else None
    return by_id or InboundEmail.objects.filter(mailbox=UPLOADED, provider_uid=uid).first()


def find_known(mailbox: str, uid: str, mail: Mail) -> InboundEmail | None:
    """Return the mail that a mailbox has under this UID, or that is the same one under another UID.

    The same Message-ID alone says little: some senders give one to many mails.
    """
    rows = InboundEmail.objects.defer("raw", "html", "headers")
    by_uid = rows.filter(mailbox=mailbox, provider_uid=uid).first()
    if by_uid or not mail.message_id:
        return by_uid
    same = {"from_address": mail.from_address, "subject": mail.subject, "sent_at": mail.sent_at}
    return rows.filter(message_id=mail.message_id, **same).order_by("pk").first()


def answered_mail(mail: Mail) -> OutboundEmail | None:
    """Return the newest mail of ours that another one names as what it answers."""
    named = OutboundEmail.objects.filter(message_id__in=mail.references).select_related("lead")
    return named.order_by("-id").first() if mail.references else None


def returned_mail(mail: Mail, recipient: str) -> OutboundEmail | None:
    """Return the mail of ours that a report brings back: by its Message-ID, else the last one to the failed address."""
    ids = list(mail.references) + re.findall(r"<[^<>\s]{1,250}>", " ".join(_LINE_OF_ID.findall(mail.returned)))
    sent = OutboundEmail.objects.select_related("lead").order_by("-id")
    if ids and (named := sent.filter(message_id__in=ids).first()):
        return named
    if not recipient:
        return None
    leads = Lead.objects.filter(email_key=address_key(recipient))
    return sent.filter(lead__in=leads, state__in=("SENT", "UNKNOWN", "BOUNCED")).first()


def lead_of_mail(references: Several[str], sender: str) -> tuple[Lead | None, str]:
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
    is_of_lead = {Suppression.Reason.UNSUBSCRIBED: "UNSUBSCRIBED", Suppression.Reason.BOUNCED: "BOUNCED"}
    return [is_of_lead.get(reason, "SUPPRESSED") for reason in wishes.values_list("reason", flat=True)]


def suspicions_of(lead: Lead) -> list[DuplicatePair]:
    """Return the open suspicions that a lead is somebody else, too."""
    pairs = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).select_related("lead", "other")
    found = [*pairs.filter(lead=lead)[:MOST_ALIKE], *pairs.filter(other=lead)[:MOST_ALIKE]]
    return [pair for pair in found if not (pair.lead.merged_into_id or pair.other.merged_into_id)]


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


def submissions_of(lead: Lead) -> QuerySet[LeadSubmission]:
    """Return what came in of a lead by forms and keys, newest first."""
    return lead.submissions.select_related("form", "key", "consent").order_by("-id")
