"""Two reactions to an event of the probe, which leave rows to count."""

from apps.orchestration.workflows import reactions
from bench.probe.models import ProbeRow
from bench.probe.people import ProbeApproved


def _leave_row(name: str, event: ProbeApproved) -> None:
    ProbeRow.objects.create(step=f"reacted {name} {str(event.event_id)[-12:]}")


def react_first(event: ProbeApproved) -> None:
    """React in a way that shows when it is done twice."""
    _leave_row("first", event)


def react_second(event: ProbeApproved) -> None:
    """React once the first reaction is committed."""
    _leave_row("second", event)


def install() -> None:
    """Let the engine of this process react so."""
    ours = (
        reactions.Reaction("react_first", ProbeApproved, react_first),
        reactions.Reaction("react_second", ProbeApproved, react_second),
    )
    reactions.REACTIONS = (*reactions.REACTIONS, *ours)
