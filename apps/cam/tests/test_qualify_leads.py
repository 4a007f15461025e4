"""qualify_leads …"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed
from uuid_utils.compat import uuid7

from apps.cam.api import ports
from apps.cam.models import Campaign, Lead, RuleBook
from apps.cam.services import ratings, rulebooks
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import FIRST_RULES, CampaignFactory, LeadFactory, a_profile
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

WANTED = {"industries": ["dental"], "employees_from": 5, "employees_to": 50, "countries": ["IE"]}
FITS = {"industry": "Dental", "employees": 20, "employees_most": 20, "title": "Owner"}
FAR_OFF = {"industry": "Retail", "employees": 900, "employees_most": 900, "title": "Owner"}
UNKNOWN = {"title": "Owner"}


@pytest.fixture
def dentists(campaign: Campaign) -> Campaign:
    """A campaign that says whom it looks for."""
    Campaign.objects.update(profile=WANTED, state="ACTIVE")
    return Campaign.objects.get()


def states(campaign: Campaign) -> list[str]:
    return sorted(Lead.objects.filter(campaign=campaign).values_list("state", flat=True))


# --- of a campaign ----------------------------------------------------------------------------------------------------


def test_judges_every_new_lead_and_stores_why(dentists: Campaign) -> None:
    fits, far_off, unknown = (LeadFactory(campaign=dentists, **said) for said in (FITS, FAR_OFF, UNKNOWN))
    counts = ratings.qualify_leads(dentists, at=AT)
    assert counts == {"QUALIFIED": 1, "DISQUALIFIED": 1, "MANUAL_REVIEW": 1}
    lead = Lead.objects.get(pk=fits.pk)
    assert (lead.state, lead.grade, lead.score, lead.route_name) == (
        "QUALIFIED",
        "B",
        Decimal("0.815"),
        "regular_nurture",
    )
    assert (lead.rule_version, lead.rated_at) == (1, AT)
    assert (lead.seniority, lead.website) == ("OWNER", "clinic.example")
    assert lead.reasons == ["Fit 100 %, wanted 70 %: industry Dental; 20 people; country IE."]
    assert [part["name"] for part in lead.rating["parts"]] == ["fit", "opportunity"]
    assert "seniority owner: from the title Owner" in lead.rating["derived"]
    assert (Lead.objects.get(pk=far_off.pk).state, Lead.objects.get(pk=unknown.pk).state) == (
        "DISQUALIFIED",
        "MANUAL_REVIEW",
    )


def test_tells_of_each_lead_what_was_said_and_where_it_went(
    dentists: Campaign, salesperson: User, published: list[tuple[Event, AuditNote]]
) -> None:
    lead = LeadFactory(campaign=dentists, **FITS)
    ratings.qualify_leads(dentists, at=AT, by=salesperson.pk)
    (qualified, said), (advanced, _) = published
    assert (qualified.name, qualified.aggregate_id, qualified.verdict, qualified.grade) == (
        "LeadQualified",
        lead.pk,
        "QUALIFIED",
        "B",
    )
    assert (said.actor_id, said.after["rule_version"], qualified.occurred_at) == (salesperson.pk, 1, AT)
    assert (advanced.name, advanced.from_state, advanced.to_state, advanced.trigger) == (
        "LeadAdvanced",
        "NEW",
        "QUALIFIED",
        "rules",
    )


def test_does_nothing_a_second_time(dentists: Campaign, published: list[tuple[Event, AuditNote]]) -> None:
    LeadFactory.create_batch(3, campaign=dentists, **FITS)
    assert ratings.qualify_leads(dentists, at=AT).total() == 3
    rows, told = list(Lead.objects.values()), len(published)
    assert ratings.qualify_leads(dentists, at=AT).total() == 0
    assert (list(Lead.objects.values()), len(published)) == (rows, told)


@pytest.mark.parametrize("state", ["ENRICHED", "SCORED"])
def test_goes_on_from_where_a_person_has_moved_a_lead(dentists: Campaign, state: str) -> None:
    LeadFactory(campaign=dentists, state=state, **FITS)
    assert ratings.qualify_leads(dentists, at=AT).total() == 1
    assert states(dentists) == ["QUALIFIED"]


def test_leaves_alone_whom_people_decided_on_and_who_must_not_be_contacted(dentists: Campaign) -> None:
    for state in ("MANUAL_REVIEW", "QUALIFIED", "CONTACTED", "LOST"):
        LeadFactory(campaign=dentists, state=state, **FITS)
    LeadFactory(campaign=dentists, contactability="UNSUBSCRIBED", **FITS)
    LeadFactory(**FITS)
    assert ratings.qualify_leads(dentists, at=AT).total() == 0
    assert not Lead.objects.exclude(rated_at=None).exists()


def test_goes_on_behind_the_last_slice_of_a_worker_that_was_killed(
    dentists: Campaign, monkeypatch: pytest.MonkeyPatch, published: list[tuple[Event, AuditNote]]
) -> None:
    monkeypatch.setattr(ratings, "SLICE", 4)
    LeadFactory.create_batch(10, campaign=dentists, **FITS)
    tell, told = ratings._tell, []

    def killed_at_the_sixth(judged: Any, *arguments: Any, **options: Any) -> None:
        told.append(judged)
        if len(told) == 6:
            raise KeyboardInterrupt
        tell(judged, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(ratings, "_tell", killed_at_the_sixth)
        with pytest.raises(KeyboardInterrupt):
            ratings.qualify_leads(dentists, at=AT)
    assert states(dentists) == ["NEW"] * 6 + ["QUALIFIED"] * 4
    published.clear()  # those of the slice that was taken back are no events: their transaction is gone
    assert ratings.qualify_leads(dentists, at=AT).total() == 6
    assert states(dentists) == ["QUALIFIED"] * 10
    assert [event.name for event, _ in published].count("LeadQualified") == 6


def test_takes_no_more_than_it_may(dentists: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "SLICE", 2)
    LeadFactory.create_batch(5, campaign=dentists, **FITS)
    assert ratings.qualify_leads(dentists, at=AT, most=3).total() == 3
    assert states(dentists).count("NEW") == 2


def test_asks_few_queries_for_a_slice(dentists: Campaign, asks_at_most: Callable[[int], Any]) -> None:
    for said in (FITS, FAR_OFF, UNKNOWN):
        LeadFactory.create_batch(20, campaign=dentists, **said)
    with asks_at_most(8 + 4 * 60):  # outbox and audit of each lead's two facts
        ratings.qualify_leads(dentists, at=AT)


def test_scores_by_the_rules_of_the_moment_and_names_their_version(dentists: Campaign, salesperson: User) -> None:
    before = LeadFactory(campaign=dentists, **FITS)
    ratings.qualify_leads(dentists, at=AT)
    strict = FIRST_RULES | {"bars": {"fit": "0.70", "opportunity": "0.90"}}
    draft = rulebooks.write_rules(RuleBook.objects.get(), strict, by=salesperson.pk, reason="Fewer, better.")
    unmoved = LeadFactory(campaign=dentists, **FITS)
    ratings.qualify_leads(dentists, at=AT)
    rulebooks.put_live(draft, by=salesperson.pk)
    after = LeadFactory(campaign=dentists, **FITS)
    ratings.qualify_leads(dentists, at=AT)
    told = {lead.pk: (lead.state, lead.rule_version) for lead in Lead.objects.all()}
    assert told == {
        before.pk: ("QUALIFIED", 1),
        unmoved.pk: ("QUALIFIED", 1),
        after.pk: ("MANUAL_REVIEW", draft.version),
    }


# --- by beat ----------------------------------------------------------------------------------------------------------


def test_runs_by_itself_for_active_campaigns_that_say_whom_they_look_for(dentists: Campaign) -> None:
    LeadFactory(campaign=dentists, **FITS)
    silent = CampaignFactory(state="ACTIVE")
    waits = [CampaignFactory(state=state, profile=WANTED) for state in ("DRAFT", "COMPLETED")]
    waits.append(CampaignFactory(state="PAUSED", pause_reason="Holidays", profile=WANTED))
    for each in (silent, *waits):
        LeadFactory(campaign=each, **FITS)
    assert ratings.qualify_due(at=AT) == 1
    assert states(dentists) == ["QUALIFIED"]


def test_goes_on_where_somebody_waits(salesperson: User, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratings, "SLICE", 2)
    LeadFactory.create_batch(5, campaign=campaign)
    assert ratings.score_leads(campaign, by=salesperson.pk, at=AT).total() == 2
    assert Campaign.objects.get().scoring_asked_at == AT
    assert ratings.qualify_due(at=AT) == 3
    assert Campaign.objects.get().scoring_asked_at is None
    assert states(campaign) == ["MANUAL_REVIEW"] * 5


def test_leaves_a_campaign_as_it_is_where_nobody_waits(dentists: Campaign) -> None:
    before = list(Campaign.objects.values())
    assert ratings.qualify_due(at=AT) == 0
    assert list(Campaign.objects.values()) == before


def test_scores_a_few_at_once(salesperson: User, dentists: Campaign) -> None:
    LeadFactory(campaign=dentists, **FITS)
    assert ratings.score_leads(dentists, by=salesperson.pk, at=AT) == {"QUALIFIED": 1}
    assert Campaign.objects.get().scoring_asked_at is None


def test_scores_nobody_of_a_campaign_that_has_ended(salesperson: User) -> None:
    with pytest.raises(ValueError, match="is completed"):
        ratings.score_leads(CampaignFactory(state="COMPLETED"), by=salesperson.pk, at=AT)


# --- again ------------------------------------------------------------------------------------------------------------


def test_scores_those_who_wait_for_a_person_again(
    salesperson: User, campaign: Campaign, published: list[tuple[Event, AuditNote]]
) -> None:
    fits, unknown = (LeadFactory(campaign=campaign, **said) for said in (FITS, UNKNOWN))
    ratings.qualify_leads(campaign, at=AT)
    assert states(campaign) == ["MANUAL_REVIEW"] * 2
    rulebooks.edit_profile(campaign, WANTED, by=None)
    published.clear()
    later, campaign = AT + timedelta(hours=1), Campaign.objects.get()
    verdicts = ratings.score_again(campaign, by=salesperson.pk, at=later, reason="We said whom we want.")
    assert verdicts == {"QUALIFIED": 1, "MANUAL_REVIEW": 1}
    assert (Lead.objects.get(pk=fits.pk).state, Lead.objects.get(pk=unknown.pk).state) == ("QUALIFIED", "MANUAL_REVIEW")
    assert Lead.objects.get(pk=unknown.pk).rated_at == later
    assert [event.name for event, _ in published].count("LeadAdvanced") == 1
    assert {note.reason for event, note in published if event.name == "LeadQualified"} == {"We said whom we want."}


# --- one lead ---------------------------------------------------------------------------------------------------------


def test_is_a_port_that_says_the_same_of_the_same_lead_again(dentists: Campaign) -> None:
    lead = LeadFactory(campaign=dentists, **FITS)
    first = ports.qualify_lead(lead_id=lead.pk, at=AT)
    assert (first.lead_id, first.verdict, first.grade, first.score) == (lead.pk, "QUALIFIED", "B", Decimal("0.815"))
    assert ports.qualify_lead(lead_id=lead.pk, at=AT) == first


def test_refuses_a_lead_that_cannot_be_judged(dentists: Campaign) -> None:
    gone, moved = LeadFactory(campaign=dentists, contactability="BOUNCED"), LeadFactory(campaign=dentists, state="LOST")
    with pytest.raises(TransitionNotAllowed, match="must not be contacted"):
        ports.qualify_lead(lead_id=gone.pk, at=AT)
    with pytest.raises(TransitionNotAllowed, match="never scored"):
        ports.qualify_lead(lead_id=moved.pk, at=AT)
    with pytest.raises(Lead.DoesNotExist):
        ports.qualify_lead(lead_id=uuid7(), at=AT)


def test_reads_the_profile_it_is_given(campaign: Campaign) -> None:
    rulebooks.edit_profile(campaign, a_profile().model_dump(mode="json"), by=None)
    lead = LeadFactory(campaign=campaign, **FITS)
    assert ports.qualify_lead(lead_id=lead.pk, at=AT).verdict == "QUALIFIED"
