"""VAT identification numbers, as their countries make them: form and check digits, and nobody is asked online."""

import re

from stdnum.ch import vat as of_switzerland
from stdnum.eu import vat as of_the_union
from stdnum.exceptions import ValidationError
from stdnum.gb import vat as of_britain

from apps.billing.rules import BillingRefused

LONGEST = 40
_COUNTRIES = {"EL": "GR", "XI": "GB"}
"""Whose VAT IDs begin with other letters than the country has: Greece, and Northern Ireland within the Union's VAT."""


def normalised_vat_id(text: str, *, field: str = "vat_id") -> str:
    """Return a VAT ID without blanks and in capitals, with its country before it. Raises BillingRefused."""
    if len(text) > LONGEST:
        raise BillingRefused(field, f"is longer than {LONGEST} characters; give the VAT ID alone.")
    compact = re.sub(r"[\s./-]", "", text).upper()
    if compact.startswith("GR"):
        compact = f"EL{compact[2:]}"
    try:
        return _checked(compact)
    except ValidationError as problem:
        said = f"{text[:LONGEST]!r} is no valid VAT ID ({problem}); look for a mistyped letter or digit."
        raise BillingRefused(field, said) from problem
    except LookupError:
        known = "the EU's, with EL for Greece and XI for Northern Ireland; GB; CH"
        said = f"begins with no country whose VAT IDs can be checked ({known}); write these letters, or leave it empty."
        raise BillingRefused(field, said) from None


def country_of(vat_id: str) -> str:
    """Return the country of a normalised VAT ID as ISO 3166-1 has it."""
    return _COUNTRIES.get(vat_id[:2], vat_id[:2])


def _checked(compact: str) -> str:
    match compact[:2]:
        case "GB":
            return f"GB{of_britain.validate(compact[2:])}"
        case "CH":
            return of_switzerland.validate(compact)
        case "EL":
            return of_the_union.validate(compact)
        case letters if letters.lower() in of_the_union.MEMBER_STATES:
            return of_the_union.validate(compact)
    raise LookupError(compact[:2])
