"""Steps that need nothing of one another: where one fails the others have their turn, and nothing is taken back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from apps.shared.dtos import Dto
from apps.shared.workflow import PersonNeeded, RunContext, Workflow, step
from bench.probe.models import ProbeRow
from bench.probe.steps import QUICK, Seed, refused


class Done(Dto):
    """What each of them gives."""

    id: UUID


def _write(name: str, seed: Seed, run: RunContext) -> Done:
    row = ProbeRow.objects.create(step=name, run_id=run.id)
    if seed.label == name:
        raise PersonNeeded(f"{name} was told to ask for a person")
    refused(name, seed)
    return Done(id=row.id)


def _think(*, run: RunContext, **_: Dto) -> str:
    """Think of nothing, outside any transaction."""
    return run.key


def _quick(name: str) -> Callable[..., Dto]:
    def port(*, seed: Seed, run: RunContext) -> Done:
        return _write(name, seed, run)

    port.__name__ = name
    return step(nothing_to_compensate="it stays", retry=QUICK)(port)


def _slow(name: str) -> Callable[..., Dto]:
    def port(*, seed: Seed, prepared: str, run: RunContext) -> Done:
        return _write(name, seed, run)

    port.__name__ = name
    return step(nothing_to_compensate="it stays", retry=QUICK, queue="outreach", prepare=_think)(port)


probe_apart = Workflow(
    name="probe_apart",
    version=1,
    starts_with=(Seed,),
    independent=True,
    steps=(_quick("apart_one"), _slow("apart_two"), _quick("apart_three"), _quick("apart_four"), _slow("apart_five")),
)

probe_alone = Workflow(
    name="probe_alone",
    version=1,
    starts_with=(Seed,),
    independent=True,
    alone=True,
    keep=timedelta(days=1),
    steps=(_quick("lone_one"), _slow("lone_two")),
)
