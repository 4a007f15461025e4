"""The architecture …

Each rule has a test on the project as it is, and one that shows the check something wrong and expects it to be told.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from aicmo_site.tests import architecture
from aicmo_site.tests.architecture import ROOT, Source
from aicmo_site.tests.refresh_contracts import modules
from apps.identity.models import Client, User
from apps.observability.models import AuditEntry
from apps.shared.dtos import Dto
from apps.shared.workflow import Irreversible, RetryPolicy, RunContext, StepSpec

SOURCES = architecture.sources()
PORTS = [
    port
    for module in modules()
    if (ROOT / "apps" / module / "api/ports.py").exists() or (ROOT / "apps" / module / "api/ports").is_dir()
    for port in architecture.ports_of(importlib.import_module(f"apps.{module}.api.ports"))
]
STEPS = [port.spec for port in PORTS if hasattr(port, "spec")]


def source(path: str, text: str) -> list[Source]:
    return [Source(path, text)]


def test_has_no_foreign_keys_across_modules() -> None:
    assert architecture.foreign_keys_across_modules(apps.get_models(include_auto_created=True)) == []


@isolate_apps("apps.qc")
def test_would_tell_a_foreign_key_across_modules() -> None:
    class Shortcut(models.Model):
        __module__ = "apps.qc.models"
        client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
        person = models.ForeignKey(User, on_delete=models.PROTECT)
        entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")

    told = architecture.foreign_keys_across_modules([Shortcut])
    assert told == [
        'qc.Shortcut.person lacks related_name="+"',
        "qc.Shortcut.entry points to observability.AuditEntry",
    ]


def test_imports_nothing_by_a_string() -> None:
    assert architecture.indirect_imports(SOURCES) == []


@pytest.mark.parametrize("call", ["apps.get_model('qc', 'X')", "import_string('a.b')", "importlib.import_module('a')"])
def test_would_tell_an_import_by_a_string(call: str) -> None:
    assert len(architecture.indirect_imports(source("apps/qc/services.py", f"x = {call}\n"))) == 1
    assert architecture.indirect_imports(source("apps/qc/tests/test_x.py", f"x = {call}\n")) == []


def test_writes_no_rows_in_doors() -> None:
    assert architecture.writes_in_doors(SOURCES) == []


@pytest.mark.parametrize(
    "door", ["admin.py", "tasks.py", "api/ports.py", "management/commands/x.py", "rest/reviews.py"]
)
@pytest.mark.parametrize(
    "write", ["row.save()", "X.objects.create(a=1)", "rows.filter(a=1).update(a=2)", "X.objects.all().delete()"]
)
def test_would_tell_a_write_in_a_door(door: str, write: str) -> None:
    assert len(architecture.writes_in_doors(source(f"apps/qc/{door}", write))) == 1
    assert architecture.writes_in_doors(source("apps/qc/services.py", write)) == []


@pytest.mark.parametrize("call", ["seen.update(more)", "services.create(x)", "super().save(x)"])
def test_would_not_tell_a_call_that_writes_no_row(call: str) -> None:
    assert architecture.writes_in_doors(source("apps/qc/admin.py", call)) == []


def test_imports_no_vague_names() -> None:
    assert architecture.vague_imports(SOURCES) == []


@pytest.mark.parametrize("line", ["from apps.qc import utils", "import apps.qc.helpers", "from . import common"])
def test_would_tell_a_vague_name(line: str) -> None:
    assert len(architecture.vague_imports(source("apps/qc/rules.py", line))) == 1


def test_has_functions_and_files_one_can_read() -> None:
    assert architecture.overlong(SOURCES) == []


def test_would_tell_an_overlong_function_and_an_overlong_file() -> None:
    function = "def f():\n" + "    x = 1\n" * 60
    assert architecture.overlong(source("a.py", function)) == ["a.py:1 f has 61 lines"]
    assert architecture.overlong(source("b.py", "x = 1\n" * 401)) == ["b.py has 401 lines"]
    assert architecture.overlong(source("c.py", "x = 1\n" * 400)) == []


def test_has_no_files_of_new_names() -> None:
    assert architecture.unknown_files(ROOT / "apps") == []


@pytest.mark.parametrize(
    "name", ["qc/utils.py", "qc/signals.py", "qc/api/views.py", "shared/helpers.py", "qc/notes.txt"]
)
def test_would_tell_a_file_of_a_new_name(tmp_path: Path, name: str) -> None:
    for known in ("qc/rules/scores.py", "qc/api/dtos.py", "orchestration/checks.py", "shared/dtos.py", name):
        (tmp_path / known).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / known).touch()
    assert architecture.unknown_files(tmp_path) == [name]


def test_has_a_readme_of_one_screen_in_every_module() -> None:
    readmes = {module: ROOT / "apps" / module / "README.md" for module in modules()}
    lines = {module: len(file.read_text().splitlines()) if file.exists() else 0 for module, file in readmes.items()}
    assert {module: count for module, count in lines.items() if not 5 <= count <= 25} == {}


@pytest.mark.parametrize("port", PORTS, ids=lambda port: f"{port.__module__}.{port.__name__}")
def test_has_ports_of_one_shape(port: Callable[..., Any]) -> None:
    assert architecture.misshapen(port) == []


class Thing(Dto):
    """A noun for the tests below."""


def fine(*, thing: Thing, thing_id: UUID) -> tuple[Thing, ...] | None:
    """Do nothing."""


def positional(thing: Thing) -> Thing:
    """Return it."""
    return thing


def unannotated(*, thing) -> None:
    """Do nothing."""


def row_out() -> models.Model:
    """Return a row."""
    return models.Model()


def list_out() -> list[Thing]:
    """Return a list, which could be changed."""
    return []


def undocumented() -> None:
    return


@pytest.mark.parametrize(
    ("port", "complaint"),
    [
        (positional, "thing is not keyword-only"),
        (unannotated, "thing has no annotation"),
        (row_out, "not a DTO"),
        (list_out, "not a DTO"),
        (undocumented, "does not say what it does"),
    ],
)
def test_would_tell_a_misshapen_port(port: Callable[..., Any], complaint: str) -> None:
    assert complaint in "".join(architecture.misshapen(port))
    assert architecture.misshapen(fine) == []


def test_takes_every_step_back_or_says_why_not() -> None:
    assert STEPS
    assert architecture.steps_without_a_way_back(STEPS) == []


def withdraw_thing(*, run: RunContext) -> None:
    """Take it back."""


def undo_thing(*, run: RunContext) -> None:
    """Take it back, under a name of its own."""


def withdraw_most(*, run: RunContext) -> tuple[Irreversible, ...]:
    """Take back what can be, and say what is left."""
    return ()


def withdraw_some(*, run: RunContext) -> int:
    """Take back some, and say how many."""
    return 0


def withdraw_all() -> None:
    """Take everything back."""


@pytest.mark.parametrize(
    ("compensate", "reason", "complaint"),
    [
        (None, " ", "neither compensation nor reason"),
        (undo_thing, "", "does not begin with withdraw_"),
        (withdraw_all, "", "must take `run: RunContext`"),
        (architecture.overlong, "", "not beside its step"),
        (withdraw_some, "", "return None, or what it had to leave"),
        (withdraw_most, "", ""),
        (withdraw_thing, "", ""),
        (None, "It only looks.", ""),
    ],
)
def test_would_tell_a_step_without_a_way_back(compensate: Any, reason: str, complaint: str) -> None:
    spec = StepSpec("fine", fine, {}, frozenset(), Thing, None, compensate, reason, "system", RetryPolicy(), 60)
    told = " ".join(architecture.steps_without_a_way_back([spec]))
    assert (complaint in told) if complaint else told == ""
