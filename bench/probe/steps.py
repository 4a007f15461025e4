"""Five trivial steps, each writing one row: what remains of the time is the engine's."""

from uuid import UUID

from apps.shared.dtos import Dto
from apps.shared.workflow import RetryPolicy, RunContext, StepRefused, Workflow, step
from bench.probe.models import ProbeRow

QUICK = RetryPolicy(attempts=3, first_seconds=0.1, most_seconds=0.2)


class Seed(Dto):
    """What a probe run starts with. `refuse_at` names a step that says no."""

    label: str = ""
    refuse_at: str = ""


class One(Dto):
    """What the first step gives."""

    id: UUID


class Two(Dto):
    """What the second step gives."""

    id: UUID


class Three(Dto):
    """What the third step gives."""

    id: UUID


class Four(Dto):
    """What the fourth step gives."""

    id: UUID


class Five(Dto):
    """What the fifth step gives."""

    id: UUID


class Verdict(Dto):
    """What a refusing step leaves behind."""

    label: str


def _write(name: str, seed: Seed, run: RunContext) -> UUID:
    row = ProbeRow.objects.create(step=name, run_id=run.id)
    refused(name, seed)
    return row.id


def refused(name: str, seed: Seed) -> None:
    """Say no where the seed says so."""
    if seed.refuse_at == name:
        raise StepRefused(f"{name} was told to refuse", outcome=Verdict(label=seed.label))


def withdraw(name: str, run: RunContext) -> None:
    """Remove what a run's step wrote."""
    ProbeRow.objects.of_run(run.id).filter(step=name).delete()


def withdraw_one(*, run: RunContext) -> None:
    withdraw("one", run)


def withdraw_two(*, run: RunContext) -> None:
    withdraw("two", run)


def withdraw_three(*, run: RunContext) -> None:
    withdraw("three", run)


def withdraw_four(*, run: RunContext) -> None:
    withdraw("four", run)


def withdraw_five(*, run: RunContext) -> None:
    withdraw("five", run)


@step(compensate=withdraw_one, retry=QUICK)
def one(*, seed: Seed, run: RunContext) -> One:
    return One(id=_write("one", seed, run))


@step(compensate=withdraw_two, retry=QUICK)
def two(*, seed: Seed, given: One, run: RunContext) -> Two:
    return Two(id=_write("two", seed, run))


@step(compensate=withdraw_three, retry=QUICK)
def three(*, seed: Seed, given: Two, run: RunContext) -> Three:
    return Three(id=_write("three", seed, run))


@step(compensate=withdraw_four, retry=QUICK)
def four(*, seed: Seed, given: Three, run: RunContext) -> Four:
    return Four(id=_write("four", seed, run))


@step(compensate=withdraw_five, retry=QUICK)
def five(*, seed: Seed, given: Four, run: RunContext) -> Five:
    return Five(id=_write("five", seed, run))


def prepare(*, run: RunContext, **needs: Dto) -> str:
    """Think of nothing, outside any transaction."""
    return run.key


@step(prepare=prepare, compensate=withdraw_two, retry=QUICK, queue="thinking")
def prepared_two(*, seed: Seed, given: One, prepared: str, run: RunContext) -> Two:
    return Two(id=_write("two", seed, run))


@step(prepare=prepare, compensate=withdraw_three, retry=QUICK, queue="thinking")
def prepared_three(*, seed: Seed, given: Two, prepared: str, run: RunContext) -> Three:
    return Three(id=_write("three", seed, run))


@step(compensate=withdraw_four, retry=QUICK, queue="thinking")
def thinking_four(*, seed: Seed, given: Three, run: RunContext) -> Four:
    return Four(id=_write("four", seed, run))


probe_five = Workflow(
    name="probe_five",
    version=1,
    starts_with=(Seed,),
    steps=(one, two, three, four, five),
)

probe_prepared = Workflow(
    name="probe_prepared",
    version=1,
    starts_with=(Seed,),
    steps=(one, prepared_two, prepared_three, thinking_four, five),
)
