"""A statement that is written out …"""

from uuid import uuid4

import pytest
from django.db import DataError, NotSupportedError, connection, transaction
from django.utils import timezone

from apps.observability.models import AuditEntry
from apps.shared.statements import Statement, insert

pytestmark = pytest.mark.django_db

TWICE = Statement("say_twice", "SELECT %(word)s::text, %(count)s::int + 1, %(word)s::text")


def _say(word: str, count: int) -> tuple:
    with connection.cursor() as cursor:
        TWICE.execute(cursor, {"word": word, "count": count})
        return cursor.fetchone()


def _known() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name = 'say_twice'")
        return [name for (name,) in cursor.fetchall()]


def _entry(**changes: object) -> AuditEntry:
    at = timezone.now()
    columns = {"event_id": uuid4(), "object_id": uuid4(), "occurred_at": at, "action": "Said", "object_type": "a.b"}
    return AuditEntry(**columns | changes)


def test_is_planned_once_and_takes_its_parameters_by_name() -> None:
    assert [_say("it's", 1), _say("%s", 2)] == [("it's", 2, "it's"), ("%s", 3, "%s")]
    assert _known() == ["say_twice"]


@pytest.mark.django_db(transaction=True)
def test_is_known_after_a_rollback() -> None:
    with transaction.atomic():
        _say("a", 1)
        transaction.set_rollback(True)
    assert (_say("b", 2), _known()) == (("b", 3, "b"), ["say_twice"])


@pytest.mark.django_db(transaction=True)
def test_is_prepared_anew_on_another_connection() -> None:
    _say("a", 1)
    connection.close()
    assert (_known(), _say("b", 2), _known()) == ([], ("b", 3, "b"), ["say_twice"])


@pytest.mark.django_db(transaction=True)
def test_is_not_prepared_where_sessions_are_shared(settings: object) -> None:
    settings.PREPARES_STATEMENTS = False  # type: ignore[attr-defined]
    connection.close()
    assert (_say("a", 1), _known()) == (("a", 2, "a"), [])


@pytest.mark.django_db(transaction=True)
def test_is_prepared_anew_after_a_migration_changed_what_it_gives() -> None:
    statement = Statement("read_changing", "SELECT word FROM changing")

    def read() -> tuple:
        with transaction.atomic(), connection.cursor() as cursor:
            statement.execute(cursor, {})
            return cursor.fetchone()

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE changing AS SELECT 7 AS word")
    try:
        assert read() == (7,)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE changing ALTER word TYPE text")
        with pytest.raises(NotSupportedError, match="cached plan"):
            read()
        assert read() == ("7",)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE changing")


def test_inserts_a_row_as_the_orm_does() -> None:
    entry = _entry(reason="50 % \u2019tis", facts={"a": [1, None, "x"]}, before=None, after={"b": {}})
    insert(entry)
    assert AuditEntry.objects.get(pk=entry.pk).content() == entry.content()
    assert AuditEntry.objects.filter(before__isnull=True, after__b={}).count() == 1


def test_refuses_a_text_too_long_for_its_column_rather_than_cut_it() -> None:
    with pytest.raises(DataError, match="too long"), transaction.atomic():
        insert(_entry(action="a" * 101))
