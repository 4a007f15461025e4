"""A campaign's snapshot …"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cam.models import (
    Campaign,
    CampaignSnapshot,
    InboundEmail,
    Lead,
    OutboundEmail,
    SequenceStep,
    Suppression,
    VariantSnapshot,
)
from apps.cam.services import wishes
from apps.cam.services.metrics import compute_metrics, take_snapshot
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import (
    InboundEmailFactory,
    LeadFactory,
    OutboundEmailFactory,
    SequenceFactory,
    SequenceStepFactory,
    SuppressionFactory,
)

pytestmark = pytest.mark.django_db

Write = Callable[..., OutboundEmail]


@pytest.fixture
def steps(campaign: Campaign) -> list[SequenceStep]:
    sequence = SequenceFactory(campaign=campaign)
    return [SequenceStepFactory(sequence=sequence, position=position) for position in (1, 2)]


@pytest.fixture
def write(campaign: Campaign, steps: list[SequenceStep]) -> Write:
    """Have written to a lead, a new one unless one is given."""

    def write(lead: Lead | None = None, *, number: int = 1, at: datetime = AT, **columns: Any) -> OutboundEmail:
        lead = lead or LeadFactory(campaign=campaign, state="CONTACTED")
        columns = {"state": "SENT", "sent_at": at, "step": steps[number - 1], **columns}
        return OutboundEmailFactory(lead=lead, campaign=campaign, number=number, **columns)

    return write


def _answer(mail: OutboundEmail, kind: str | None) -> InboundEmail:
    return InboundEmailFactory(lead=mail.lead, classification=kind, from_address=mail.to_address)


def _counts(row: Any, *names: str) -> tuple[int, ...]:
    return tuple(getattr(row, name) for name in names)


def test_counts_what_was_sent_and_what_came_of_it(campaign: Campaign, write: Write) -> None:
    mails = [write() for _ in range(7)]
    for mail, kind in zip(
        mails, ["POSITIVE", "NEGATIVE", "NEUTRAL", "OUT_OF_OFFICE", "UNSUBSCRIBE", None], strict=False
    ):
        _answer(mail, kind)
    write(mails[5].lead, number=2)
    write(state="QUEUED", sent_at=None)
    write(at=AT + timedelta(hours=1))  # not yet
    found = take_snapshot(campaign, at=AT)
    assert _counts(found, "sent", "contacted") == (8, 7)
    assert _counts(found, "positive", "negative", "neutral", "out_of_office", "unsubscribed") == (1, 1, 1, 1, 1)
    assert found.replied == 4, "neither the machine's answer, nor the one that nobody has understood"


def test_tells_hard_bounces_from_soft_ones(campaign: Campaign, write: Write) -> None:
    hard, soft = write(), write()
    for mail in (hard, soft):
        _answer(mail, "BOUNCE")
    OutboundEmail.objects.filter(pk=hard.pk).update(state="BOUNCED")
    found = take_snapshot(campaign, at=AT)
    assert _counts(found, "sent", "bounced_hard", "bounced_soft", "replied") == (2, 1, 1, 0)


def test_counts_each_lead_once_in_a_class_and_once_as_having_answered(campaign: Campaign, write: Write) -> None:
    mail = write()
    for kind in ("NEUTRAL", "POSITIVE", "POSITIVE"):
        _answer(mail, kind)
    assert _counts(take_snapshot(campaign, at=AT), "replied", "neutral", "positive") == (1, 1, 1)


def test_has_a_part_for_each_step_and_each_subject(campaign: Campaign, write: Write, steps: list[SequenceStep]) -> None:
    first, other = write(), write(variant="B")
    second = write(write().lead, number=2)
    _answer(other, "POSITIVE")
    _answer(second, "NEGATIVE")
    OutboundEmail.objects.filter(pk=first.pk).update(state="BOUNCED")
    take_snapshot(campaign, at=AT)
    found = {
        (part.step.position, part.variant): _counts(part, "sent", "replied", "positive", "bounced_hard")
        for part in VariantSnapshot.objects.select_related("step")
    }
    assert found == {(1, "A"): (2, 0, 0, 1), (1, "B"): (1, 1, 1, 0), (2, "A"): (1, 1, 0, 0)}


def test_counts_wishes_of_those_who_were_written_to(campaign: Campaign, write: Write) -> None:
    mail, stranger = write(), LeadFactory(campaign=campaign)
    for reason, address in (
        ("COMPLAINT", mail.to_address.upper()),
        ("COMPLAINT", stranger.email),
        ("UNSUBSCRIBED", write().to_address),
    ):
        SuppressionFactory(shown=address, reason=reason)
    assert _counts(take_snapshot(campaign, at=AT), "complaints", "opted_out") == (1, 1)


def test_counts_a_wish_whatever_the_spelling_of_the_address(campaign: Campaign, write: Write) -> None:
    write(LeadFactory(campaign=campaign, state="CONTACTED", email_key="mia+fairs@clinic.example"))
    wishes.unsubscribe("mia@clinic.example", at=AT)
    assert take_snapshot(campaign, at=AT).opted_out == 1


def test_counts_how_far_leads_have_come(campaign: Campaign) -> None:
    for state in ("NEW", "QUALIFIED", "MEETING", "PROPOSAL", "WON", "LOST", "DISQUALIFIED"):
        LeadFactory(campaign=campaign, state=state)
    assert _counts(take_snapshot(campaign, at=AT), "qualified", "meetings", "won", "lost") == (5, 3, 1, 1)


def test_is_one_row_a_day_and_the_same_however_often_it_is_taken(campaign: Campaign, write: Write) -> None:
    _answer(write(), "POSITIVE")
    once = take_snapshot(campaign, at=AT)
    again = take_snapshot(campaign, at=AT)
    assert (again.pk, again.sent, again.positive, again.replied) == (once.pk, 1, 1, 1)
    write(at=AT + timedelta(minutes=4))
    later = take_snapshot(campaign, at=AT + timedelta(minutes=5))
    assert (later.pk, later.sent) == (once.pk, 2)
    assert VariantSnapshot.objects.count() == 1


def test_counts_on_from_an_earlier_day(campaign: Campaign, write: Write) -> None:
    mail = write()
    _answer(mail, "POSITIVE")
    take_snapshot(campaign, at=AT)
    take_snapshot(campaign, at=AT + timedelta(days=3))
    InboundEmail.objects.all().delete()  # after three days what it counted is not looked at again
    later = AT + timedelta(days=5)
    _answer(write(at=later, variant="B"), "NEGATIVE")
    found = take_snapshot(campaign, at=later)
    assert _counts(found, "sent", "contacted", "positive", "negative", "replied") == (2, 2, 1, 1, 2)
    parts = {part.variant: (part.sent, part.positive, part.negative) for part in found.parts.all()}
    assert parts == {"A": (1, 1, 0), "B": (1, 0, 1)}
    assert take_snapshot(campaign, at=later).sent == 2
    assert CampaignSnapshot.objects.count() == 3


def test_heeds_for_some_days_that_a_person_understood_a_mail_otherwise(campaign: Campaign, write: Write) -> None:
    reply = _answer(write(), "NEGATIVE")
    first = take_snapshot(campaign, at=AT)
    InboundEmail.objects.filter(pk=reply.pk).update(classification="POSITIVE")
    for day in range(1, 5):
        found = take_snapshot(campaign, at=AT + timedelta(days=day))
        assert _counts(found, "positive", "negative") == (1, 0), f"after {day} days"
        assert [_counts(part, "positive", "negative") for part in found.parts.all()] == [(1, 0)]
    first.refresh_from_db()
    assert _counts(first, "positive", "negative", "replied") == (1, 0, 1)
    InboundEmail.objects.filter(pk=reply.pk).update(classification="NEUTRAL")
    for day in range(5, 11):  # too late, and that on all days
        found = take_snapshot(campaign, at=AT + timedelta(days=day))
        assert _counts(found, "positive", "neutral") == (1, 0), f"after {day} days"


def test_heeds_for_some_days_what_was_written_down_late(campaign: Campaign, write: Write) -> None:
    mail = write()
    late = _answer(mail, "POSITIVE")
    wish = SuppressionFactory(shown=mail.to_address, reason="UNSUBSCRIBED")
    InboundEmail.objects.filter(pk=late.pk).update(classification=None)
    Suppression.objects.filter(pk=wish.pk).update(reason="MANUAL")
    take_snapshot(campaign, at=AT)
    InboundEmail.objects.filter(pk=late.pk).update(classification="POSITIVE")
    Suppression.objects.filter(pk=wish.pk).update(reason="UNSUBSCRIBED")
    write(at=AT)
    for day in range(1, 5):
        found = take_snapshot(campaign, at=AT + timedelta(days=day))
        assert _counts(found, "sent", "replied", "positive", "opted_out") == (2, 1, 1, 1), f"after {day} days"


def test_leaves_the_counts_of_days_that_are_over_after_three_days(campaign: Campaign, write: Write) -> None:
    first = take_snapshot(campaign, at=AT)
    write()
    for day, sent in ((1, 0), (2, 0), (3, 1)):
        take_snapshot(campaign, at=AT + timedelta(days=day))
        first.refresh_from_db()
        assert first.sent == sent, f"after {day} days"
    write()
    for day in (3, 4):
        take_snapshot(campaign, at=AT + timedelta(days=day, hours=1))
    first.refresh_from_db()
    assert first.sent == 1


def test_counts_an_earlier_day_anew_no_further_than_it_went(campaign: Campaign, write: Write) -> None:
    mail = write()
    _answer(mail, "OUT_OF_OFFICE")
    first = take_snapshot(campaign, at=AT)
    later = write(mail.lead, number=2, at=AT + timedelta(days=1))
    _answer(later, "POSITIVE")
    OutboundEmail.objects.filter(pk=mail.pk).update(state="BOUNCED")
    LeadFactory(campaign=campaign, state="WON")
    take_snapshot(campaign, at=AT + timedelta(days=3))
    first.refresh_from_db()
    assert _counts(first, "sent", "positive", "out_of_office", "bounced_hard", "won") == (1, 0, 1, 0, 0)
    assert [(part.step.position, part.out_of_office) for part in first.parts.all()] == [(1, 1)]


def test_costs_the_same_whatever_the_campaign_has_sent(campaign: Campaign, write: Write) -> None:
    take_snapshot(campaign, at=AT - timedelta(days=4))
    for _ in range(5):
        write()
    for most in (26, 18):  # the first of a day settles an earlier one
        with CaptureQueriesContext(connection) as captured:
            take_snapshot(campaign, at=AT)
        assert len(captured) <= most


def test_is_taken_of_campaigns_that_run_or_stand_paused(campaign: Campaign) -> None:
    assert compute_metrics(at=AT).campaigns == 0
    Campaign.objects.filter(pk=campaign.pk).update(state="ACTIVE")
    assert compute_metrics(at=AT).campaigns == 1
    Campaign.objects.filter(pk=campaign.pk).update(state="PAUSED", pause_reason="x")
    assert compute_metrics(at=AT).campaigns == 1


def test_counts_no_other_campaigns_mails(campaign: Campaign, write: Write) -> None:
    write()
    _answer(OutboundEmailFactory(state="SENT", sent_at=AT), "POSITIVE")
    assert _counts(take_snapshot(campaign, at=AT), "sent", "positive") == (1, 0)
