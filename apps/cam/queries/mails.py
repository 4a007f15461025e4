"""Mails in both directions: whose they are, which wait for a person, and what is proven of an address."""

import re
from collections.abc import Sequence as Several
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from apps.cam.models import Consent, InboundEmail, Lead, OutboundEmail, ReplyOpinion, Suppression
from apps.cam.models.hashes import address_hash, domain_hashes, profile_hash
from apps.cam.models.mails import UPLOADED
from apps.cam.queries.duplicates import living
from apps.cam.queries.leads import MOST_COUNTED
from apps.cam.rules.mails import Mail
from apps.cam.rules.quotes import without_quotes

_LINE_OF_ID = re.compile(r"^(?:message-id|x-ms-exchange-message-id):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Triaged:
    """A reply as a person reads it to say what it means: its own words, and what was written to them last."""

    reply: InboundEmail
    words: str
    written: OutboundEmail | None
    opinion: ReplyOpinion | None


_BEFORE_OTHERS = ("UNSUBSCRIBE", "POSITIVE", "NEGATIVE")
_TRIAGE_RANK = Case(
    *(When(opinion__kind=kind, then=Value(rank)) for rank, kind in enumerate(_BEFORE_OTHERS)),
    default=Value(len(_BEFORE_OTHERS)),
)


def next_to_triage(after: UUID | None) -> Triaged | None:
    """Return the next reply behind another one that a person has to see to, None behind the last.

    The oldest comes first, but for what a language model takes for a wish, a yes or a no: such a one goes before.
    """
    rows = InboundEmail.objects.annotate(rank=_TRIAGE_RANK).order_by("rank", "pk")
    waiting = rows.unanswered()
    if seen := rows.filter(pk=after).only("pk").first() if after else None:
        waiting = waiting.filter(Q(rank__gt=seen.rank) | Q(rank=seen.rank, pk__gt=seen.pk))
    chosen = waiting.values_list("pk", flat=True).first()  # sorted without their texts, and those of their leads
    if chosen is None:
        return None
    reply = (
        InboundEmail.objects.select_related("lead__campaign", "in_reply_to", "opinion")
        .defer("raw", "html")
        .get(pk=chosen)
    )
    written = reply.in_reply_to
    if written is None and reply.lead_id:
        written = reply.lead.sent_mails.filter(sent_at__isnull=False).order_by("-number").first()
    return Triaged(reply, without_quotes(reply.text), written, getattr(reply, "opinion", None))


def count_to_triage() -> int:
    """Return how many replies wait for a person; counting ends at a thousand and one."""
    return InboundEmail.objects.unanswered().order_by()[: MOST_COUNTED + 1].count()


def replies_to_answer() -> QuerySet[InboundEmail]:
    """Return the replies as a page needs them on which one is answered."""
    return InboundEmail.objects.select_related("lead__campaign__mailbox").defer("raw", "html", "headers")


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
    return sent.filter(lead__in=Lead.objects.of_person(recipient), state__in=("SENT", "UNKNOWN", "BOUNCED")).first()


def lead_of_mail(references: Several[str], sender: str) -> tuple[Lead | None, str]:
    """Return whose mail it is, and by what that is known.

    What it answers tells more than its sender, whom anybody can write. A sender who is a lead of several campaigns is
    taken for the one whose conversation is under way, else for one that was written to, and of those for the newest.
    """
    answered = InboundEmail.objects.filter(message_id__in=references, lead__isnull=False).exclude(message_id="")
    if references and (mail := answered.select_related("lead").order_by("-id").first()):
        return living(mail.lead), InboundEmail.MatchedBy.REFERENCE
    sent = OutboundEmail.objects.filter(lead=OuterRef("pk"), sent_at__isnull=False)
    is_under_way = Case(When(state__in=UNDER_WAY, then=Value(0)), default=Value(1))
    persons = Lead.objects.of_person(sender).annotate(is_new=~Exists(sent))
    found = persons.order_by(is_under_way, "is_new", "-id").first()
    lead = living(found) if found else None
    return lead, InboundEmail.MatchedBy.ADDRESS if lead else InboundEmail.MatchedBy.NOTHING


UNDER_WAY = ("CONTACTED", "REPLIED", "MEETING", "PROPOSAL")
"""States of leads that talk with us."""
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
    persons = Q(identity_key=address_hash(address)) | Q(merged_into__identity_key=address_hash(address))
    rows = Lead.objects.filter(persons).select_related("campaign").defer("raw", "rating").order_by("pk")
    leads = list(rows[:MOST_PROVED])
    keys = [lead.pk for lead in leads]
    mails = (
        OutboundEmail.objects.filter(lead__in=keys).select_related("campaign", "mailbox", "written_by").defer("text")
    )
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


def mail_of_wish(subject: str) -> OutboundEmail | None:
    """Return the message that a subject names as our List-Unsubscribe header asks mail programs to."""
    found = re.fullmatch(r"unsubscribe ([\w-]{43})", subject.strip(), re.ASCII | re.IGNORECASE)
    return find_by_token(found[1]) if found else None


def find_by_token(token: str) -> OutboundEmail | None:
    """Return the message whose unsubscribe link has this token."""
    if not re.fullmatch(r"[\w-]{43}", token, re.ASCII):
        return None
    return OutboundEmail.objects.defer("text").select_related("lead").filter(unsubscribe_token=token).first()
