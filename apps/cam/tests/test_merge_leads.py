"""merge_leads …"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django_fsm import TransitionNotAllowed
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from apps.cam import queries
from apps.cam.api import ports
from apps.cam.models import Consent, DuplicatePair, InboundEmail, Lead, LeadMerge, Suppression
from apps.cam.models.hashes import address_hash
from apps.cam.rules.contactability import strongest
from apps.cam.rules.merging import MERGED_FIELDS, WISHES
from apps.cam.services import inbox, leads, merges, wishes
from apps.cam.services.identity import identity_columns, rekey_leads
from apps.cam.services.merges import MergeRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, InboundEmailFactory, LeadFactory, OutboundEmailFactory, eml
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db

ALL_OF_SURVIVOR = dict.fromkeys(MERGED_FIELDS, "survivor")
CONTACTABILITIES = list(Lead.Contactability)


def rows() -> dict[str, str]:
    """Return every row of the module's tables that a merge may touch, as PostgreSQL writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, to_jsonb(cam_lead)::text FROM cam_lead"
            " UNION ALL SELECT id, to_jsonb(cam_inboundemail)::text FROM cam_inboundemail"
        )
        return dict(cursor.fetchall())


def merged(survivor: Lead, other: Lead, chosen: Mapping[str, str] = ALL_OF_SURVIVOR) -> LeadMerge:
    return merges.merge_leads(survivor, other, chosen=chosen, by=None, at=AT)


@pytest.fixture
def two(lead: Lead) -> tuple[Lead, Lead]:
    return lead, LeadFactory(email_key="mia@home.example", full_name="Mia Byrne", phone="+353 1 2345678")


def test_knows_of_every_table_that_points_to_leads() -> None:
    listed = [*merges.MOVED, *merges.STAYING]
    assert sorted(listed) == sorted(queries.relations_to_leads()), "Say in services/merges.py what becomes of it."
    assert all(merges.STAYING.values())


def test_has_of_each_what_was_chosen(two: tuple[Lead, Lead]) -> None:
    survivor, other = two
    Lead.objects.filter(pk=survivor.pk).update(raw={"a": 1, "b": 1})
    Lead.objects.filter(pk=other.pk).update(raw={"b": 2, "c": 2})
    merged(survivor, other, ALL_OF_SURVIVOR | {"full_name": "merged", "phone": "merged"})
    kept = Lead.objects.get(pk=survivor.pk)
    assert (kept.full_name, kept.phone, kept.company) == ("Mia Byrne", "+353 1 2345678", survivor.company)
    assert kept.raw == {"a": 1, "b": 1, "c": 2}
    assert kept.phone_key == other.phone_key
    assert (kept.email, kept.state, kept.is_compared) == (survivor.email, "NEW", False)


def test_takes_replies_over_and_leaves_the_lists(two: tuple[Lead, Lead]) -> None:
    survivor, other = two
    reply = InboundEmailFactory(lead=other)
    merge = merged(survivor, other)
    assert InboundEmail.objects.get().lead == survivor
    assert merge.moved == {relation: [str(reply.pk)] if "Inbound" in relation else [] for relation in merges.MOVED}
    assert list(Lead.objects.single()) == [survivor]
    assert [each.id for each in ports.list_leads(campaign_id=other.campaign_id)] == []
    assert ports.get_campaign_status(campaign_id=other.campaign_id, at=AT).leads == 0
    assert not any(queries.cards_of(other.campaign).values())


def test_never_lets_anybody_write_to_the_merged_one(two: tuple[Lead, Lead], salesperson: User) -> None:
    merged(*two)
    other = Lead.objects.get(pk=two[1].pk)
    assert (other.contactability, other.is_contactable) == ("DO_NOT_CONTACT", False)
    with pytest.raises(TransitionNotAllowed, match="part of another lead"):
        leads.allow_contact(other, by=salesperson.pk, reason="why not")
    with pytest.raises(TransitionNotAllowed, match="part of another lead"):
        leads.advance_lead(other, "enrich", by=salesperson.pk, at=AT)
    with pytest.raises(IntegrityError, match="lead_merged_is_not_contacted"), transaction.atomic():
        Lead.objects.filter(pk=other.pk).update(contactability="OK")


def test_gives_the_survivor_what_the_merged_one_is_written_later(two: tuple[Lead, Lead]) -> None:
    merged(*two)
    reply, _ = inbox.receive_reply(eml(sender="mia@home.example"), by=None, at=AT)
    assert reply.lead == two[0]


def test_tells_of_it_without_addresses(two: tuple[Lead, Lead], published: list[tuple[Event, AuditNote]]) -> None:
    Lead.objects.filter(pk=two[1].pk).update(contactability="UNSUBSCRIBED")
    merge = merged(*two)
    merges.undo_merge(merge, by=None, at=AT)
    told = [event.name for event, _ in published]
    assert told == ["LeadsMerged", "ContactabilityChanged", "MergeUndone", "ContactabilityChanged"]
    assert not any("example" in f"{event.model_dump_json()}{note.model_dump_json()}" for event, note in published)


@pytest.mark.parametrize("first", CONTACTABILITIES)
@pytest.mark.parametrize("second", CONTACTABILITIES)
def test_lets_the_strongest_word_hold_for_both(two: tuple[Lead, Lead], first: str, second: str) -> None:
    survivor, other = two
    Lead.objects.filter(pk=survivor.pk).update(contactability=first)
    Lead.objects.filter(pk=other.pk).update(contactability=second)
    merged(survivor, other)
    stored = Lead.objects.in_bulk()
    assert stored[survivor.pk].contactability == strongest(first, second)
    assert stored[other.pk].contactability != "OK"


@pytest.mark.parametrize("first", CONTACTABILITIES)
@pytest.mark.parametrize("reason", Suppression.Reason)
def test_lets_hold_for_two_what_holds_for_one_of_whom_both_is_said(
    two: tuple[Lead, Lead], first: str, reason: str
) -> None:
    survivor, other = two
    Lead.objects.filter(pk=survivor.pk).update(contactability=first)
    one = LeadFactory(contactability=first)
    for lead in (other, one):
        wishes.suppress_address(lead.email, at=AT, by=None, note="They said so.", reason=reason)
    merged(survivor, other)
    stored = Lead.objects.in_bulk()
    assert stored[survivor.pk].contactability == stored[one.pk].contactability


def test_is_of_two_leads_that_stand_by_themselves(two: tuple[Lead, Lead]) -> None:
    survivor, other = two
    merged(survivor, other)
    for pair in (two, (other, survivor), (LeadFactory(), other)):
        with pytest.raises(MergeRefused, match="part of another"):
            merged(*pair)
    with pytest.raises(MergeRefused, match="Choose two"):
        merged(survivor, survivor)
    with pytest.raises(ValueError, match="email"):
        merged(survivor, LeadFactory(), {"email": "merged"})


def test_can_be_taken_back_under_another_key(two: tuple[Lead, Lead], settings: Any) -> None:
    survivor, other = two
    merge = merged(survivor, other, ALL_OF_SURVIVOR | {"phone": "merged"})
    settings.IDENTITY_KEY = b"another key, of thirty-two bytes"
    rekey_leads()
    merges.undo_merge(merge, by=None, at=AT)
    for lead in (survivor, other):
        was, stored = lead, Lead.objects.get(pk=lead.pk)
        assert (stored.phone, stored.merged_into) == (was.phone, None)
        assert {name: getattr(stored, name) for name in identity_columns(was)} == identity_columns(was)
        assert stored.identity_key != was.identity_key


def test_decides_the_suspicion_and_undoing_asks_it_again(two: tuple[Lead, Lead]) -> None:
    Lead.objects.update(identity_key="same")
    merges.find_duplicates()
    merge = merged(*two)
    assert DuplicatePair.objects.get().state == "MERGED"
    merges.undo_merge(merge, by=None, at=AT)
    assert DuplicatePair.objects.get().state == "OPEN"


said = st.fixed_dictionaries(
    {
        "full_name": st.sampled_from(["", "Mia", "Mía <b>", "' OR 1=1 --"]),
        "phone": st.sampled_from(["", "+353 1 2345678", "x"]),
        "linkedin_url": st.sampled_from(["", "linkedin.com/in/mia"]),
        "country": st.sampled_from(["", "IE", "DE"]),
        "state": st.sampled_from(["NEW", "CONTACTED", "WON"]),
        "contactability": st.sampled_from(CONTACTABILITIES),
        "score": st.sampled_from([None, "0.125", "1"]),
        "reasons": st.sampled_from([None, [], ["a \\ \" 'b' \u2028"]]),
        "raw": st.dictionaries(st.text("ab\\\"'", max_size=4), st.text(max_size=5).filter(lambda t: "\0" not in t)),
        "next_action_at": st.sampled_from([None, AT.replace(microsecond=123456)]),
        "is_compared": st.booleans(),
    }
)


@trying(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=said, other=said, replies=st.lists(st.booleans(), max_size=3), chosen=st.randoms(use_true_random=False))
def test_is_taken_back_to_the_byte(one: dict, other: dict, replies: list[bool], chosen: Any) -> None:
    with transaction.atomic():
        pair = [LeadFactory(**each) for each in (one, other)]
        for is_first in replies:
            InboundEmailFactory(lead=pair[0 if is_first else 1])
        before = rows()
        merge = merged(*pair, {name: chosen.choice(["survivor", "merged"]) for name in MERGED_FIELDS})
        assert rows() != before
        merges.undo_merge(merge, by=None, at=AT)
        assert rows() == before
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", [0, 1])
@pytest.mark.parametrize("wish", sorted(WISHES))
def test_taken_back_keeps_out_who_opted_out_since(
    two: tuple[Lead, Lead], salesperson: User, who: int, wish: str
) -> None:
    merge = merged(*two)
    leads.stop_contact(Lead.objects.get(pk=two[who].pk), by=salesperson.pk, reason="They wrote so.", to=wish)
    merges.undo_merge(merge, by=salesperson.pk, at=AT)
    assert set(Lead.objects.values_list("contactability", "merged_into")) == {(wish, None)}


def test_taken_back_keeps_what_our_own_people_said_since(two: tuple[Lead, Lead], salesperson: User) -> None:
    Lead.objects.filter(pk=two[0].pk).update(contactability="OK")
    merge = merged(*two)
    leads.stop_contact(Lead.objects.get(pk=two[0].pk), by=salesperson.pk, reason="A friend of ours.")
    merges.undo_merge(merge, by=salesperson.pk, at=AT)
    assert set(Lead.objects.values_list("contactability", flat=True)) == {"DO_NOT_CONTACT"}


@pytest.mark.parametrize("wish", sorted(WISHES))
def test_taken_back_lets_nobody_write_to_an_address_that_opted_out_elsewhere(wish: str) -> None:
    one = LeadFactory(email_key="mia@x.example", contactability=wish)
    other = LeadFactory(email_key="mia@x.example")
    merge = merged(other, one)
    merges.undo_merge(merge, by=None, at=AT)
    assert set(Lead.objects.values_list("contactability", flat=True)) == {wish}


@pytest.mark.parametrize(
    ("reason", "becomes"),
    [
        ("UNSUBSCRIBED", "UNSUBSCRIBED"),
        ("COMPLAINT", "UNSUBSCRIBED"),
        ("BOUNCED", "BOUNCED"),
        ("MANUAL", "SUPPRESSED"),
        ("ERASED", "SUPPRESSED"),
    ],
)
def test_taken_back_heeds_a_suppression_that_came_since(two: tuple[Lead, Lead], reason: str, becomes: str) -> None:
    merge = merged(*two)
    Suppression.objects.create(kind="ADDRESS", key_hash=address_hash("M.i.a+x@home.example"), reason=reason)
    Suppression.objects.create(kind="ADDRESS", key_hash=address_hash("MIA+x@home.example"), reason=reason)
    merges.undo_merge(merge, by=None, at=AT)
    stored = Lead.objects.in_bulk()
    assert [stored[lead.pk].contactability for lead in two] == ["OK", becomes]


def test_takes_consents_along_and_leaves_what_was_sent(two: tuple[Lead, Lead]) -> None:
    consent = Consent.objects.create(lead=two[1], basis="CONSENT", source="a call", given_at=AT)
    sent = OutboundEmailFactory(lead=two[1], state="SENT", sent_at=AT)
    merge = merged(*two)
    consent.refresh_from_db()
    sent.refresh_from_db()
    assert (consent.lead, sent.lead) == two
    merges.undo_merge(merge, by=None, at=AT)
    consent.refresh_from_db()
    assert consent.lead == two[1]


def test_is_not_taken_back_once_something_was_built_on_it(
    lead_in: Callable[..., Lead], two: tuple[Lead, Lead], salesperson: User
) -> None:
    survivor, other = two
    merge = merged(survivor, other)
    leads.advance_lead(Lead.objects.get(pk=survivor.pk), "enrich", by=salesperson.pk, at=AT)
    with pytest.raises(MergeRefused, match="changed since: state"):
        merges.undo_merge(merge, by=salesperson.pk, at=AT)
    assert LeadMerge.objects.get().undone_at is None


def test_is_taken_back_in_the_order_of_merging_reversed(two: tuple[Lead, Lead], salesperson: User) -> None:
    before = rows()
    third = LeadFactory()
    whole = {**before, **rows()}
    first = merged(*two)
    second = merged(third, two[0])
    assert queries.living(Lead.objects.get(pk=two[1].pk)) == third
    with pytest.raises(MergeRefused, match="merged again"):
        merges.undo_merge(first, by=salesperson.pk, at=AT)
    merges.undo_merge(second, by=salesperson.pk, at=AT)
    merges.undo_merge(first, by=salesperson.pk, at=AT)
    assert rows() == whole
    with pytest.raises(MergeRefused, match="already"):
        merges.undo_merge(first, by=salesperson.pk, at=AT)


def test_gives_back_what_still_belongs_to_the_survivor(two: tuple[Lead, Lead]) -> None:
    mine, theirs = InboundEmailFactory(lead=two[0]), InboundEmailFactory(lead=two[1])
    given_away = InboundEmailFactory(lead=two[1])
    merge = merged(*two)
    elsewhere = LeadFactory(campaign=CampaignFactory())
    InboundEmail.objects.filter(pk=given_away.pk).update(lead=elsewhere)
    merges.undo_merge(merge, by=None, at=AT)
    stored = InboundEmail.objects.in_bulk()
    assert [stored[mail.pk].lead for mail in (mine, theirs, given_away)] == [two[0], two[1], elsewhere]
