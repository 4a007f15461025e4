"""recognise …"""

import pytest

from apps.cam.rules.columns import recognise

SALES_NAVIGATOR = (
    *("First Name", "Last Name", "Job Title", "Company Name", "LinkedIn Profile URL", "Email", "Location"),
    *("Company Industry", "Company Employee Range", "Company Website"),
)
APOLLO = (
    *("First Name", "Last Name", "Title", "Company", "Company Name for Emails", "Email", "Email Status", "Seniority"),
    *("Work Direct Phone", "Mobile Phone", "Person Linkedin Url", "Website", "City", "Country", "Company Country"),
    *("# Employees", "Industry", "Company City", "State", "Annual Revenue", "Primary Intent Topic"),
)
HUBSPOT = (
    *("Record ID", "First Name", "Last Name", "Email", "Phone Number", "Job Title", "Associated Company"),
    *("Country/Region", "State/Region", "City", "Industry", "Number of Employees", "Annual Revenue", "Website URL"),
)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (
            SALES_NAVIGATOR,
            {"first_name": 0, "last_name": 1, "title": 2, "company": 3, "linkedin_url": 4, "email": 5}
            | {"location": 6, "industry": 7, "employees": 8, "website": 9},
        ),
        (
            APOLLO,
            {"first_name": 0, "last_name": 1, "title": 2, "company": 3, "email": 5, "seniority": 7, "phone": 8}
            | {"linkedin_url": 10, "website": 11, "city": 12, "country": 13, "employees": 15, "industry": 16}
            | {"region": 18, "revenue": 19, "signals": 20},
        ),
        (
            HUBSPOT,
            {"first_name": 1, "last_name": 2, "email": 3, "phone": 4, "title": 5, "company": 6, "country": 7}
            | {"region": 8, "city": 9, "industry": 10, "employees": 11, "revenue": 12, "website": 13},
        ),
        (("E-MAIL_ADDRESS", "Full  name"), {"email": 0, "full_name": 1}),
    ],
    ids=["LinkedIn Sales Navigator", "Apollo", "HubSpot", "a person's own"],
)
def test_knows_the_columns_of_an_export(headings: tuple[str, ...], expected: dict[str, int]) -> None:
    assert recognise(headings) == expected


def test_takes_none_for_a_field_where_none_is_named_so() -> None:
    assert recognise(("Email Status", "Company Phone Type", "Correo")) == {}
