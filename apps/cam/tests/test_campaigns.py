"""A campaign …"""

from datetime import time

import pytest
from django.db import IntegrityError
from django_fsm import TransitionNotAllowed

from apps.cam.api import ports
from apps.cam.models import Campaign
from apps.cam.services import campaigns
from apps.cam.services.campaigns import CampaignRefused
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, InboundEmailFactory, LeadFactory, a_plan
from apps.identity.models import User
from apps.shared.events import AuditNote, Event

pytestmark = pytest.mark.django_db


def test_begins_as_a_draft(published: list[tuple[Event, AuditNote]]) -> None:
    created = ports.create_campaign(plan=a_plan())
    assert (created.state, created.name, created.window_opens) == ("DRAFT", "Dentists of Cork", time(9))
    assert [event.name for event, _ in published] == ["CampaignCreated"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"daily_cap": 0}, "daily_cap"),
        ({"daily_cap": 501}, "daily_cap"),
        ({"window_closes": time(9)}, "window_closes"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
    ],
)
def test_is_refused_with_the_field_that_is_wrong(changes: dict[str, object], field: str) -> None:
    with pytest.raises(CampaignRefused) as refusal:
        campaigns.create_campaign(a_plan(**changes), by=None)
    assert list(refusal.value.problems) == [field]


def test_has_a_name_of_its_own_whatever_the_letter_case() -> None:
    ports.create_campaign(plan=a_plan())
    with pytest.raises(CampaignRefused, match="another campaign's"):
        ports.create_campaign(plan=a_plan(name="DENTISTS of  cork"))
    assert Campaign.objects.count() == 1


def test_is_begun_paused_with_a_reason_resumed_and_ended(
    campaign: Campaign, salesperson: User, published: list[tuple[Event, AuditNote]]
) -> None:
    campaigns.activate_campaign(campaign, by=salesperson.pk)
    campaigns.pause_campaign(campaign, by=salesperson.pk, reason="Holidays")
    assert Campaign.objects.get().pause_reason == "Holidays"
    campaigns.resume_campaign(campaign, by=salesperson.pk)
    campaigns.complete_campaign(campaign, by=salesperson.pk)
    stored = Campaign.objects.get()
    assert (stored.state, stored.pause_reason) == ("COMPLETED", "")
    told = ["CampaignActivated", "CampaignPaused", "CampaignResumed", "CampaignCompleted"]
    assert [event.name for event, _ in published] == told


def test_is_not_paused_without_a_reason(salesperson: User) -> None:
    with pytest.raises(ValueError, match="reason is empty"):
        campaigns.pause_campaign(CampaignFactory(state="ACTIVE"), by=salesperson.pk, reason="")
    with pytest.raises(IntegrityError, match="campaign_pause_has_a_reason"):
        CampaignFactory(state="PAUSED")


@pytest.mark.parametrize(
    ("state", "verb"), [("DRAFT", "complete"), ("DRAFT", "resume"), ("COMPLETED", "activate"), ("ACTIVE", "activate")]
)
def test_goes_only_where_its_machine_leads(salesperson: User, state: str, verb: str) -> None:
    with pytest.raises(TransitionNotAllowed):
        getattr(campaigns, f"{verb}_campaign")(CampaignFactory(state=state), by=salesperson.pk)


def test_counts_what_there_is(campaign: Campaign) -> None:
    lead = LeadFactory(campaign=campaign, state="REPLIED", contactability="UNSUBSCRIBED")
    LeadFactory(campaign=campaign, contactability="BOUNCED")
    InboundEmailFactory(lead=lead)
    InboundEmailFactory()
    status = ports.get_campaign_status(campaign_id=campaign.pk, at=AT)
    assert (status.leads, status.replies, status.bounces, status.unsubscribes) == (2, 1, 1, 1)
    assert status.leads_by_state == {"NEW": 1, "REPLIED": 1}
    assert "sent" not in type(status).model_fields
