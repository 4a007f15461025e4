"""Vendors' breakers, held open and closed by hand."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from apps.orchestration.api.events import BreakerSet
from apps.orchestration.services.control import ReasonMissing
from apps.shared.events import AuditNote, publish
from apps.shared.resilience.breaker import BREAKERS


def hold_breaker(name: str, *, by: UUID, reason: str, at: datetime) -> None:
    """Keep every process from calling a vendor until its breaker is closed by hand.

    Redis remembers it: who empties Redis closes it. Raises KeyError for an unknown name, ReasonMissing, and RedisError
    when Redis does not answer; then nothing is changed.
    """
    _set(name, is_held=True, by=by, reason=reason, at=at)


def close_breaker(name: str, *, by: UUID, reason: str, at: datetime) -> None:
    """Let every process call a vendor again, whatever kept it from doing so. Raises as `hold_breaker` does."""
    _set(name, is_held=False, by=by, reason=reason, at=at)


@transaction.atomic
def _set(name: str, *, is_held: bool, by: UUID, reason: str, at: datetime) -> None:
    breaker = BREAKERS[name]
    if not reason.strip():
        raise ReasonMissing(f"Say why the breaker of {name} is {'held open' if is_held else 'closed'}.")
    before = breaker.report()
    publish(
        BreakerSet(aggregate_id=uuid5(NAMESPACE_URL, name), breaker=name, is_held=is_held, occurred_at=at),
        AuditNote(
            actor_id=by,
            reason=reason,
            before={"state": before.state, "held": before.held, "failures": before.failures},
            after={"state": "open" if is_held else "closed", "held": reason if is_held else ""},
        ),
    )
    if is_held:
        breaker.hold(reason)
    else:
        breaker.close()
