"""SQL across a module's border …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from aicmo_site.tests.statements import pytest_runtest_call, watched
from apps.identity.models import Client
from apps.observability.models import AuditEntry
from apps.shared.statements import Statement

CODE = """
def work():
    with connection.cursor() as cursor:
        cursor.execute(sql)

def through_the_orm():
    return list(rows)

def prepared():
    with connection.cursor() as cursor:
        statement.execute(cursor, {})
"""


def code_of(module: str, **names: Any) -> Callable[[], Any]:
    """Return a function that Python believes to stand in `module`."""
    space = {"__name__": module, "connection": connection, **names}
    exec(CODE, space)
    ways = {"rows": "through_the_orm", "statement": "prepared", "sql": "work"}
    return next(space[way] for name, way in ways.items() if name in names)


def crossings_of(work: Callable[[], Any]) -> list[str]:
    with watched() as crossings:
        work()
    return [crossing.split(" (in ")[0] for crossing in crossings]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("module", "sql", "seen"),
    [
        ("apps.qc.queries", "SELECT count(*) FROM observability_auditentry", "apps.qc reads observability_auditentry"),
        ("apps.qc.services", "DELETE FROM identity_membership", "apps.qc writes identity_membership"),
        ("apps.qc.services", "UPDATE identity_client SET name = ''", "apps.qc writes identity_client"),
        (
            "apps.orchestration.services.sweep",
            "SELECT 1 FROM orchestration_workflowrun r JOIN observability_auditseal s ON s.chain = r.error",
            "apps.orchestration reads observability_auditseal",
        ),
    ],
)
def test_is_seen_in_raw_statements(module: str, sql: str, seen: str) -> None:
    assert crossings_of(code_of(module, sql=sql)) == [seen]


@pytest.mark.django_db
def test_is_seen_in_statements_that_were_prepared_before() -> None:
    statement = Statement("count_entries", "SELECT count(*) FROM observability_auditentry")
    work = code_of("apps.qc.queries", statement=statement)
    assert crossings_of(lambda: (work(), work())) == ["apps.qc reads observability_auditentry"] * 2


@pytest.mark.django_db
def test_is_seen_in_querysets_that_were_made_elsewhere() -> None:
    work = code_of("apps.qc.admin", rows=AuditEntry.objects.all())
    assert crossings_of(work) == ["apps.qc reads observability_auditentry"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("module", "sql"),
    [
        ("apps.observability.queries", "SELECT 1 FROM observability_auditentry"),
        ("apps.qc.queries", "SELECT 1 FROM identity_client"),
        ("apps.qc.tests.test_x", "SELECT 1 FROM observability_auditentry"),
        ("apps.qc.migrations.0002_x", "SELECT 1 FROM observability_auditentry"),
        ("apps.qc.queries", "SELECT 1 FROM django_content_type"),
        ("apps.orchestration.queries.invariants", "SELECT 1 FROM observability_auditentry"),
    ],
)
def test_is_not_what_a_module_does_at_home_or_may_do(module: str, sql: str) -> None:
    assert crossings_of(code_of(module, sql=sql)) == []


@pytest.mark.django_db
def test_is_not_reading_a_client_through_the_orm(acme: Client) -> None:
    assert crossings_of(code_of("apps.qc.queries", rows=Client.objects.filter(slug="acme"))) == []


@pytest.mark.django_db
def test_fails_the_test_that_caused_it(request: pytest.FixtureRequest) -> None:
    call = pytest_runtest_call(request.node)
    next(call)
    code_of("apps.qc.queries", sql="SELECT 1 FROM observability_auditseal")()
    with pytest.raises(pytest.fail.Exception, match=r"apps\.qc reads observability_auditseal \(in apps\.qc\.queries\)"):
        call.send(None)
