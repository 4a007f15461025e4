"""Migrations …"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation

from aicmo_site.tests.architecture import ROOT


def ours() -> list[Migration]:
    loader = MigrationLoader(None)
    labels = {app.label for app in apps.get_app_configs() if app.name.startswith(("apps.", "bench."))}
    return [migration for (label, _), migration in sorted(loader.disk_migrations.items()) if label in labels]


def irreversible(found: Iterable[Any]) -> list[str]:
    """Name the operations that cannot be taken back."""
    return [
        f"{migration.app_label} {migration.name}: {type(operation).__name__}"
        for migration in found
        for operation in _flat(migration.operations)
        if not operation.reversible
    ]


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        yield from _flat(getattr(operation, "database_operations", ()))


def speechless(names: Iterable[str]) -> list[str]:
    """Return the names that do not say what the migration is for."""
    return [name for name in names if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]{3,}", name) or _is_made_up(name)]


def _is_made_up(name: str) -> bool:
    # What makemigrations calls them when nobody does.
    return (
        re.search(r"^\d{4}_(auto_|initial$|alter_|remove_|rename_|delete_)|_and_more$|_\d{8}_\d{4}", name) is not None
    )


@pytest.mark.django_db
def test_are_made_for_every_change_of_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    labels = [app.label for app in apps.get_app_configs() if app.name.startswith("apps.")]
    call_command("makemigrations", *labels, check_changes=True, dry_run=True)
    assert "No changes detected" in capsys.readouterr().out


def test_can_be_taken_back() -> None:
    assert irreversible(ours()) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RunPython(lambda apps, schema_editor: None),
        migrations.RunSQL("SELECT 1"),
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL("SELECT 1")]),
    ],
)
def test_that_cannot_be_taken_back_would_be_told(operation: Operation) -> None:
    migration = SimpleNamespace(app_label="qc", name="0009_one_way", operations=[operation])
    assert len(irreversible([migration])) >= 1


def test_say_in_their_name_what_they_are_for() -> None:
    assert speechless(migration.name for migration in ours()) == []


@pytest.mark.parametrize(
    ("name", "is_fine"),
    [
        ("0002_staff_roles", True),
        ("0001_initial", False),
        ("0003_auto_20260101_1200", False),
        ("0004_alter_brief_id", False),
        ("0005_brief_x_and_more", False),
        ("0006", False),
    ],
)
def test_that_do_not_would_be_told(name: str, is_fine: bool) -> None:
    assert (speechless([name]) == []) is is_fine


def test_are_files_of_modules_alone() -> None:
    strays = [file for file in ROOT.glob("*/**/migrations/0*.py") if _owner(file) is None and not _is_installed(file)]
    assert strays == []


def _is_installed(file: Path) -> bool:
    """Tell whether a file lies in a virtual environment, that of the bench's peers for one."""
    return any(part.startswith(".venv") for part in file.relative_to(ROOT).parts)


def _owner(file: Path) -> str | None:
    return next((app.label for app in apps.get_app_configs() if Path(app.path) == file.parent.parent), None)


@pytest.mark.timeout(500)
@pytest.mark.django_db(transaction=True)
def test_go_back_and_forth() -> None:
    labels = sorted({migration.app_label for migration in ours()} - {"identity"})
    for label in labels:
        call_command("migrate", label, "zero", verbosity=0)
    call_command("migrate", "identity", "0001", verbosity=0)
    prefixes = tuple(f"{label}_" for label in labels)
    left = {table for table in connection.introspection.table_names() if table.startswith(prefixes)}
    call_command("migrate", verbosity=0)
    assert left == set()
