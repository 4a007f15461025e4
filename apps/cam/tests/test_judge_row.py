"""judge_row …"""

import pytest

from apps.cam.rules.rows import country_code, judge_row

HEADINGS = ("Email", "Phone", "LinkedIn", "Country", "Notes")
MAPPING = {"email": 0, "phone": 1, "linkedin_url": 2, "country": 3}


def test_takes_a_phone_as_given_and_keeps_what_no_field_has_a_place_for() -> None:
    cells = ("a@x.example", "+353 1 234-5678 ext. 9", "linkedin.com/in/mia", "ie", "met in May")
    lead = judge_row(HEADINGS, cells, MAPPING).lead
    assert lead is not None
    assert (lead.phone, lead.country, lead.raw) == ("+353 1 234-5678 ext. 9", "IE", {"Notes": "met in May"})


@pytest.mark.parametrize(
    ("place", "cell", "field"),
    [
        (1, "call me", "phone"),
        (1, "12", "phone"),
        (2, "javascript:alert(1)", "linkedin_url"),
        (2, "https://evil.example/linkedin.com/in/x", "linkedin_url"),
        (3, "Atlantis", "country"),
        (3, "XX", "country"),
        (4, "x" * 5_000, "row"),
    ],
)
def test_names_the_field_that_is_wrong(place: int, cell: str, field: str) -> None:
    cells = ["a@x.example", "", "", "", ""]
    cells[place] = cell
    judged = judge_row(HEADINGS, cells, MAPPING)
    assert (judged.lead, list(judged.problems)) == (None, [field])


@pytest.mark.parametrize(("text", "code"), [("Ireland", "IE"), ("gb", "GB"), ("UK", "GB"), ("", ""), ("EU", None)])
def test_knows_countries_by_code_and_name(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_takes_a_location_apart_whose_end_is_a_country() -> None:
    judged = judge_row(("Email", "Location"), ("a@x.example", "Cork, Munster, Ireland"), {"email": 0, "location": 1})
    assert judged.lead is not None
    assert (judged.lead.city, judged.lead.region, judged.lead.country) == ("Cork", "Munster", "IE")


@pytest.mark.parametrize("location", ["Greater Cork Area", "A, B, C, Ireland", "Cork, Atlantis"])
def test_remarks_on_what_is_not_plain_and_keeps_it(location: str) -> None:
    judged = judge_row(("Email", "Where"), ("a@x.example", location), {"email": 0, "location": 1})
    assert judged.lead is not None
    assert (judged.lead.city, judged.lead.country, judged.lead.raw) == ("", "", {"Where": location})
    assert list(judged.remarks) == ["location"]
