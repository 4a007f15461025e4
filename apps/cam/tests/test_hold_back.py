"""A message is held back, or cancelled …"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model

from apps.cam.models import Campaign, Consent, Mailbox, OutboundEmail
from apps.cam.services import merges, wishes
from apps.cam.services.sending import send_due
from apps.cam.tests.factories import CampaignFactory, LeadFactory, OutboundEmailFactory, SequenceStepFactory
from apps.cam.tests.post_office import PostOffice
from apps.shared.gateways import halt

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
"""A Tuesday: working hours in Dublin."""


def change(row: Model, **columns: Any) -> None:
    """Change columns past the row's own rules, as another process does."""
    type(row)._default_manager.filter(pk=row.pk).update(**columns)


def of_lead(**columns: Any) -> Callable[[OutboundEmail], None]:
    return lambda mail: change(mail.lead, **columns)


def of_one_who_is(state: str) -> Callable[[OutboundEmail], None]:
    return lambda mail: change(mail, lead=LeadFactory(campaign=mail.campaign, state=state))


def of_campaign(**columns: Any) -> Callable[[OutboundEmail], None]:
    return lambda mail: change(mail.campaign, **columns)


def of_mailbox(**columns: Any) -> Callable[[OutboundEmail], None]:
    return lambda mail: change(mail.mailbox, **columns)


def of_mail(**columns: Any) -> Callable[[OutboundEmail], None]:
    return lambda mail: change(mail, **columns)


def with_consent(basis: str, *, withdrawn: bool = False, **of: Any) -> Callable[[OutboundEmail], None]:
    def give(mail: OutboundEmail) -> None:
        change(mail.lead, **of)
        Consent.objects.create(
            lead=mail.lead,
            basis=basis,
            source="Fair",
            given_at=NOON - timedelta(days=9),
            withdrawn_at=NOON - timedelta(days=1) if withdrawn else None,
        )

    return give


def sent_before(hours: float, **columns: Any) -> Callable[[OutboundEmail], None]:
    """Have the mailbox send another mail some hours ago."""

    def send(mail: OutboundEmail) -> None:
        at = NOON - timedelta(hours=hours)
        wishes = {"state": "SENT", "sent_at": at, "mailbox": mail.mailbox, "lead__campaign": mail.campaign}
        OutboundEmailFactory(**wishes | {"step": mail.step} | columns)

    return send


def as_the_second(mail: OutboundEmail) -> None:
    change(mail, number=2, step=SequenceStepFactory(sequence=mail.step.sequence, position=2))


def all_of(*deeds: Callable[[OutboundEmail], None]) -> Callable[[OutboundEmail], None]:
    def do(mail: OutboundEmail) -> None:
        for deed in deeds:
            deed(mail)

    return do


def another(*, state: str, hours: float = 1, number: int = 1, **columns: Any) -> Callable[[OutboundEmail], None]:
    """Give the lead another message."""

    def make(mail: OutboundEmail) -> None:
        change(mail, number=2)
        change(mail.lead, state="CONTACTED")
        at = NOON - timedelta(hours=hours)
        sent = {"sent_at": at} if state == "SENT" else {"reserved_at": at, "fence": 1}
        wishes = {"lead": mail.lead, "mailbox": mail.mailbox, "step": mail.step, "number": number}
        OutboundEmailFactory(state=state, due_at=NOON + timedelta(days=1), **wishes | sent | columns)

    return make


def in_another_campaign(mail: OutboundEmail) -> None:
    """Have the same person written to an hour ago, by another campaign."""
    change(mail.campaign, cool_down_hours=24)
    lead = LeadFactory(campaign=CampaignFactory(), email_key=mail.lead.email_key)
    OutboundEmailFactory(lead=lead, mailbox=mail.mailbox, state="SENT", sent_at=NOON - timedelta(hours=1))


HELD = {
    "mailbox is paused": (of_mailbox(pause_reason="Too many bounces"), "The mailbox is paused: Too many bounces"),
    "campaign is paused": (of_campaign(state="PAUSED", pause_reason="Look"), "The campaign does not run."),
    "campaign is a draft": (of_campaign(state="DRAFT"), "The campaign does not run."),
    "lead is not routed": (of_one_who_is("QUALIFIED"), "The lead is qualified."),
    "second before the first": (as_the_second, "The lead is routed."),
    "sequence is halted": (of_lead(halted_because="They asked something"), "stands still: They asked something"),
    "earlier is in doubt": (another(state="UNKNOWN"), "An earlier message"),
    "earlier waits": (another(state="QUEUED"), "An earlier message"),
    "cool-down": (all_of(of_campaign(cool_down_hours=24), another(state="SENT")), "less than 24 hours ago"),
    "cool-down of another campaign": (in_another_campaign, "less than 24 hours ago"),
    "country is unknown": (of_lead(country=""), "country is not known"),
    "country is not written down": (of_lead(country="TV"), "TV"),
    "country asks for consent": (of_lead(country="DE", time_zone="Europe/Dublin"), "DE asks for consent"),
    "interest is no consent": (with_consent("LEGITIMATE_INTEREST", country="DE"), "DE asks for consent"),
    "consent was withdrawn": (with_consent("CONSENT", withdrawn=True), "taken their consent back"),
    "private address": (
        of_lead(email_key="mia@gmail.com", email="mia@gmail.com"),
        "private people have addresses",
    ),
    "placeholder is left": (of_mail(text="Hello {{ first_name }}"), "'{{'"),
    "placeholder in brackets": (of_mail(subject="For [company]"), "'[company]'"),
    "subject of two lines": (of_mail(subject="More\r\nBcc: all@victim.example"), "a line break"),
    "no text": (of_mail(text="  "), "no text"),
    "Message-ID is none": (of_mail(message_id="nonsense"), "Message-ID"),
    "sender of two lines": (of_mailbox(sender_name="Nora\r\nBcc: all@victim.example"), "sender name"),
    "before it opens": (of_lead(time_zone="America/New_York"), "It is 07:00 where they are"),
    "after it closes": (of_lead(time_zone="Asia/Tokyo"), "It is 21:00 where they are"),
    "mailbox's day is full": (all_of(of_mailbox(daily_cap=1), sent_before(11)), "The mailbox has sent its 1 for today"),
    "mailbox's hour is full": (
        all_of(of_mailbox(hourly_cap=1), sent_before(0.9)),
        "The mailbox has sent its 1 for this",
    ),
    "mailbox warms up": (
        all_of(of_mailbox(warm_up_from=NOON.date(), warm_up_start=1), sent_before(5)),
        "The mailbox has sent its 1 for today",
    ),
    "mailbox warms up tomorrow": (of_mailbox(warm_up_from=date(2026, 3, 4)), "The mailbox has sent its 0 for today"),
    "campaign's day is full": (
        all_of(of_campaign(daily_cap=1), sent_before(11)),
        "The campaign has sent its 1 for today",
    ),
    "campaign's hour is full": (
        all_of(of_campaign(hourly_cap=1), sent_before(0.9)),
        "The campaign has sent its 1 for this",
    ),
    "doubtful ones count": (
        all_of(of_mailbox(daily_cap=1), sent_before(5, state="UNKNOWN", sent_at=None, reserved_at=NOON)),
        "The mailbox has sent its 1 for today",
    ),
    "what a person left in doubt counts": (
        all_of(of_mailbox(daily_cap=1), sent_before(5, state="CANCELLED", sent_at=None, reserved_at=NOON)),
        "The mailbox has sent its 1 for today",
    ),
    "cool-down after what was left in doubt": (
        all_of(of_campaign(cool_down_hours=24), another(state="CANCELLED", sent_at=None, reserved_at=NOON)),
        "less than 24 hours ago",
    ),
}


@pytest.mark.parametrize("case", HELD)
def test_is_held_back_when(office: PostOffice, a_mail: Callable[..., OutboundEmail], case: str) -> None:
    prepare, because = HELD[case]
    mail = a_mail()
    prepare(mail)
    send_due(at=NOON)
    found = OutboundEmail.objects.get(pk=mail.pk)
    assert (found.state, office.mails) == ("QUEUED", [])
    assert because in found.held_because


FREE = {
    "the window opens": of_lead(time_zone="America/Halifax", country="US"),  # 08:00 there
    "consent is on record": with_consent("CONSENT", country="DE"),
    "a soft opt-in is on record": with_consent("SOFT_OPT_IN", country="DE"),
    "yesterday's mails are no matter": all_of(of_mailbox(daily_cap=1), sent_before(13)),
    "an hour has passed": all_of(of_mailbox(hourly_cap=1), sent_before(1.1)),
    "files do not hold the next one": all_of(of_campaign(cool_down_hours=1), another(state="SENT", hours=2)),
    "the warm-up goes on": all_of(
        of_mailbox(warm_up_from=date(2026, 3, 2), warm_up_start=1, warm_up_step=1), sent_before(5)
    ),
}


@pytest.mark.parametrize("case", FREE)
def test_is_not_held_back_when(office: PostOffice, a_mail: Callable[..., OutboundEmail], case: str) -> None:
    mail = a_mail()
    change(mail.campaign, window_opens="08:00")
    FREE[case](mail)
    assert send_due(at=NOON).sent == 1


CANCELLED = {
    "lead is bounced": (of_lead(contactability="BOUNCED"), "The lead is bounced"),
    "lead is not to be contacted": (of_lead(contactability="DO_NOT_CONTACT"), "The lead is do not contact"),
    "lead is part of another": (
        lambda mail: merges.merge_leads(LeadFactory(), mail.lead, chosen={}, by=None, at=NOON),
        "The lead is do not contact",
    ),
    "lead has replied": (of_one_who_is("REPLIED"), "The lead is replied"),
    "lead is lost": (of_one_who_is("LOST"), "The lead is lost"),
    "campaign is over": (of_campaign(state="COMPLETED"), "The campaign is completed."),
    "domain is suppressed": (
        lambda mail: wishes.suppress_domain("clinic.example", at=NOON, by=None, note="They asked"),
        "The domain is suppressed",
    ),
    "domain above is suppressed": (
        lambda mail: [
            change(mail, to_address="mia@mail.clinic.example"),
            wishes.suppress_domain("@Clinic.example", at=NOON, by=None, note="They asked"),
        ],
        "The domain is suppressed",
    ),
    "address is suppressed": (
        lambda mail: [
            change(mail, to_address="Mia+News@clinic.example"),
            wishes.unsubscribe("MIA@clinic.example", at=NOON),
        ],
        "The address is suppressed: unsubscribed",
    ),
    "person is suppressed": (
        lambda mail: [
            LeadFactory(email_key="other@else.example", linkedin_url="https://linkedin.com/in/Mia-Byrne/"),
            change(mail.lead, linkedin_url="linkedin.com/in/mia-byrne?x=1"),
            wishes.unsubscribe("other@else.example", at=NOON),
        ],
        "The identity is suppressed",
    ),
    "address is a role's": (of_mail(to_address="info@clinic.example"), "read by nobody in particular"),
    "address is a role's with a tag": (of_mail(to_address="Sales+x@clinic.example"), "read by nobody in particular"),
    "address is a trap": (of_mail(to_address="spam-trap7@clinic.example"), "laid out to catch"),
    "address is not ASCII": (of_mail(to_address="mïa@clinic.example"), "letters that most mail servers do not take"),
}


@pytest.mark.parametrize("case", CANCELLED)
def test_is_cancelled_for_good_when(office: PostOffice, a_mail: Callable[..., OutboundEmail], case: str) -> None:
    prepare, because = CANCELLED[case]
    mail = a_mail()
    prepare(mail)
    send_due(at=NOON)
    found = OutboundEmail.objects.get(pk=mail.pk)
    assert (found.state, office.mails) == ("CANCELLED", [])
    assert because in found.answer


def test_is_held_back_while_everything_is_stopped(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = a_mail()
    monkeypatch.setattr(halt, "_ask", lambda: "The switch “Kill” is on: fire")
    send_due(at=NOON)
    assert OutboundEmail.objects.get(pk=mail.pk).held_because == "The switch “Kill” is on: fire"
    assert office.mails == []


def test_is_held_back_where_nobody_knows_whether_everything_is_stopped(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_mail()

    def fail() -> str:
        raise RuntimeError("no answer")

    monkeypatch.setattr(halt, "_ask", fail)
    counts = send_due(at=NOON)
    assert (counts.sent, office.mails) == (0, [])
    assert "not known whether everything is stopped" in next(iter(counts.ill.values()))


def test_is_looked_at_again_when_the_window_opens(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    mail = a_mail(lead__time_zone="America/New_York", lead__country="US")
    send_due(at=NOON)
    opens = OutboundEmail.objects.get(pk=mail.pk).due_at
    assert opens == datetime(2026, 3, 3, 14, tzinfo=UTC)  # nine there
    assert send_due(at=opens).sent == 1


def test_keeps_no_other_waiting(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.cam.services.sending.MOST_LOOKED_AT", 2)
    for _ in range(3):
        a_mail(lead__country="DE", due_at=NOON - timedelta(days=1))
    a_mail()
    send_due(at=NOON)
    send_due(at=NOON + timedelta(minutes=5))
    assert len(office.mails) == 1


def test_tells_the_reason_of_all_that_a_full_mailbox_holds(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], box: Mailbox
) -> None:
    change(box, daily_cap=1)
    for _ in range(3):
        a_mail()
    assert send_due(at=NOON).sent == 1
    held = OutboundEmail.objects.filter(state="QUEUED").values_list("held_because", flat=True)
    assert set(held) == {"The mailbox has sent its 1 for today."}


def test_of_a_full_campaign_holds_no_other_campaign(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], box: Mailbox, running: Campaign
) -> None:
    change(running, daily_cap=1)
    other = CampaignFactory(state="ACTIVE", mode="LIVE", mailbox=box, daily_cap=500)
    for _ in range(3):
        a_mail(due_at=NOON - timedelta(days=1))
        a_mail(lead__campaign=other)
    assert send_due(at=NOON).sent == 4


def test_forgets_the_reason_once_it_goes_out(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    mail = a_mail(held_because="It was the weekend.")
    send_due(at=NOON)
    assert OutboundEmail.objects.get(pk=mail.pk).held_because == ""


def test_is_written_to_at_the_address_as_it_was_given(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    a_mail(to_address="Mia.Byrne+News@clinic.example")
    send_due(at=NOON)
    assert office.recipients == ["Mia.Byrne+News@clinic.example"]
