"""derive …"""

from typing import Any

import pytest

from apps.cam.rules.enriching import Derived, country_of, derive, seniority_of


def found(**said: Any) -> Derived:
    names = ("email", "full_name", "title", "seniority", "phone", "linkedin_url", "country", "website")
    return derive(**{**dict.fromkeys(names, ""), "email": "mia@clinic.example", "website": "x.example", **said})


@pytest.mark.parametrize(
    ("title", "seniority"),
    [
        ("Founder & CEO", "OWNER"),
        ("Partner", "OWNER"),
        ("HR Business Partner", "STAFF"),
        ("Product Owner", "STAFF"),
        ("Geschäftsführerin", "EXECUTIVE"),
        ("Vice President, Sales", "VP"),
        ("Head of Growth", "DIRECTOR"),
        ("Marketing Manager", "MANAGER"),
        ("Sr. Engineer", "SENIOR"),
        ("Dentist", "STAFF"),
        ("Assistant to the CEO", "JUNIOR"),
        ("", ""),
    ],
)
def test_knows_a_seniority_by_the_title(title: str, seniority: str) -> None:
    assert seniority_of(title) == seniority
    assert found(title=title).columns.get("seniority", "") == seniority


@pytest.mark.parametrize(
    ("phone", "domain", "country"),
    [
        ("+353 1 234 5678", "x.example", "IE"),
        ("+44 20 7946 0000", "x.example", "GB"),
        ("+44 7781 123456", "x.example", None),
        ("+44 1534 123456", "x.example", None),
        ("+1 212 555 0100", "x.example", None),
        ("+90 212 555 0100", "x.example", None),
        ("+852 2555 0100", "x.example", None),
        ("+86 10 5555 0100", "x.example", None),
        ("+356 2122 0100", "x.example", "MT"),
        ("01 234 5678", "x.example", None),
        ("", "clinic.no", "NO"),
        ("", "clinic.ie", None),
        ("", "clinic.io", None),
        ("", "clinic.co.jp", "JP"),
        ("+49 30 123456", "clinic.no", None),
    ],
)
def test_knows_a_country_only_where_that_is_sure(phone: str, domain: str, country: str | None) -> None:
    assert (country_of(phone, domain) or (None,))[0] == country


def test_makes_a_website_of_an_address_that_is_the_company_s_own() -> None:
    assert found(website="").columns["website"] == "clinic.example"
    assert "website" not in found(website="", email="mia@gmail.com").columns


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"full_name": "Byrne, Mia"}, "Mia Byrne"),
        ({"full_name": "Mia Byrne"}, None),
        ({"email": "mia.byrne@x.example", "linkedin_url": "https://linkedin.com/in/mia-byrne-1a2"}, "Mia Byrne"),
        ({"email": "byrne.mia@x.example", "linkedin_url": "https://linkedin.com/in/mia-byrne"}, None),
        ({"email": "mia.byrne@x.example"}, None),
    ],
)
def test_makes_up_no_name(said: dict[str, str], name: str | None) -> None:
    assert found(**said).columns.get("full_name") == name


def test_says_how_it_knows_and_changes_nothing_that_was_said() -> None:
    told = found(title="Owner", phone="+353 1 234 5678", country="GB", seniority="VP")
    assert (told.columns, told.because) == ({}, ())
    assert found(title="Owner").because == ("seniority owner: from the title Owner",)
