"""ingest_lead …"""

import pytest
from django.db import IntegrityError
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from apps.cam.api import ports
from apps.cam.api.dtos import RawLead
from apps.cam.models import Campaign, Lead
from apps.cam.services.leads import LeadRefused
from apps.cam.tests.factories import CampaignFactory, LeadFactory
from apps.shared.events import AuditNote, Event


def raw(**changes: object) -> RawLead:
    return RawLead.model_validate({"email": "Mia@Clinic.EXAMPLE", "source": "REFERRAL", "company": "Acme"} | changes)


def test_takes_a_lead_in_once(campaign: Campaign, published: list[tuple[Event, AuditNote]]) -> None:
    first = ports.ingest_lead(campaign_id=campaign.pk, lead=raw(raw={"said": "by Tom"}))
    again = ports.ingest_lead(campaign_id=campaign.pk, lead=raw(email="mia@clinic.example", company="Other"))
    assert again == first
    assert (first.email, first.state, first.company) == ("Mia@clinic.example", "NEW", "Acme")
    assert [event.name for event, _ in published] == ["LeadIngested"]
    assert Lead.objects.get().raw == {"said": "by Tom"}


def test_keeps_the_address_out_of_event_and_audit(campaign: Campaign, published: list[tuple[Event, AuditNote]]) -> None:
    ports.ingest_lead(campaign_id=campaign.pk, lead=raw())
    [(event, note)] = published
    assert "clinic" not in f"{event.model_dump_json()} {note.model_dump_json()}".lower()


def test_knows_one_person_in_each_campaign(campaign: Campaign) -> None:
    ports.ingest_lead(campaign_id=campaign.pk, lead=raw())
    ports.ingest_lead(campaign_id=CampaignFactory().pk, lead=raw())
    assert Lead.objects.count() == 2


def test_names_every_wrong_field(campaign: Campaign) -> None:
    with pytest.raises(LeadRefused) as refusal:
        ports.ingest_lead(campaign_id=campaign.pk, lead=raw(email="a@x.example, b@x.example", phone="none"))
    assert set(refusal.value.problems) == {"email", "phone"}
    assert not Lead.objects.exists()


def test_takes_no_unknown_fields_and_knows_no_campaign_that_does_not_exist(db: None) -> None:
    with pytest.raises(ValidationError):
        raw(twitter="@mia")
    with pytest.raises(Campaign.DoesNotExist):
        ports.ingest_lead(campaign_id=uuid7(), lead=raw())


@pytest.mark.parametrize("key", ["two@x.example,three@x.example", "a@x.example\nBcc: b", "nobody"])
def test_cannot_be_gone_round_in_the_database(campaign: Campaign, key: str) -> None:
    with pytest.raises(IntegrityError, match="lead_has_one_address"):
        LeadFactory(campaign=campaign, email_key=key)


def test_lists_leads_of_a_campaign_page_by_page(campaign: Campaign) -> None:
    made = LeadFactory.create_batch(3, campaign=campaign)
    LeadFactory()
    first = ports.list_leads(campaign_id=campaign.pk, most=2)
    assert [lead.id for lead in first] == [made[2].pk, made[1].pk]
    rest = ports.list_leads(campaign_id=campaign.pk, after=first[-1].id)
    assert [lead.id for lead in rest] == [made[0].pk]
    assert ports.list_leads(campaign_id=campaign.pk, state="WON") == ()
