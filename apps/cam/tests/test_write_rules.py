"""write_rules …"""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from apps.cam.models import Campaign, RuleBook
from apps.cam.rules.rulebooks import RulesRefused, read_rules
from apps.cam.services import rulebooks
from apps.cam.services.rulebooks import WritingRefused
from apps.cam.tests.factories import FIRST_RULES, CampaignFactory, RuleBookFactory
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db


def the_live() -> RuleBook:
    return RuleBook.objects.live().get()


def write(by: User, **changes: Any) -> RuleBook:
    return rulebooks.write_rules(the_live(), the_live().content | changes, by=by.pk, reason="We learned.")


def test_begins_with_the_rules_that_the_agency_had() -> None:
    book = the_live()
    said = book.rules.model_dump()
    known = read_rules(FIRST_RULES).model_dump()
    numbers = ("fit", "opportunity", "fit_share", "tiers", "grades", "lifts", "bars", "routes", "boost", "signals")
    assert (book.version, {name: said[name] for name in numbers}) == (1, {name: known[name] for name in numbers})


def test_makes_a_draft_that_does_not_count_yet(salesperson: User, published: list[tuple[Event, AuditNote]]) -> None:
    draft = write(salesperson, fit_share="0.60")
    assert (draft.version, draft.state, draft.based_on, draft.author) == (2, "DRAFT", the_live(), salesperson)
    assert the_live().version == 1
    [(event, note)] = published
    assert (event.name, event.version, note.reason, note.actor_id) == (
        "RuleBookWritten",
        2,
        "We learned.",
        salesperson.pk,
    )
    assert (note.before["fit_share"], note.after["fit_share"]) == ("0.70", "0.60")


def test_numbers_versions_on_from_whichever_was_the_last(salesperson: User) -> None:
    first = write(salesperson, fit_share="0.60")
    assert write(salesperson, fit_share="0.50").version == 3
    assert rulebooks.write_rules(first, the_live().content, by=None, reason="Back.").version == 4


def test_is_refused_without_a_reason_or_a_change(salesperson: User) -> None:
    book = the_live()
    with pytest.raises(WritingRefused, match="reason is empty"):
        rulebooks.write_rules(book, book.content | {"fit_share": "0.6"}, by=salesperson.pk, reason=" ")
    with pytest.raises(WritingRefused, match="says the same"):
        rulebooks.write_rules(book, book.content, by=salesperson.pk, reason="No reason.")
    with pytest.raises(RulesRefused, match="fit_share: must be at most 1"):
        write(salesperson, fit_share="7")
    assert RuleBook.objects.count() == 1


def test_puts_one_live_and_the_other_away(salesperson: User, published: list[tuple[Event, AuditNote]]) -> None:
    draft = write(salesperson, fit_share="0.60")
    published.clear()
    rulebooks.put_live(draft, by=salesperson.pk, reason="Tried on 500.")
    assert dict(RuleBook.objects.values_list("version", "state")) == {1: "RETIRED", 2: "LIVE"}
    assert [(event.name, event.version) for event, _ in published] == [("RuleBookRetired", 1), ("RuleBookPutLive", 2)]
    with pytest.raises(TransitionNotAllowed):
        rulebooks.put_live(RuleBook.objects.get(version=1), by=salesperson.pk)
    assert the_live().version == 2


def test_has_one_that_counts_whatever_happens() -> None:
    with pytest.raises(IntegrityError, match="rulebook_one_is_live"), transaction.atomic():
        RuleBookFactory(state="LIVE")
    with pytest.raises(IntegrityError, match="rulebook_version_once"), transaction.atomic():
        RuleBookFactory(version=1)


def test_throws_a_draft_away_and_nothing_else(salesperson: User) -> None:
    draft = write(salesperson, fit_share="0.60")
    rulebooks.discard_rules(draft, by=salesperson.pk)
    assert (RuleBook.objects.get(pk=draft.pk).state, the_live().version) == ("RETIRED", 1)
    with pytest.raises(WritingRefused, match="Only a draft"):
        rulebooks.discard_rules(the_live(), by=salesperson.pk)


# --- profiles ---------------------------------------------------------------------------------------------------------


def test_writes_down_whom_a_campaign_looks_for(
    campaign: Campaign, salesperson: User, published: list[tuple[Event, AuditNote]]
) -> None:
    said = {"industries": ["Dental ", "dental"], "countries": ["IE"]}
    rulebooks.edit_profile(campaign, said, by=salesperson.pk)
    assert Campaign.objects.get().profile == {"industries": ["dental"], "countries": ["IE"]}
    [(event, note)] = published
    assert (event.name, note.actor_id, note.before) == ("ProfileEdited", salesperson.pk, {})
    rulebooks.edit_profile(campaign, said, by=salesperson.pk)
    assert len(published) == 1


def test_refuses_a_profile_that_makes_no_sense_and_one_of_a_campaign_that_has_ended(campaign: Campaign) -> None:
    with pytest.raises(RulesRefused, match="mood: is no field"):
        rulebooks.edit_profile(campaign, {"mood": "good"}, by=None)
    with pytest.raises(WritingRefused, match="is completed"):
        rulebooks.edit_profile(CampaignFactory(state="COMPLETED"), {}, by=None)
