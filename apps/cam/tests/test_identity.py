"""Who a person is …"""

from typing import Any

import pytest
from django.db import IntegrityError

from apps.cam.api import ports
from apps.cam.api.dtos import RawLead
from apps.cam.models import Campaign, Lead, Suppression
from apps.cam.models.hashes import domain_hash
from apps.cam.rules.identity import (
    Identity,
    canonical_address,
    canonical_colleague,
    canonical_phone,
    canonical_profile,
    identity_of,
)
from apps.cam.services.identity import identity_columns, rekey_leads
from apps.cam.tests.factories import LeadFactory, csv_of

KEY = b"k" * 32
HEADERS = ("Email", "Name", "Phone", "LinkedIn", "Country")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Mia@Clinic.example", "mia@clinic.example", True),
        ("mia+news@clinic.example", "mia@clinic.example", True),
        ("m.i.a@gmail.com", "mia+x@googlemail.com", True),
        ("m.ia@clinic.example", "mia@clinic.example", False),
        ("+mia@clinic.example", "+tom@clinic.example", False),
        ("mia@clinic.example", "mia@clinic.test", False),
    ],
)
def test_does_not_depend_on_how_an_address_is_spelt(one: str, other: str, is_same: bool) -> None:
    assert (canonical_address(one) == canonical_address(other)) is is_same


@pytest.mark.parametrize(
    ("phone", "country", "canonical"),
    [
        ("+353 1 234 5678", "", "+35312345678"),
        ("00353 (0)1 2345678", "", "+35312345678"),
        ("01 234 5678", "IE", "+35312345678"),
        ("353 1 2345678", "IE", "+35312345678"),
        ("04931 1234567", "DE", "+4949311234567"),
        ("49 30 12345678", "DE", "+493012345678"),
        ("039 1234567", "IT", "+390391234567"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("+1 (212) 555-0100 x42", "", "+12125550100;ext=42"),
        ("01 234 5678", "", ""),
        ("01 234 5678", "ZZ", ""),
        ("+12", "", ""),
        ("", "IE", ""),
    ],
)
def test_is_told_by_a_number_as_e164_has_it_or_not_at_all(phone: str, country: str, canonical: str) -> None:
    assert canonical_phone(phone, country) == canonical


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://www.linkedin.com/in/Mia-Byrne-123/", "in/mia-byrne-123"),
        ("ie.linkedin.com/in/mia-byrne-123?trk=x#top", "in/mia-byrne-123"),
        ("https://www.linkedin.com/in/mi%C3%A1/de", "in/miá"),
        ("https://www.linkedin.com/sales/lead/ACwAAA,NAME_SEARCH", "sales/lead/acwaaa"),
        ("https://www.linkedin.com/company/acme", ""),
        ("https://www.linkedin.com/", ""),
        ("", ""),
    ],
)
def test_is_told_by_the_page_of_a_person_and_not_of_a_company(url: str, canonical: str) -> None:
    assert canonical_profile(url) == canonical


@pytest.mark.parametrize(
    ("name", "address", "canonical"),
    [
        ("Dr. Mia Byrne", "m.byrne@clinic.example", "byrne mia@clinic.example"),
        ("BYRNE, Mía", "mia@clinic.example", "byrne mia@clinic.example"),
        ("Mia", "mia@clinic.example", ""),
        ("", "mia@clinic.example", ""),
        ("Mia Byrne", "mia@gmail.com", ""),
    ],
)
def test_is_told_by_a_whole_name_in_a_company(name: str, address: str, canonical: str) -> None:
    assert canonical_colleague(name, address) == canonical


def test_is_another_by_another_key_and_tells_no_address() -> None:
    one, other = (identity_of(email="mia@clinic.example", key=key) for key in (KEY, b"x" * 32))
    assert one.identity_key != other.identity_key
    assert (len(one.identity_key), one.profile_key, one.phone_key) == (64, "", "")


def test_is_the_same_by_all_ways_in(campaign: Campaign) -> None:
    said = {"email": "Mia+x@gmail.com", "full_name": "Mia Byrne", "phone": "01 234 5678", "country": "IE"}
    said["linkedin_url"] = "linkedin.com/in/mia"
    ports.ingest_lead(campaign_id=campaign.pk, lead=RawLead(**said, source="MANUAL"))
    row = ("m.i.a@googlemail.com", "MIA BYRNE", "+35312345678", "https://ie.linkedin.com/in/MIA/", "Ireland")
    ports.import_leads(campaign_id=campaign.pk, file_name="x.csv", content=csv_of(HEADERS, row))
    one, other = Lead.objects.values(*Identity.__dataclass_fields__)
    assert one == other
    assert all(one[name] for name in ("identity_key", "profile_key", "phone_key"))


def test_cannot_be_left_out_in_the_database(campaign: Campaign) -> None:
    with pytest.raises(IntegrityError, match="lead_has_an_identity"):
        Lead.objects.create(campaign=campaign, email="x@x.example", email_key="x@x.example", source="MANUAL")


def test_is_made_anew_for_another_key(lead: Lead, settings: Any) -> None:
    assert rekey_leads() == 0
    settings.IDENTITY_KEY = KEY
    assert (rekey_leads(), rekey_leads()) == (1, 0)
    stored = Lead.objects.get()
    assert stored.identity_key == identity_columns(lead)["identity_key"] != lead.identity_key


def test_takes_suppressions_along_to_another_key(lead: Lead, settings: Any) -> None:
    Suppression.objects.create(kind="ADDRESS", key_hash=lead.identity_key, shown="mia@clinic.example", reason="MANUAL")
    Suppression.objects.create(kind="DOMAIN", key_hash=domain_hash("x.example"), shown="x.example", reason="MANUAL")
    settings.IDENTITY_KEY = KEY
    rekey_leads()
    hashes = {Lead.objects.get().identity_key, domain_hash("x.example")}
    assert set(Suppression.objects.values_list("key_hash", flat=True)) == hashes


def test_is_kept_by_factories_as_by_services() -> None:
    built = LeadFactory.build(email_key="a@b.example", email="a@b.example")
    assert {name: getattr(built, name) for name in identity_columns(built)} == identity_columns(built)
