"""The desk's lists stay quick on a million rows …"""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.orchestration.models import WorkflowRun

LISTS = ("workflowrun", "steprun", "outboxevent", "eventreceipt")
READS_ALL = re.compile(r"SELECT (DISTINCT|MIN\(|MAX\(|COUNT\()", re.IGNORECASE)
"""What makes PostgreSQL read a whole table to draw one page of it."""


@pytest.mark.parametrize("model", LISTS)
def test_without_reading_a_whole_table(
    run_probe: Callable[..., WorkflowRun], admin_client: Browser, model: str
) -> None:
    run_probe()
    run_probe(refuse_at="two")
    with CaptureQueriesContext(connection) as captured:
        page = admin_client.get(reverse(f"admin:orchestration_{model}_changelist"))
    assert page.status_code == 200
    asked = [query["sql"] for query in captured if READS_ALL.match(query["sql"])]
    assert [sql for sql in asked if "orchestration_" in sql] == []
    assert len(captured) <= 12


def test_and_filter_by_what_is_declared(run_probe: Callable[..., WorkflowRun], admin_client: Browser) -> None:
    run = run_probe()
    runs = reverse("admin:orchestration_workflowrun_changelist")
    for name, count in ((run.workflow, 1), ("client_to_delivery", 0)):
        shown = admin_client.get(runs, {"workflow": name}).context["cl"].result_list
        assert len(shown) == count
