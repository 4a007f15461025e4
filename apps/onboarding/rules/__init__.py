"""How an intake is read: what a client wrote in its own way becomes a brief, and nothing is invented.

One file per concept; `brief.normalize` brings them together.
"""

from apps.onboarding.rules.brief import BriefImpossible, normalize
from apps.onboarding.rules.cleaning import clean

__all__ = ["BriefImpossible", "clean", "normalize"]
