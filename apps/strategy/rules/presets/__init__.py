"""What is usual in a kind of business, and which kind a brief speaks of."""

import re

from apps.onboarding.api.dtos import Brief
from apps.strategy.rules.presets.b2b_saas import B2B_SAAS
from apps.strategy.rules.presets.coaching import COACHING
from apps.strategy.rules.presets.ecom_d2c import ECOM_D2C
from apps.strategy.rules.presets.general import GENERAL
from apps.strategy.rules.presets.local_service import LOCAL_SERVICE
from apps.strategy.rules.presets.preset import Channel, KpiIdea, Preset, Templates

__all__ = ["PRESETS", "Channel", "KpiIdea", "Preset", "Templates", "choose_preset"]

PRESETS = (B2B_SAAS, ECOM_D2C, LOCAL_SERVICE, COACHING, GENERAL)

_INDUSTRY_WEIGHT = 3  # the industry says what a business is, an offer only what it also sells


def choose_preset(brief: Brief) -> Preset:
    """Return the preset most of whose words stand in the brief's industry and offers; the general one where none do."""
    offers = " ".join(f"{offer.name} {offer.text}" for offer in brief.offers)

    def score(preset: Preset) -> int:
        return _INDUSTRY_WEIGHT * _hits(preset.words, brief.industry) + _hits(preset.words, offers)

    chosen = max(PRESETS, key=score)
    return chosen if score(chosen) else GENERAL


def _hits(words: tuple[str, ...], text: str) -> int:
    # A short word must stand alone ("spa" is not in "space"), a longer one may begin another ("coach", "coaching").
    ends = ((word, r"\b" if len(word) < 5 else "") for word in words)
    return sum(bool(re.search(rf"\b{re.escape(word)}{end}", text, re.IGNORECASE)) for word, end in ends)
