"""What people want of us: not to be written to, or that they may be. A wish holds from the moment it is committed.

Whoever writes a wish down and whoever reserves a message take the same locks, in the same order: the leads, then the
address (`lock_address`). So one of the two is first: a wish that is first stops the message, and a message that was
reserved first was reserved before the wish.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from apps.cam import queries
from apps.cam.api import events
from apps.cam.models import Consent, Lead, OutboundEmail, Suppression
from apps.cam.models.hashes import address_hash, domain_hash, domain_hashes, profile_hash
from apps.cam.rules.addresses import normalise_address
from apps.cam.rules.contactability import OF_REASON, strongest
from apps.cam.rules.identity import canonical_address
from apps.cam.services.leads import set_contactability
from apps.cam.services.outbound import State, cancel_queued, move
from apps.shared.events import AuditNote, publish

Kind, Reason = Suppression.Kind, Suppression.Reason
Contactability = Lead.Contactability

SOFT_BOUNCES, SOFT_WITHIN = 3, timedelta(days=7)
"""As many soft bounces within so long are a hard one."""

_STRENGTH = (Reason.MANUAL, Reason.BOUNCED, Reason.COMPLAINT, Reason.UNSUBSCRIBED, Reason.ERASED)
"""The later is the stronger: a person's own wish is not taken back because one of us had said the same before."""


class WishRefused(ValueError):
    """A wish cannot be written down, or not be taken back; the words say why."""


def lock_address(address: str) -> None:
    """Wait until nobody else decides about an address or writes a wish about it, to the end of the transaction."""
    domains = [_lock_key(each) for each in domain_hashes(address)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(key) FROM unnest(%s::bigint[]) AS key", [domains])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_key(address_hash(address))])


def lock_leads(lead: Lead, *addresses: str) -> Lead:
    """Lock a lead and all leads of its person, and of whoever has these addresses, and return the lead as it is.

    It is asked for by its key, too: its identity may be hashed under an older one.
    """
    known = Lead.objects.of_persons({lead.email, *addresses} - {""}) | Lead.objects.filter(pk=lead.pk)
    locked = {each.pk: each for each in known.order_by("pk").select_for_update(of=("self",))}
    return locked[lead.pk]


def suppression_of(address: str, lead: Lead | None = None) -> Suppression | None:
    """Return what forbids to write to an address, or to a lead known by more than it; None where nothing does."""
    forbidden = Q(kind=Kind.ADDRESS, key_hash=address_hash(address))
    forbidden |= Q(kind=Kind.DOMAIN, key_hash__in=domain_hashes(address))
    if lead is not None and (profile := profile_hash(lead.linkedin_url)):
        forbidden |= Q(kind=Kind.IDENTITY, key_hash=profile)
    return Suppression.objects.filter(forbidden, lifted_at=None).order_by("pk").first()


# --- not to be written to ---------------------------------------------------------------------------------------------


@transaction.atomic
def unsubscribe(address: str, *, at: datetime, by: UUID | None = None, note: str = "") -> Suppression:
    """Write down that a person wants no more mail: in every campaign, under every spelling of the address, for good.

    What waits for them is cancelled in the same transaction. Done twice, it is done once.
    """
    return _shut(address, Reason.UNSUBSCRIBED, at=at, by=by, note=note, with_profiles=True)


@transaction.atomic
def unsubscribe_by_message(mail: OutboundEmail, *, at: datetime, note: str) -> None:
    """Write down a wish that names a message: whoever its lead has become part of is not written to any more, too."""
    for address in sorted({mail.to_address, queries.living(mail.lead).email}):
        unsubscribe(address, at=at, note=note)


@transaction.atomic
def note_complaint(address: str, *, at: datetime, by: UUID | None = None, note: str = "") -> Suppression:
    """Write down that a person called a mail of ours spam: as final as unsubscribing."""
    return _shut(address, Reason.COMPLAINT, at=at, by=by, note=note, with_profiles=True)


@transaction.atomic
def suppress_address(
    address: str, *, at: datetime, by: UUID | None, note: str, reason: str = Reason.MANUAL
) -> Suppression:
    """Say that nobody may write to an address, in any campaign. Raises WishRefused without a note on why."""
    return _shut(normalise_address(address), Reason(reason), at=at, by=by, note=_said(note))


@transaction.atomic
def suppress_domain(domain: str, *, at: datetime, by: UUID | None, note: str) -> Suppression:
    """Say that nobody may write to a domain and those below it.

    What waits for its people is cancelled when its turn comes. Raises WishRefused for what is no domain, or without a
    note.
    """
    name = domain.strip().removeprefix("@").casefold()
    normalise_address(f"somebody@{name}")
    note = _said(note)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_key(domain_hash(name))])
    return _suppress(Kind.DOMAIN, domain_hash(name), name, Reason.MANUAL, at=at, by=by, note=note)


@transaction.atomic
def lift_suppression(suppression: Suppression, *, by: UUID, reason: str, at: datetime) -> Suppression:
    """Take back what one of us had said. Raises WishRefused for anybody else's word, and without a reason."""
    _said(reason)
    locked = Suppression.objects.select_for_update().get(pk=suppression.pk)
    if locked.reason != Reason.MANUAL:
        raise WishRefused("That was not said by one of us, and is not ours to take back.")
    if locked.lifted_at is not None:
        raise WishRefused("It is lifted already.")
    suppression.lifted_at, suppression.lifted_by_id, suppression.lift_note = at, by, reason
    suppression.save(update_fields=["lifted_at", "lifted_by", "lift_note", "updated_at"])
    event = events.SuppressionLifted(aggregate_id=suppression.pk, occurred_at=at, kind=suppression.kind)
    publish(event, AuditNote(actor_id=by, reason=reason, before={"lifted": False}, after={"lifted": True}))
    if suppression.kind == Kind.ADDRESS and suppression.shown:
        _let_go(suppression.shown, by=by, reason=reason)
    return suppression


@transaction.atomic
def forget_address(address: str, *, at: datetime) -> None:
    """Suppress an address for good, and keep nothing of it but its hash: its person is being erased."""
    suppression = _shut(address, Reason.ERASED, at=at, by=None, note="", with_profiles=True)
    known = Suppression.objects.filter(kind__in=(Kind.ADDRESS, Kind.IDENTITY))
    profiles = {profile_hash(lead.linkedin_url) for lead in _leads_of(address)} - {""}
    mine = Q(pk=suppression.pk) | Q(key_hash__in={address_hash(address), *profiles})
    known.filter(mine).update(shown="", note="", lift_note="")


def _let_go(address: str, *, by: UUID, reason: str) -> None:
    for lead in _leads_of(address):
        if lead.contactability == Contactability.SUPPRESSED and suppression_of(lead.email, lead) is None:
            set_contactability(lead, Contactability.OK, by=by, reason=reason)


def _shut(
    address: str, reason: Reason, *, at: datetime, by: UUID | None, note: str, with_profiles: bool = False
) -> Suppression:
    """Suppress an address, and everything that waits for its person."""
    leads = list(_leads_of(address))
    lock_address(address)
    suppression = _suppress(
        Kind.ADDRESS, address_hash(address), canonical_address(address), reason, at=at, by=by, note=note
    )
    profiles = {profile_hash(lead.linkedin_url): lead for lead in leads if with_profiles}
    for profile in filter(None, sorted(profiles)):
        _suppress(Kind.IDENTITY, profile, profiles[profile].linkedin_url[:254], reason, at=at, by=by, note=note)
    because = f"{reason.label}: {note}" if note else str(reason.label)
    _silence(leads, OF_REASON[reason], because, at=at, by=by)
    return suppression


def _leads_of(address: str) -> Iterable[Lead]:
    return Lead.objects.of_person(address).order_by("pk").select_for_update(of=("self",))


def _silence(leads: Iterable[Lead], to: str, because: str, *, at: datetime, by: UUID | None) -> None:
    for lead in leads:
        cancel_queued(lead, because=because, by=by, at=at, with_answers=True)
        set_contactability(lead, strongest(lead.contactability, to), by=by, reason=because)


def _suppress(
    kind: Kind, key_hash: str, shown: str, reason: Reason, *, at: datetime, by: UUID | None, note: str
) -> Suppression:
    known = Suppression.objects.select_for_update().filter(kind=kind, key_hash=key_hash, lifted_at=None).first()
    if known and _STRENGTH.index(known.reason) >= _STRENGTH.index(reason):
        return known
    before = {"reason": known.reason} if known else None
    suppression = known or Suppression(kind=kind, key_hash=key_hash, shown=shown)
    suppression.reason, suppression.note, suppression.made_by_id = reason, note, by
    suppression.save()
    event = events.Suppressed(aggregate_id=suppression.pk, occurred_at=at, kind=kind, reason=reason)
    publish(event, AuditNote(actor_id=by, reason=note, before=before, after={"kind": str(kind), "reason": str(reason)}))
    return suppression


def _said(note: str) -> str:
    if not note.strip():
        raise WishRefused("reason is empty: say who asked for it, or why.")
    return note


def _lock_key(hashed: str) -> int:
    """Return a hash as the number of a lock: its first 64 bits, with a sign."""
    return int.from_bytes(bytes.fromhex(hashed[:16]), signed=True)


# --- bounces ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_bounce(mail: OutboundEmail, *, kind: str, words: str, at: datetime) -> bool:
    """Write down that a message came back, "hard" or "soft", and return whether its address is given up with that.

    Hard, or the third soft one within seven days: the address is suppressed and all that waits for it cancelled. A soft
    one leaves the lead as it is.
    """
    lead = lock_leads(mail.lead, mail.to_address)
    locked = OutboundEmail.objects.select_for_update().get(pk=mail.pk)
    is_hard = kind == "hard"
    if locked.state == State.SENT:
        told = {"is_hard": is_hard}
        move(locked, "bounce", events.EmailBounced, answer=words[:2000] or "It came back.", at=at, **told)
    if not is_hard and _soft_bounces(locked.to_address, lead, at) < SOFT_BOUNCES:
        return False
    _shut(locked.to_address, Reason.BOUNCED, at=at, by=None, note=words[:500])
    return True


def _soft_bounces(address: str, lead: Lead, at: datetime) -> int:
    """Count what came back of late from an address: an answer may have gone to another one than the lead's."""
    persons = {lead.identity_key, address_hash(address)}
    came_back = OutboundEmail.objects.filter(lead__identity_key__in=persons, state=State.BOUNCED)
    of_late = came_back.filter(sent_at__gt=at - SOFT_WITHIN).values_list("to_address", flat=True)
    return sum(canonical_address(each) == canonical_address(address) for each in of_late)


# --- grounds ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_consent(
    lead: Lead, *, basis: str, source: str, given_at: datetime, at: datetime, by: UUID | None, words: str = ""
) -> Consent:
    """Write down on what ground a lead may be written to. Raises WishRefused without a source, or for the future."""
    if not source.strip():
        raise WishRefused("source is empty: say where it was given, or what the interest is.")
    if given_at > at:
        raise WishRefused("given_at lies in the future: write down when it was given.")
    consent = Consent.objects.create(
        lead=lead, basis=Consent.Basis(basis), source=source.strip()[:200], words=words, given_at=given_at
    )
    event = events.ConsentRecorded(aggregate_id=consent.pk, occurred_at=at, lead_id=lead.pk, basis=consent.basis)
    publish(event, AuditNote(actor_id=by, reason=source, after={"basis": str(consent.basis), "source": source}))
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: UUID | None, reason: str, at: datetime) -> Consent:
    """Write down that a ground is gone. What it carried is held from now on. Raises WishRefused where it was gone."""
    _said(reason)
    Lead.objects.select_for_update().get(pk=consent.lead_id)
    if Consent.objects.select_for_update().get(pk=consent.pk).withdrawn_at is not None:
        raise WishRefused("It was withdrawn before.")
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at", "updated_at"])
    event = events.ConsentWithdrawn(
        aggregate_id=consent.pk, occurred_at=at, lead_id=consent.lead_id, basis=consent.basis
    )
    publish(event, AuditNote(actor_id=by, reason=reason, before={"withdrawn": False}, after={"withdrawn": True}))
    return consent
