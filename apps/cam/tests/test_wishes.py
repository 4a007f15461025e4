"""A wish …"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.cam.models import Consent, Lead, OutboundEmail, Suppression
from apps.cam.queries import contact_proof
from apps.cam.services import wishes
from apps.cam.services.wishes import WishRefused
from apps.cam.tests.factories import LeadFactory, OutboundEmailFactory
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)

Published = list[tuple[Event, AuditNote]]


def names(published: Published) -> list[str]:
    return [type(event).__name__ for event, _ in published]


@pytest.mark.parametrize(
    "address",
    [
        *("mia@clinic.example", "mia+news@clinic.example", "+tag@clinic.example", "m.i.a+x+y@gmail.com"),
        *("m.i.a@googlemail.com", "mia@gmail.com.example", "a@b.example", "ä+ö@ü.example", "...@gmail.com"),
    ],
)
def test_finds_a_person_by_every_spelling(address: str) -> None:
    lead = LeadFactory(email_key=address)
    assert list(Lead.objects.of_person(address)) == [lead]


def test_finds_a_person_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "lead_by_identity" in Lead.objects.of_person("mia@clinic.example").order_by().explain()


def test_to_be_left_alone_is_told_of(lead: Lead, published: Published) -> None:
    OutboundEmailFactory(lead=lead)
    wishes.unsubscribe(lead.email, at=AT, note="By telephone")
    assert sorted(names(published)) == ["ContactabilityChanged", "EmailCancelled", "Suppressed"]
    assert all("By telephone" in note.reason for _, note in published)


def test_to_be_left_alone_is_not_forgotten_when_the_lead_is(lead: Lead) -> None:
    wishes.unsubscribe(lead.email, at=AT)
    lead.delete()
    assert wishes.suppression_of("MIA+2@clinic.example") is not None


def test_to_be_left_alone_is_stronger_than_what_was_known_before(lead: Lead) -> None:
    Lead.objects.update(contactability="BOUNCED")
    wishes.unsubscribe(lead.email, at=AT)
    assert Lead.objects.get().contactability == "UNSUBSCRIBED"
    wishes.suppress_address(lead.email, at=AT, by=None, note="x")
    assert (Lead.objects.get().contactability, Suppression.objects.get().reason) == ("UNSUBSCRIBED", "UNSUBSCRIBED")


def test_not_to_have_our_advertising_is_as_final_as_unsubscribing(lead: Lead) -> None:
    wishes.note_complaint(lead.email, at=AT)
    assert (Lead.objects.get().contactability, Suppression.objects.get().reason) == ("UNSUBSCRIBED", "COMPLAINT")


def test_of_a_person_holds_for_their_other_addresses(lead: Lead) -> None:
    Lead.objects.update(linkedin_url="https://www.linkedin.com/in/mia/")
    other = LeadFactory(email_key="mia@home.example", linkedin_url="linkedin.com/in/MIA")
    wishes.unsubscribe(lead.email, at=AT)
    assert wishes.suppression_of(other.email, other).kind == "IDENTITY"
    assert wishes.suppression_of(other.email) is None


def test_of_ours_names_why(lead: Lead) -> None:
    for service in (wishes.suppress_address, wishes.suppress_domain):
        with pytest.raises(WishRefused, match="reason is empty"):
            service("clinic.example" if "domain" in service.__name__ else lead.email, at=AT, by=None, note=" ")


@pytest.mark.parametrize("domain", ["", "clinic", "mia@clinic.example", "a b.example", "-.example"])
def test_about_a_domain_is_about_one(domain: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wishes.suppress_domain(domain, at=AT, by=None, note="x")


# --- taken back -------------------------------------------------------------------------------------------------------


def test_of_ours_can_be_taken_back(lead: Lead, salesperson: User, published: Published) -> None:
    suppression = wishes.suppress_address(lead.email, at=AT, by=salesperson.pk, note="A mistake")
    assert Lead.objects.get().contactability == "SUPPRESSED"
    wishes.lift_suppression(suppression, by=salesperson.pk, reason="It was another Mia", at=AT)
    assert Lead.objects.get().contactability == "OK"
    assert wishes.suppression_of(lead.email) is None
    assert "SuppressionLifted" in names(published)


def test_of_ours_that_is_taken_back_leaves_another_s_in_force(lead: Lead, salesperson: User) -> None:
    suppression = wishes.suppress_address(lead.email, at=AT, by=salesperson.pk, note="x")
    wishes.suppress_domain("clinic.example", at=AT, by=salesperson.pk, note="x")
    wishes.lift_suppression(suppression, by=salesperson.pk, reason="x", at=AT)
    assert Lead.objects.get().contactability == "SUPPRESSED"


@pytest.mark.parametrize("wish", [wishes.unsubscribe, wishes.note_complaint])
def test_of_theirs_cannot_be_taken_back_by_us(lead: Lead, salesperson: User, wish: Callable[..., Suppression]) -> None:
    with pytest.raises(WishRefused, match="not ours to take back"):
        wishes.lift_suppression(wish(lead.email, at=AT), by=salesperson.pk, reason="We want to", at=AT)


def test_that_was_taken_back_can_be_said_again(lead: Lead, salesperson: User) -> None:
    first = wishes.suppress_address(lead.email, at=AT, by=salesperson.pk, note="x")
    wishes.lift_suppression(first, by=salesperson.pk, reason="x", at=AT)
    with pytest.raises(WishRefused, match="lifted already"):
        wishes.lift_suppression(first, by=salesperson.pk, reason="x", at=AT)
    second = wishes.suppress_address(lead.email, at=AT, by=salesperson.pk, note="x")
    assert second.pk != first.pk


# --- bounces ----------------------------------------------------------------------------------------------------------


def a_sent(lead: Lead, number: int, at: datetime) -> OutboundEmail:
    earlier = OutboundEmail.objects.select_related("step").first()
    same = {"step": earlier.step} if earlier else {}
    return OutboundEmailFactory(lead=lead, number=number, state="SENT", sent_at=at, **same)


def test_hard_bounce_gives_the_address_up_at_once(lead: Lead, published: Published) -> None:
    sent = a_sent(lead, 1, AT)
    waits = OutboundEmailFactory(lead=lead, number=2, step=sent.step)
    assert wishes.record_bounce(sent, kind="hard", words="550 5.1.1 No such user", at=AT) is True
    assert Lead.objects.get().contactability == "BOUNCED"
    assert {OutboundEmail.objects.get(pk=mail.pk).state for mail in (sent, waits)} == {"BOUNCED", "CANCELLED"}
    assert "EmailBounced" in names(published)


@pytest.mark.parametrize(("days", "given_up"), [((0, 2, 5), True), ((0, 2), False), ((0, 2, 8), False)])
def test_third_soft_bounce_within_seven_days_does_the_same(lead: Lead, days: tuple[int, ...], given_up: bool) -> None:
    for number, day in enumerate(days, start=1):
        at = AT + timedelta(days=day)
        last = wishes.record_bounce(a_sent(lead, number, at), kind="soft", words="452 Full", at=at)
    assert last is given_up
    assert Lead.objects.get().contactability == ("BOUNCED" if given_up else "OK")


def test_soft_bounces_of_two_addresses_are_not_held_against_one(lead: Lead) -> None:
    for number in (1, 2):
        wishes.record_bounce(a_sent(lead, number, AT), kind="soft", words="452 Full", at=AT)
    answer = OutboundEmailFactory(
        lead=lead, number=3, state="SENT", sent_at=AT, to_address="desk@other.example", step=lead.sent_mails.last().step
    )
    assert wishes.record_bounce(answer, kind="soft", words="452 Full", at=AT) is False
    assert not Suppression.objects.exists()


def test_bounce_told_twice_is_one(lead: Lead) -> None:
    sent = a_sent(lead, 1, AT)
    for _ in range(4):
        wishes.record_bounce(sent, kind="soft", words="452 Full", at=AT)
    assert Lead.objects.get().contactability == "OK"


# --- grounds ----------------------------------------------------------------------------------------------------------


def test_to_be_written_to_is_recorded_with_its_source(lead: Lead, published: Published) -> None:
    wishes.record_consent(lead, basis="CONSENT", source="Fair", given_at=AT, at=AT, by=None)
    assert (Consent.objects.get().source, names(published)) == ("Fair", ["ConsentRecorded"])


@pytest.mark.parametrize("said", [{"source": " "}, {"given_at": AT + timedelta(days=1)}, {"basis": "GUESS"}])
def test_to_be_written_to_is_not_made_up(lead: Lead, said: dict[str, Any]) -> None:
    good = {"basis": "CONSENT", "source": "Fair", "given_at": AT}
    with pytest.raises(ValueError, match=r"."):
        wishes.record_consent(lead, at=AT, by=None, **good | said)
    assert not Consent.objects.exists()


def test_to_be_written_to_is_taken_back_once(lead: Lead, published: Published) -> None:
    consent = wishes.record_consent(lead, basis="CONSENT", source="Fair", given_at=AT, at=AT, by=None)
    wishes.withdraw_consent(consent, by=None, reason="They wrote so", at=AT)
    assert names(published) == ["ConsentRecorded", "ConsentWithdrawn"]
    with pytest.raises(WishRefused, match="before"):
        wishes.withdraw_consent(consent, by=None, reason="Again", at=AT)


# --- proof ------------------------------------------------------------------------------------------------------------


def test_stands_in_the_contact_proof_with_all_that_was_sent(lead: Lead, asks_at_most: Callable) -> None:
    other = LeadFactory(email_key="mia+2@clinic.example")
    sent, held = a_sent(lead, 1, AT), OutboundEmailFactory(lead=other, held_because="It is the weekend.")
    wishes.record_consent(lead, basis="CONSENT", source="Fair", given_at=AT, at=AT, by=None)
    LeadFactory(email_key="tom@clinic.example")
    wishes.suppress_domain("clinic.example", at=AT, by=None, note="They asked")
    with asks_at_most(5):
        proof = contact_proof("Mia@clinic.example")
    assert (proof.leads, proof.mails) == ([lead, other], [sent, held])
    assert [each.shown for each in proof.in_force] == ["clinic.example"]
    assert len(proof.consents) == 1
