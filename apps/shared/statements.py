"""Statements that are written out, and that PostgreSQL parses and plans once for each connection, not each time.

Of a statement by primary key, planning is the larger half. psycopg prepares statements too, but forgets all of them
with every rollback, and a step that says no is one. These have names of ours, and last as long as the connection.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import NotSupportedError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model
from django.db.models.expressions import DatabaseDefault
from psycopg import Connection

PARAMETER = re.compile(r"%\((\w+)\)s")
_prepared: WeakKeyDictionary[Connection, set[str]] = WeakKeyDictionary()
"""The names of the statements that each connection knows."""


@dataclass(frozen=True)
class Statement:
    """A statement with a name of its own. Its parameters are named and cast, as in `%(run_id)s::uuid`."""

    name: str
    sql: str

    def execute(self, cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
        """Execute it. Behind PgBouncer the next transaction may meet another server, so nothing is prepared there.

        Raises NotSupportedError once on a connection that prepared it before a migration changed what it gives; the
        connection is closed then, and the next one knows better.
        """
        if not settings.PREPARES_STATEMENTS:
            cursor.execute(self.sql, values)
            return
        known = _prepared.setdefault(connection.connection, set())
        if self.name not in known:
            with connection.wrap_database_errors:
                connection.connection.execute(self._preparation)
            known.add(self.name)
        try:
            cursor.execute(self._call, values)
        except NotSupportedError:
            connection.close()
            raise

    @cached_property
    def _places(self) -> dict[str, str]:
        names = dict.fromkeys(PARAMETER.findall(self.sql))
        return {name: f"${place}" for place, name in enumerate(names, start=1)}

    @cached_property
    def _preparation(self) -> str:
        return f"PREPARE {self.name} AS {PARAMETER.sub(lambda found: self._places[found[1]], self.sql)}"

    @cached_property
    def _call(self) -> str:
        places = ", ".join(f"%({name})s" for name in self._places)
        return f"EXECUTE {self.name} ({places})" if places else f"EXECUTE {self.name}"


def insert(row: Model) -> None:
    """Insert a row that is new, and of which nobody needs to hear: no signals, no `pre_save`.

    For the rows that every step writes: the ORM's compiler takes longer for one than PostgreSQL does. Columns that are
    left to the database stay unread.
    """
    columns = _columns(type(row))
    values = {field.column: field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns}
    with connection.cursor() as cursor:
        insertion(type(row)).execute(cursor, values)
    row._state.adding = False


@cache
def insertion(model: type[Model]) -> Statement:
    """Return the statement that inserts a row of a model."""
    table, columns = model._meta.db_table, _columns(model)
    names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    values = ", ".join(f"%({field.column})s::{_plain_type(field)}" for field in columns)
    return Statement(f"insert_{table}", f"INSERT INTO {table} ({names}) VALUES ({values})")  # noqa: S608  (names of ours)


def _plain_type(field: Field) -> str:
    """Return a column's type without its length: a cast would cut what is too long, where storing it is refused."""
    return re.sub(r"\(.*\)", "", field.db_type(connection))


@cache
def _columns(model: type[Model]) -> tuple[Field, ...]:
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field.get_default(), DatabaseDefault))
