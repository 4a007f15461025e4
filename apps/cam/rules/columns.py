"""Which column of a table is which field of a lead: headings as exports of the usual tools have them.

The names are those of LinkedIn Sales Navigator's, Apollo's and HubSpot's exports, and what people write themselves.
"""

from collections.abc import Mapping, Sequence

from apps.shared.text import ColumnNames

FIELDS = {
    "email": "E-mail",
    "full_name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "title": "Title",
    "phone": "Phone",
    "linkedin_url": "LinkedIn address",
    "country": "Country",
    "industry": "Industry",
    "employees": "Number of people",
    "revenue": "Revenue",
    "revenue_currency": "Currency of the revenue",
    "city": "City",
    "region": "Region",
    "location": "City, region, country",
    "website": "Website",
    "seniority": "Seniority",
    "signals": "Signals",
}
"""What a column can be; one that is nothing of these is kept with the lead as it came."""

_ALIASES = {
    "email": "email, e mail, email address, e mail address, work email, business email, primary email, contact email, "
    "mail",
    "full_name": "full name, name, contact name, lead name, person name, contact",
    "first_name": "first name, given name, firstname",
    "last_name": "last name, surname, family name, lastname",
    "company": "company, company name, account name, current company, organization, organisation, associated company, "
    "company name for emails, employer, account, organization name",
    "title": "title, job title, position, role, headline, current title",
    "phone": "phone, phone number, work direct phone, mobile phone, mobile phone number, corporate phone, telephone, "
    "mobile, work phone, home phone, other phone, company phone",
    "linkedin_url": "linkedin url, person linkedin url, linkedin, linkedin profile, profile url, linkedin profile url, "
    "linkedin bio, public profile url, sales navigator url",
    "country": "country, country region, company country, country code, person country, location country",
    "industry": "industry, company industry, account industry, primary industry, sector",
    "employees": "employees, number of employees, company employee count, employee count, company headcount, "
    "headcount, company employee range, employee range, company size, company headcount range, employees range",
    "revenue": "annual revenue, revenue, company revenue, company annual revenue, annual revenue usd, "
    "annual revenue eur, annual revenue gbp, revenue usd, revenue eur, revenue gbp",
    "revenue_currency": "revenue currency, annual revenue currency, currency, company currency",
    "city": "city, person city, company city, location city",
    "region": "state, state region, region, person state, company state, company region, province, county",
    "location": "location, person location, lead location, geography, company location",
    "website": "website, website url, company website, company domain name, company domain, domain, "
    "company website url",
    "seniority": "seniority, seniority level, job seniority, employment seniority, management level",
    "signals": "signals, buying signals, intent signals, buying intent, intent topics, primary intent topic",
}
_NAMES = ColumnNames(_ALIASES)


class MappingRefused(ValueError):
    """A choice of columns makes no leads; the message says why."""


def recognise(headings: Sequence[str]) -> dict[str, int]:
    """Return the place of each field's column; of several that could be it, the one named most like it."""
    return _NAMES.recognise(headings)


def check_mapping(mapping: Mapping[str, int], width: int) -> None:
    """Raise MappingRefused where no column has the address, one has two meanings, or one is not there."""
    if "email" not in mapping:
        raise MappingRefused("Say which column holds the e-mail address: without one there is no lead.")
    if unknown := set(mapping) - set(FIELDS):
        raise MappingRefused(f"{', '.join(sorted(unknown))} is no field of a lead.")
    if any(not 0 <= place < width for place in mapping.values()):
        raise MappingRefused("The file has fewer columns than that. Choose them again.")
    if len(set(mapping.values())) < len(mapping):
        raise MappingRefused("One column is chosen for two fields. Choose another for one of them.")
