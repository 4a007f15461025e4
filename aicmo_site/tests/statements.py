"""A pytest plugin that watches every SQL statement: a module's code names its own tables, not those of another module.

A statement belongs to the module of the innermost frame under `apps.` on the stack; what the test itself, a factory or
a migration executes is not judged. A test whose statements crossed a border fails.
"""

import re
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from types import FrameType
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper

from apps.shared.statements import Statement

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE)\b", re.IGNORECASE)

READ_BY_ALL = "identity"
"""Clients and people are real foreign keys: everybody's joins may read identity's tables, nobody else writes them."""

READS_EVERYTHING = frozenset(
    {
        "apps.orchestration.queries.invariants",
        "apps.orchestration.queries.undo",
        "apps.orchestration.queries.personal",
        "apps.orchestration.services.erasing",
        "apps.orchestration.services.exporting",
        "apps.orchestration.services.proving",
    }
)
"""`manage.py audit_runs` proves over the whole database what modules promise: it must not take their word for it. And
the preview of a compensation finds the rows of a run in whatever module's tables, those of modules to come included.
What is kept of a client or a person is exported and erased by one declaration of all tables: docs/decisions/0017."""

AROUND_EVERY_REQUEST = "apps.identity.middleware"
"""On the stack of whatever a request asks for; what it asks itself is of identity's tables."""

_crossings: list[str] | None = None
_execute = Statement.execute


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect the border crossings of this process while the block runs, in words."""
    global _crossings
    outer, _crossings = _crossings, []
    connection_created.connect(_watch_new, dispatch_uid="statements")
    for connection in connections.all(initialized_only=True):
        _watch(connection)
    try:
        with mock.patch.object(Statement, "execute", _judge_and_execute):
            yield _crossings
    finally:
        _crossings = outer


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    with watched() as crossings:
        result = yield
    if crossings:
        pytest.fail("SQL across a module's border:\n" + "\n".join(dict.fromkeys(crossings)), pytrace=False)
    return result


def crossing(sql: str, module: str) -> str | None:
    """Return why a module's code must not execute this statement, None where it may."""
    tables = _tables_of_modules(sql)
    if not tables:
        return None
    owners = _table_owners()
    if WRITES.match(sql) and owners[tables[0]] != module:
        return f"apps.{module} writes {tables[0]}"
    foreign = [table for table in tables if owners[table] not in (module, READ_BY_ALL)]
    return f"apps.{module} reads {', '.join(foreign)}" if foreign else None


def _watch(connection: BaseDatabaseWrapper) -> None:
    if _judge not in connection.execute_wrappers:
        connection.execute_wrappers.append(_judge)


def _watch_new(connection: BaseDatabaseWrapper, **_: object) -> None:
    _watch(connection)


def _judge(execute: Callable, sql: Any, params: Any, many: bool, context: dict) -> Any:
    _note_crossing(str(sql), sys._getframe(1))
    return execute(sql, params, many, context)


def _judge_and_execute(statement: Statement, cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
    """Judge a prepared statement by its text: its calls say its name alone."""
    _note_crossing(statement.sql, sys._getframe(1))
    _execute(statement, cursor, values)


def _note_crossing(sql: str, frame: FrameType) -> None:
    if _crossings is not None and _tables_of_modules(sql):
        name = responsible(frame)
        if name and name not in READS_EVERYTHING and (why := crossing(sql, name.split(".")[1])):
            _crossings.append(f"{why} (in {name}): {sql[:200]}")


def responsible(frame: FrameType | None) -> str | None:
    """Return the Python module under `apps.` that a statement came from, None where nobody is to be judged."""
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        root, *rest = name.split(".")
        if root in ("bench", "aicmo_site") or (root == "apps" and rest and {"tests", "migrations"} & set(rest)):
            return None
        if root == "apps" and rest and rest[0] != "shared" and name != AROUND_EVERY_REQUEST:
            return name
        frame = frame.f_back
    return None


@cache
def _table_owners() -> dict[str, str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model._meta.app_label for model in models if _is_ours(model)}


def _is_ours(model: type) -> bool:
    return apps.get_app_config(model._meta.app_label).name.startswith("apps.")


@cache
def _table_pattern() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, _table_owners())) + r")\b")


@lru_cache(maxsize=4096)
def _tables_of_modules(sql: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_table_pattern().findall(sql)))
