"""One workflow across three releases: a step is put in, then one is hung on the end and the first version is gone."""

from uuid import UUID

from apps.shared.dtos import Dto
from apps.shared.workflow import RunContext, Workflow, step
from bench.probe.outside import (
    PATIENCE,
    Case,
    Closed,
    Opened,
    book,
    close_case,
    note_order,
    open_case,
    order,
    withdraw_case_row,
    write_case_row,
)


class Inspected(Dto):
    """Somebody looked at the case."""

    id: UUID


class Filed(Dto):
    """The case is in the archive."""

    id: UUID


def forget_inspection(*, run: RunContext) -> None:
    withdraw_case_row("inspect_case", run)


def unfile(*, run: RunContext) -> None:
    withdraw_case_row("file_case", run)


@step(compensate=forget_inspection, retry=PATIENCE)
def inspect_case(*, case: Case, given: Opened, run: RunContext) -> Inspected:
    return Inspected(id=write_case_row("inspect_case", case, run))


@step(compensate=unfile, retry=PATIENCE)
def file_case(*, case: Case, given: Closed, run: RunContext) -> Filed:
    return Filed(id=write_case_row("file_case", case, run))


def _deployed(version: int, *steps: object, **options: object) -> Workflow:
    return Workflow(name="probe_deployed", version=version, starts_with=(Case,), steps=steps, **options)  # type: ignore[arg-type]


first = _deployed(1, open_case, order, note_order, book, close_case)
second = _deployed(2, open_case, inspect_case, order, note_order, book, close_case)
third = _deployed(
    3, open_case, order, note_order, book, close_case, file_case, takes_over={1: {n: n for n in range(5)}}
)

RELEASES = {"1": (first,), "2": (first, second), "3": (third,), "": (first, second, third)}
"""What each release declares; a process of no particular one knows all."""
