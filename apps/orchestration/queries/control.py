"""How the switches over the engine stand."""

from apps.orchestration.api import dtos
from apps.orchestration.models import ControlFlag


def list_flags_on() -> list[ControlFlag]:
    """List the flags that are on, each with who switched it, in one query."""
    return list(ControlFlag.objects.filter(is_on=True).select_related("set_by"))


def find_flag(name: str) -> ControlFlag | None:
    """Return a flag with who switched it, None where nobody ever did."""
    return ControlFlag.objects.filter(name=name).select_related("set_by").first()


def list_flags() -> tuple[dtos.ControlFlag, ...]:
    """Return all flags that have a row, by name."""
    return tuple(describe_flag(flag) for flag in ControlFlag.objects.all())


def describe_flag(flag: ControlFlag) -> dtos.ControlFlag:
    """Return a flag as a DTO."""
    return dtos.ControlFlag(
        name=flag.name, is_on=flag.is_on, reason=flag.reason, set_by=flag.set_by_id, set_at=flag.set_at
    )
