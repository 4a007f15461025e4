"""How many rows a list has …"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_run
from apps.identity.models import Client, User
from apps.orchestration.models import WorkflowRun
from apps.shared.admin import count
from apps.shared.desk import list_of

RUNS = "orchestration_workflowrun"


def said(desk: Browser, **narrowed: str) -> str:
    page = desk.get(list_of(WorkflowRun), narrowed).content.decode()
    found = re.search(r'class="desk-counted">([^<]*)<', page)
    return found[1] if found else ""


def pretend(rows: float) -> None:
    """Let the statistics say so; rolled back with the test."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_class SET reltuples = %s WHERE oid = %s::regclass", [rows, RUNS])


def test_is_exact_while_they_are_few(desk: Browser, acme: Client) -> None:
    assert said(desk) == "0 workflow runs"
    a_run(acme, "RUNNING")
    assert said(desk) == "1 workflow run"
    a_run(acme, "RUNNING")
    assert said(desk) == "2 workflow runs"


@pytest.mark.parametrize(
    ("rows", "words"),
    [(1_234_567, "about 1.2 M"), (3_000_000_000, "about 3 G"), (43_210, "about 43.2 k"), (2_500, "about 2.5 k")],
)
def test_is_about_right_of_a_large_table(desk: Browser, rows: int, words: str) -> None:
    pretend(rows)
    assert said(desk) == f"{words} workflow runs"


def test_is_no_guess_where_a_large_table_was_never_looked_at(
    desk: Browser, acme: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(count, "MOST_EXACT", 1)
    pretend(-1)
    for _ in range(2):
        a_run(acme, "RUNNING")
    assert said(desk) == "more than 1 workflow runs"


def test_is_not_said_of_a_list_that_is_narrowed(desk: Browser, acme: Client) -> None:
    a_run(acme, "RUNNING")
    narrowings = ({"q": "acme"}, {"state__exact": "RUNNING"}, {"created_at__gte": "2020-01-01"}, {"needs": "stuck"})
    assert {said(desk, **narrowed) for narrowed in narrowings} == {""}


def test_asks_one_query_that_reads_no_table_whole(desk: Browser, acme: Client) -> None:
    a_run(acme, "RUNNING")
    pretend(1_000_000)
    with CaptureQueriesContext(connection) as captured:
        said(desk)
    counting = [query["sql"] for query in captured if "count(" in query["sql"].lower()]
    assert len(counting) == 1
    assert f'FROM "{RUNS}" LIMIT 1001' in counting[0]
    assert len(captured) <= 12


def test_tells_nobody_of_rows_they_may_not_see(settings: Any, member_of: Any, acme: Client, globex: Client) -> None:
    settings.OWN_CLIENTS_ONLY = True
    manager: User = member_of("Account manager")
    Client.objects.filter(pk=acme.pk).update(account_manager=manager)
    for client in (acme, globex, globex):
        a_run(client, "RUNNING")
    pretend(1_000_000)
    assert said(desk_of(manager)) == "1 workflow run"
