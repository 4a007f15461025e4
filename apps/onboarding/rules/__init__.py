"""How an intake is read: what a client wrote in its own way becomes a brief, and nothing is invented.

One file per concept; `brief.normalize` brings them together.
"""

from apps.onboarding.rules.answers import as_utc
from apps.onboarding.rules.attachments import AttachmentRefused, ScannerAway
from apps.onboarding.rules.brief import ESSENTIALS, BriefImpossible, normalize
from apps.onboarding.rules.cleaning import MOST_LEVELS, clean
from apps.onboarding.rules.columns import WrongColumns
from apps.onboarding.rules.websites import read_website

__all__ = [
    "ESSENTIALS",
    "MOST_LEVELS",
    "AttachmentRefused",
    "BriefImpossible",
    "ScannerAway",
    "WrongColumns",
    "as_utc",
    "clean",
    "normalize",
    "read_website",
]
