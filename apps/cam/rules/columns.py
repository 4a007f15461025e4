"""Which column of a table is which field of a lead: headings as exports of the usual tools have them.

The names are those of LinkedIn Sales Navigator's, Apollo's and HubSpot's exports, and what people write themselves.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

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
}
_FIELD_OF = {alias.strip(): field for field, aliases in _ALIASES.items() for alias in aliases.split(",")}
_PREFERENCE = {alias.strip(): n for aliases in _ALIASES.values() for n, alias in enumerate(aliases.split(","))}


class MappingRefused(ValueError):
    """A choice of columns makes no leads; the message says why."""


def fold(heading: str) -> str:
    """Return a heading in small letters, with single spaces for all that is neither letter nor digit."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


def recognise(headings: Sequence[str]) -> dict[str, int]:
    """Return the place of each field's column; of several that could be it, the one named most like it."""
    found: dict[str, int] = {}
    folded = [fold(heading) for heading in headings]
    for place in sorted(range(len(folded)), key=lambda place: (_PREFERENCE.get(folded[place], 0), place)):
        if field := _FIELD_OF.get(folded[place]):
            found.setdefault(field, place)
    return found


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
