"""Whether a message may go out now: every wish, law, window and cap, asked in one place.

It only reads. Whoever sends asks inside the transaction that reserves the message, with the mailbox, the campaign and
the lead locked, so that what is true here is true until that transaction ends. Whoever rehearses asks without.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.cam.models import Campaign, InboundEmail, Lead, Mailbox, OutboundEmail
from apps.cam.rules import caps, lawful, recipients, windows, wording
from apps.cam.rules.moves import NOT_WRITTEN_TO
from apps.cam.services.wishes import suppression_of
from apps.shared.gateways.halt import why_halted

State = OutboundEmail.State
SOON = timedelta(minutes=15)
"""After which a message is looked at again whose hindrance ends by a person alone."""
LATER = timedelta(hours=6)

_IN_HANDS = (State.SENDING, State.UNKNOWN)
_IN_DOUBT = (*_IN_HANDS, State.CANCELLED)
"""Once reserved, these may have gone out: what a person left in doubt is CANCELLED."""


@dataclass(frozen=True)
class Verdict:
    """What to do about a message, why, and when to look at it again; `covers` says what else is held for that."""

    ruling: Literal["SEND", "HOLD", "CANCEL"]
    because: str = ""
    until: datetime | None = None
    covers: Literal["MAIL", "CAMPAIGN", "MAILBOX"] = "MAIL"


SEND = Verdict("SEND")


def judge(mail: OutboundEmail, at: datetime) -> Verdict:
    """Return whether a message may go out now. It comes with its lead, campaign and mailbox.

    Raises HaltUnknown where nobody can say whether everything is stopped.
    """
    checks = CHECKS_OF_ANSWERS if mail.is_answer else CHECKS
    return next((verdict for check in checks for verdict in check(mail, at)), SEND)


def _wish_against(lead: Lead, address: str) -> str:
    if not lead.is_contactable:
        return f"The lead is {_said(lead)}."
    if suppression := suppression_of(address, lead):
        what = suppression.get_kind_display().lower()
        return f"The {what} is suppressed: {suppression.get_reason_display().lower()}."
    return ""


def why_not_answered(reply: InboundEmail, lead: Lead, address: str) -> str:
    """Return which wish forbids to answer a reply at an address, empty where none does.

    An answer goes to whoever wrote, so that what was said of that address where it is another lead's counts, too. And
    who asks us gives a ground to answer, until they take back what they had agreed to.
    """
    if why := _wish_against(lead, address):
        return why
    silent = Lead.objects.single().of_person(address).exclude(contactability=Lead.Contactability.OK).first()
    if silent:
        return f"{silent} is {_said(silent)} in another campaign."
    if lead.consents.filter(withdrawn_at__gt=reply.created_at).exists():
        return "They have taken their consent back since they wrote."
    return ""


def _said(lead: Lead) -> str:
    return lead.get_contactability_display().replace("_", " ").lower()


def _of_the_house(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    if why := why_halted():
        yield Verdict("HOLD", why, covers="MAILBOX")


def _of_the_mailbox(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    if mail.mailbox.pause_reason:
        yield Verdict("HOLD", f"The mailbox is paused: {mail.mailbox.pause_reason}", covers="MAILBOX")


def _of_the_campaign(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    state = mail.campaign.state
    if state == Campaign.State.COMPLETED:
        yield Verdict("CANCEL", "The campaign is completed.")
    elif state != Campaign.State.ACTIVE:
        yield Verdict("HOLD", f"The campaign is {state.lower()}.", covers="CAMPAIGN")


def _of_the_persons_wish(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    if why := _wish_against(mail.lead, mail.to_address):
        yield Verdict("CANCEL", why)


def _of_the_address(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    if why := recipients.why_not_written_to(mail.to_address):
        yield Verdict("CANCEL", why)


def _of_the_leads_state(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    lead = mail.lead
    is_first = mail.step.position == 1 or 0 < lead.goes_on_behind < mail.number
    if lead.state not in ({"ROUTED", "CONTACTED"} if is_first else {"CONTACTED"}):
        said = f"The lead is {lead.state.replace('_', ' ').lower()}."
        yield Verdict("HOLD", said, at + SOON) if lead.state in NOT_WRITTEN_TO else Verdict("CANCEL", said)
    if lead.halted_because:
        yield Verdict("HOLD", f"The sequence stands still: {lead.halted_because}", at + SOON)


def _of_the_messages_before(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    """No message overtakes another, and nobody gets two within the cool-down, from whichever campaign."""
    others = OutboundEmail.objects.filter(lead__identity_key=mail.lead.identity_key).exclude(pk=mail.pk)
    told = others.aggregate(
        last=Max(Coalesce("sent_at", "reserved_at"), filter=~Q(state=State.FAILED)),
        waiting=Count("pk", filter=Q(lead=mail.lead_id, number__lt=mail.number, state__in=(State.QUEUED, *_IN_HANDS))),
    )
    if told["waiting"]:
        yield Verdict("HOLD", "An earlier message to them still waits, or is in doubt.", at + SOON)
    cool = caps.cool_until(told["last"], mail.campaign.cool_down_hours)
    if cool and cool > at:
        yield Verdict("HOLD", f"They had a message less than {mail.campaign.cool_down_hours} hours ago.", cool)


def _of_the_law(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    lead = mail.lead
    consents = list(lead.consents.order_by("-given_at", "-id").values_list("basis", "withdrawn_at"))
    in_force = {basis for basis, withdrawn_at in consents if withdrawn_at is None}
    has_withdrawn = any(withdrawn_at for _, withdrawn_at in consents[:1])
    domain = lead.email_key.rpartition("@")[2]
    if why := lawful.why_not_lawful(lead.country, domain, in_force, has_withdrawn=has_withdrawn):
        yield Verdict("HOLD", why, at + LATER)


def _of_the_words(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    if why := wording.why_not_said(mail.subject, mail.text):
        yield Verdict("HOLD", why, at + SOON)


def _of_the_clock(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    window = window_of(mail.campaign, mail.lead, at)
    if why := windows.why_closed(window, at):
        yield Verdict("HOLD", why, windows.next_opening(window, at))


def _of_the_writers_wish(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    if why := why_not_answered(mail.answers, mail.lead, mail.to_address):
        yield Verdict("CANCEL", why)


def _of_the_answers_words(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    """What looks like a placeholder may be theirs: whoever wrote the answer was asked (`rules.answers`)."""
    if why := wording.why_no_words(mail.subject, mail.text):
        yield Verdict("HOLD", why, at + SOON)


def _of_the_mailboxs_cap(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    yield from _held_by(cap_of_mailbox(mail.mailbox, at))


def _of_the_campaigns_cap(mail: OutboundEmail, at: datetime) -> Iterator[Verdict]:
    yield from _held_by(cap_of_campaign(mail.campaign, at))


def _held_by(cap: "Cap") -> Iterator[Verdict]:
    if why := cap.why_full():
        yield Verdict("HOLD", why, covers=cap.whose)


CHECKS: tuple[Callable[[OutboundEmail, datetime], Iterator[Verdict]], ...] = (
    _of_the_house,
    _of_the_persons_wish,
    _of_the_address,
    _of_the_mailbox,
    _of_the_campaign,
    _of_the_leads_state,
    _of_the_words,
    _of_the_law,
    _of_the_clock,
    _of_the_messages_before,
    _of_the_mailboxs_cap,
    _of_the_campaigns_cap,
)
"""In this order: what forbids a message for good is said even where something else would hold it for now."""
_CAPS = (_of_the_mailboxs_cap, _of_the_campaigns_cap)
CHECKS_OF_WAITING = tuple(check for check in CHECKS if check not in (_of_the_campaign, *_CAPS))
"""What a rehearsal asks of a message that waits: as if its campaign ran. The caps it fills up itself."""
CHECKS_OF_PLANNED = tuple(check for check in CHECKS_OF_WAITING if check is not _of_the_leads_state)
"""What it asks of a message that is not written yet: as if its lead had been planned, too."""
CHECKS_OF_ANSWERS = (
    _of_the_house,
    _of_the_writers_wish,
    _of_the_mailbox,
    _of_the_answers_words,
    _of_the_mailboxs_cap,
)
"""Of what a person wrote to somebody who waits for it: no window, cool-down, campaign or sequence holds it, and no
campaign's cap. Docs/decisions/0012 says why."""


def window_of(campaign: Campaign, lead: Lead, at: datetime) -> windows.Window:
    """Return when a campaign writes to a lead."""
    return windows.Window(
        opens=campaign.window_opens,
        closes=campaign.window_closes,
        zone=windows.zone_of(lead.time_zone, lead.country, campaign.time_zone, at=at),
        on_weekends=campaign.on_weekends,
        country=lead.country,
    )


class Cap(NamedTuple):
    """How many messages the mailbox or the campaign may send, and how many it has."""

    whose: Literal["MAILBOX", "CAMPAIGN"]
    used: caps.Used
    a_day: int
    an_hour: int

    def why_full(self, more: int = 0) -> str:
        """Return why nothing goes out after so many `more`, empty where something may."""
        used = caps.Used(self.used.today + more, self.used.this_hour + more)
        return caps.why_full(f"The {self.whose.lower()}", used, a_day=self.a_day, an_hour=self.an_hour)


def cap_of_mailbox(mailbox: Mailbox, at: datetime) -> Cap:
    """Return the cap of a mailbox, whose days are UTC's."""
    today = at.astimezone(UTC).date()
    a_day = caps.day_cap(mailbox.daily_cap, mailbox.warm_up_from, mailbox.warm_up_start, mailbox.warm_up_step, today)
    used = used_by(Q(mailbox=mailbox.pk), windows.start_of_day(at, windows.zone_of("UTC", "", "UTC", at=at)), at)
    return Cap("MAILBOX", used, a_day, mailbox.hourly_cap)


def cap_of_campaign(campaign: Campaign, at: datetime) -> Cap:
    """Return the cap of a campaign, whose days are those of its time zone."""
    zone = windows.zone_of(campaign.time_zone, "", "UTC", at=at)
    used = used_by(Q(campaign=campaign.pk), windows.start_of_day(at, zone), at)
    return Cap("CAMPAIGN", used, campaign.daily_cap, campaign.hourly_cap)


def used_by(whose: Q, day_began: datetime, at: datetime) -> caps.Used:
    """Return how many messages of a mailbox or a campaign went out of late, or may have."""
    since = min(day_began, at - caps.HOUR)
    rows = OutboundEmail.objects.filter(whose).order_by()
    sent = _counted(rows.filter(sent_at__gte=since), "sent_at", day_began, at)
    in_doubt = _counted(rows.filter(state__in=_IN_DOUBT, reserved_at__gte=since), "reserved_at", day_began, at)
    return caps.Used(sent["today"] + in_doubt["today"], sent["this_hour"] + in_doubt["this_hour"])


def _counted(rows: QuerySet[OutboundEmail], moment: str, day_began: datetime, at: datetime) -> dict[str, int]:
    return rows.aggregate(
        today=Count("pk", filter=Q(**{f"{moment}__gte": day_began})),
        this_hour=Count("pk", filter=Q(**{f"{moment}__gt": at - caps.HOUR})),
    )
