"""Drafts for tests, written by the offline composer."""

from typing import Any

from uuid_utils.compat import uuid7

from apps.onboarding.api.dtos import Brief
from apps.production.api.dtos import Draft
from apps.production.rules.composer import compose
from apps.production.rules.packs import PACKS
from apps.strategy.api.dtos import Strategy


def draft_for(brief: Brief, strategy: Strategy, pack: str = "quick_social_basic", **changes: Any) -> Draft:
    """Return the draft the composer writes, with ids of its own, as if it had been stored."""
    draft = Draft(
        **dict(compose(brief, strategy, PACKS[pack])),
        id=uuid7(),
        client_id=brief.client_id,
        brief_id=brief.id,
        strategy_id=strategy.id,
        round=1,
    )
    return draft.model_copy(update=changes)
