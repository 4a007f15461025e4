"""A VAT ID …"""

import pytest

from apps.billing.rules import BillingRefused
from apps.billing.services.vat_ids import country_of, normalised_vat_id


@pytest.mark.parametrize(
    ("typed", "stored", "country"),
    [
        ("de 136 695 976", "DE136695976", "DE"),
        ("IE6388047V", "IE6388047V", "IE"),
        ("ATU13585627", "ATU13585627", "AT"),
        ("EL 094259216", "EL094259216", "GR"),
        ("GR094259216", "EL094259216", "GR"),
        ("XI 980 7806 84", "XI980780684", "GB"),
        ("GB 980 7806 84", "GB980780684", "GB"),
        ("CHE-107.787.577 IVA", "CHE107787577IVA", "CH"),
        ("fr-83.404.833.048", "FR83404833048", "FR"),
        ("NL4495445B01", "NL004495445B01", "NL"),
    ],
)
def test_is_stored_in_its_usual_form_and_tells_its_country(typed: str, stored: str, country: str) -> None:
    assert normalised_vat_id(typed) == stored
    assert normalised_vat_id(stored) == stored
    assert country_of(stored) == country


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("DE136695978", "no valid VAT ID"),
        ("DE13669597", "no valid VAT ID"),
        ("IE1234567X", "no valid VAT ID"),
        ("GB980780685", "no valid VAT ID"),
        ("CHE-107.787.578 IVA", "no valid VAT ID"),
        ("CHE-107.787.577", "no valid VAT ID"),
        ("XI980780685", "no valid VAT ID"),
        ("136695976", "begins with no country"),
        ("US123456789", "begins with no country"),
        ("EU372022452", "begins with no country"),
        ("", "begins with no country"),
        ("DE1366\x0095976", "no valid VAT ID"),
        ("ÄÖ136695976", "begins with no country"),
        ("DE" + "1" * 90, "longer than 40"),
    ],
)
def test_that_is_none_is_refused_with_what_to_do(typed: str, why: str) -> None:
    with pytest.raises(BillingRefused, match=why) as refused:
        normalised_vat_id(typed)
    assert refused.value.field == "vat_id"
