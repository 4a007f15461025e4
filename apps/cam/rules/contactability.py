"""Whether anybody may write to a person: which word holds of several, and what a suppression makes of their lead."""

from collections.abc import Mapping
from types import MappingProxyType

_STRENGTH = ("OK", "DO_NOT_CONTACT", "SUPPRESSED", "BOUNCED", "UNSUBSCRIBED")
"""By how final they are: our people take back what they said of a lead, then what they said of an address; nobody takes
back that an address does not work, and a person's own word is the last one."""

OF_REASON: Mapping[str, str] = MappingProxyType(
    {
        "MANUAL": "SUPPRESSED",
        "ERASED": "SUPPRESSED",
        "COMPLAINT": "UNSUBSCRIBED",
        "UNSUBSCRIBED": "UNSUBSCRIBED",
        "BOUNCED": "BOUNCED",
    }
)
"""What a lead is whose address is suppressed for a reason: to call a mail spam is a person's own word, too."""


def strongest(*contactabilities: str) -> str:
    """Return which of them silences most: it is what holds for all of them together."""
    return max(contactabilities, key=_STRENGTH.index)
