"""Pause, kill and proof mode: the switches over the whole engine."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.orchestration.api.events import ControlFlagSet
from apps.orchestration.models import ControlFlag
from apps.shared.events import AuditNote, publish


class ReasonMissing(ValueError):
    """A command that must say why, and did not."""


def flags_on() -> set[str]:
    """Return the names of the flags that are on."""
    return set(ControlFlag.objects.filter(is_on=True).values_list("name", flat=True))


def is_killed() -> bool:
    """Tell whether everything is to stop after what it is in."""
    return ControlFlag.objects.filter(name=ControlFlag.Name.KILL, is_on=True).exists()


def why_halted() -> str:
    """Return which switch stops everything that is about to begin, in words; nothing where none does."""
    names = (ControlFlag.Name.KILL, ControlFlag.Name.PAUSE)
    flag = ControlFlag.objects.filter(name__in=names, is_on=True).order_by("name").first()
    return f"The switch “{flag}” is on: {flag.reason}" if flag else ""


def is_proof_mode() -> bool:
    """Tell whether what would leave the house is written to files instead."""
    return ControlFlag.objects.filter(name=ControlFlag.Name.PROOF, is_on=True).exists()


def set_flag(flag: ControlFlag.Name, *, is_on: bool, by: UUID, reason: str, at: datetime) -> ControlFlag:
    """Switch a flag, and note who did it and why; setting it to what it is changes nothing.

    What was held back by it goes on by itself within seconds of its being lifted. Raises ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing(f"Say why {ControlFlag.Name(flag).value} is switched {'on' if is_on else 'off'}.")
    with transaction.atomic():
        row = ControlFlag.objects.select_for_update().get_or_create(name=flag)[0]
        if row.is_on == is_on:
            return row
        row.is_on, row.reason, row.set_by_id, row.set_at = is_on, reason, by, at
        row.save()
        publish(
            ControlFlagSet(aggregate_id=row.pk, flag=row.name, is_on=is_on, occurred_at=at),
            AuditNote(actor_id=by, reason=reason, before={"is_on": not is_on}, after={"is_on": is_on}),
        )
    return row
