"""The canonical form of an address …"""

import pytest

from apps.cam.models.hashes import address_hash
from apps.cam.rules.identity import canonical_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mia@Clinic.example", "mia@clinic.example"),
        ("mia+news@clinic.example", "mia@clinic.example"),
        ("m.i.a@gmail.com", "mia@googlemail.com"),
    ],
)
def test_is_shared_by_spellings_of_one_address(one: str, other: str) -> None:
    assert canonical_address(one) == canonical_address(other)
    assert address_hash(one) == address_hash(other)


@pytest.mark.parametrize(
    ("one", "other"), [("m.ia@clinic.example", "mia@clinic.example"), ("+1@a.example", "+2@a.example")]
)
def test_tells_two_people_apart(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)
