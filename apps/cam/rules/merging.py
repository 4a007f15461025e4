"""Making one of two leads: whose values it has."""

from collections.abc import Iterable, Mapping

MERGED_FIELDS = {
    "full_name": "Name",
    "company": "Company",
    "title": "Title",
    "phone": "Phone",
    "linkedin_url": "LinkedIn",
    "country": "Country",
}
"""What can be had from either of the two; the address and the state stay those of the lead that survives."""

WISHES = frozenset({"BOUNCED", "SUPPRESSED", "UNSUBSCRIBED"})
"""What holds for an address, whichever lead has it; our own people's word holds for a lead."""


def preferred(survivor: Mapping[str, str], merged: Mapping[str, str]) -> dict[str, str]:
    """Return of which of the two ("survivor", "merged") to have each field: the survivor's, where it says anything."""
    return {name: "merged" if merged.get(name) and not survivor.get(name) else "survivor" for name in MERGED_FIELDS}


def differing(before: Mapping[str, object], now: Mapping[str, object], *, ignored: Iterable[str] = ()) -> list[str]:
    """Return the columns of `before` that have another value now; columns that came since do not count."""
    return sorted(name for name in before if name not in ignored and name in now and before[name] != now[name])
