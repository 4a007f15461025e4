"""What taking a run back would remove, asked before anybody confirms it.

A compensation removes the rows of its module that carry the run's id, and whatever falls with them. To list them this
reads every module's tables, as `invariants` does, and like it writes nothing.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from types import NoneType
from typing import Any, get_type_hints
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector, ProtectedError

from apps.delivery.api import ports as delivery
from apps.delivery.api.dtos import RunFile
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.queries.runs import declared, in_order, may_have_prepared
from apps.shared.workflow import Irreversible, StepSpec, Workflow

RECORDS = ("orchestration", "observability")
"""Modules whose rows tell of a run: they stay, or nobody would know that it ever was."""

FILES = {"delivery": delivery.list_files_of_run}
"""Which files go with the rows of a module, where a module writes files."""


@dataclass(frozen=True)
class Rows:
    """Rows of one table."""

    model: type[models.Model]
    ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Part:
    """What goes with a module: its steps are taken back in this order, and the first to come removes all of it."""

    module: str
    steps: tuple[str, ...]
    rows: tuple[Rows, ...]
    files: tuple[RunFile, ...]
    held_by: tuple[Rows, ...] = ()
    """Rows of no run, or of another, that forbid it."""


@dataclass(frozen=True)
class Undo:
    """What would go, in this order; what would stay; and what a person will have to see to."""

    parts: tuple[Part, ...] = ()
    stays: tuple[Rows, ...] = ()
    left: tuple[Irreversible, ...] = ()
    is_known: bool = True

    @property
    def row_count(self) -> int:
        return sum(len(rows.ids) for part in self.parts for rows in part.rows)

    @property
    def files(self) -> tuple[RunFile, ...]:
        return tuple(chain.from_iterable(part.files for part in self.parts))

    @property
    def digest(self) -> str:
        """A few letters that change when one row or file does."""
        rows = [f"{rows.model._meta.label_lower} {pk}" for part in self.parts for rows in part.rows for pk in rows.ids]
        listed = "\n".join(sorted(rows) + sorted(file.path for file in self.files))
        return hashlib.sha256(listed.encode()).hexdigest()[:6]


class _WithAllThatFalls(Collector):
    """Collects rows as `delete()` does, those too that it would not need to load."""

    def can_fast_delete(self, *arguments: Any, **options: Any) -> bool:
        return False


def preview_undo(run: WorkflowRun) -> Undo:
    """Return what taking a run back now would remove; that is not known where its workflow is not."""
    workflow = declared(run)
    if workflow is None:
        return Undo(is_known=False)
    back = _steps_back(workflow, run)
    undone = [(step_run, spec) for step_run, spec in back if spec.compensate is not None]
    modules = dict.fromkeys(_module_of(spec) for _, spec in undone)
    parts = [
        _part(module, tuple(step_run.name for step_run, spec in undone if _module_of(spec) == module), run.pk)
        for module in modules
    ]
    return Undo(
        parts=tuple(part for part in parts if part.rows or part.files),
        stays=tuple(_rows_of_other_modules(set(modules), run.pk)),
        left=tuple(_known_to_be_left(back, parts, run)),
    )


def _steps_back(workflow: Workflow, run: WorkflowRun) -> list[tuple[StepRun, StepSpec]]:
    """Return the steps to be taken back, the last one first; at the end those that only prepared something."""
    steps = [each for each in run.step_runs.defer("outcome", "trace") if each.position < len(workflow.specs)]
    standing = in_order(workflow, steps)[::-1]
    begun = [each for each in steps if may_have_prepared(workflow, each)]
    paired = ((each, workflow.specs[each.position]) for each in (*standing, *begun))
    return [(step_run, spec) for step_run, spec in paired if isinstance(spec, StepSpec)]


def _module_of(spec: StepSpec) -> str:
    config = apps.get_containing_app_config(spec.port.__module__)
    return config.label if config else ""


def _part(module: str, steps: tuple[str, ...], run_id: UUID) -> Part:
    collector = _WithAllThatFalls(using=DEFAULT_DB_ALIAS)
    held_by: list[models.Model] = []
    for model in filter(_carries_run, apps.get_app_config(module).get_models()):
        try:
            collector.collect(model._base_manager.filter(run_id=run_id).order_by("pk"))
        except ProtectedError as error:
            held_by += [row for row in error.protected_objects if getattr(row, "run_id", None) != run_id]
    return Part(
        module=module,
        steps=steps,
        rows=tuple(_rows(model, found) for model, found in collector.data.items()),
        files=FILES[module](run_id=run_id) if module in FILES else (),
        held_by=tuple(_rows(kind, [row for row in held_by if type(row) is kind]) for kind in {*map(type, held_by)}),
    )


def _rows(model: type[models.Model], found: Any) -> Rows:
    return Rows(model, tuple(sorted(row.pk for row in found)))


def _rows_of_other_modules(modules: set[str], run_id: UUID) -> Iterator[Rows]:
    """Yield the run's rows in modules of which no step is to be taken back."""
    for model in filter(_carries_run, apps.get_models()):
        if model._meta.app_label not in (*RECORDS, *modules):
            ids = model._base_manager.filter(run_id=run_id).order_by("pk").values_list("pk", flat=True)
            if found := tuple(ids):
                yield Rows(model, found)


def _carries_run(model: type[models.Model]) -> bool:
    return any(field.attname == "run_id" for field in model._meta.concrete_fields)


def _known_to_be_left(
    back: list[tuple[StepRun, StepSpec]], parts: list[Part], run: WorkflowRun
) -> Iterator[Irreversible]:
    """Yield what cannot be taken back, as far as that can be known before it is tried."""
    for step_run in run.step_runs.filter(irreversible__isnull=False):
        yield from map(Irreversible.model_validate, step_run.irreversible or ())
    for spec in {spec.name: spec for _, spec in back}.values():
        if spec.compensate is None:
            yield Irreversible(what=f"{_words(spec.name)}: {spec.nothing_to_compensate}", todo="Nothing.")
        elif get_type_hints(spec.compensate).get("return") not in (None, NoneType):
            what = f"{_words(spec.name)}: something of it may be out of the house."
            yield Irreversible(what=what, todo="Look at this page again afterwards: what is left will stand there.")
    if any(file.place == "PUBLISHED" for part in parts for file in part.files):
        what = "Published files may have been copied by whoever can read the place they were brought to."
        yield Irreversible(what=what, todo="Tell those people that the package is void.")
    yield from _uploads(parts)


def _uploads(parts: list[Part]) -> Iterator[Irreversible]:
    """Yield the files that rows to be removed name: no compensation removes those."""
    for rows in chain.from_iterable(part.rows for part in parts):
        for field in (field for field in rows.model._meta.concrete_fields if isinstance(field, models.FileField)):
            named = rows.model._base_manager.filter(pk__in=rows.ids).exclude(**{field.name: ""})
            for path in named.order_by("pk").values_list(field.name, flat=True):
                yield Irreversible(what=f"The file {path} stays in the storage.", todo="Remove it if it must go.")


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
