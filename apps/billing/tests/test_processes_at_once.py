"""Eight processes at once, each with its own connection and nothing else in common …"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from apps.billing.models import Invoice, NumberSeries
from apps.billing.queries import list_breaches
from apps.billing.tests.factories import TaxRateFactory, a_draft, line
from apps.identity.tests.factories import ClientFactory

AT_ONCE = 8
INVOICES = int(os.environ.get("AICMO_AT_ONCE", "200"))

ISSUE = """
import json
import sys
import django
django.setup()
from django.db import transaction
from apps.billing.services.issuing import issue_invoice
from apps.billing.tests.factories import AT

class PowerCut(Exception):
    pass

ids, got = json.loads(sys.stdin.readline()), []
print("ready", flush=True)
sys.stdin.readline()
for n, pk in enumerate(ids):
    if n % 5 == 0:
        try:
            with transaction.atomic():
                issue_invoice(pk, by=None, at=AT)
                raise PowerCut
        except PowerCut:
            pass
    got.append(issue_invoice(pk, by=None, at=AT).sequence)
print(json.dumps(got))
"""


@contextmanager
def processes(program: str) -> Iterator[list[subprocess.Popen]]:
    """Start a program in processes that work on the test database; none outlives the test."""
    database = connection.settings_dict
    host = str(database["HOST"]).replace("/", "%2F")
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    port = f":{database['PORT']}" if database["PORT"] else ""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test",
        "DATABASE_URL": f"postgresql://{database['USER']}{password}@{host}{port}/{database['NAME']}",
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "SECRET_KEY": settings.SECRET_KEY,
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": settings.BASE_DIR}
    command = [sys.executable, "-c", program]
    started = [subprocess.Popen(command, env=environment, **pipes) for _ in range(AT_ONCE)]
    try:
        yield started
    finally:
        for each in started:
            each.kill()
            each.communicate()


@pytest.mark.django_db(transaction=True)
def test_give_invoices_the_numbers_from_1_on_each_once() -> None:
    """`AICMO_AT_ONCE=1000` issues 1,000 of them instead of 200; every fifth first in a transaction that fails."""
    client, rate = ClientFactory(), TaxRateFactory()
    ids = [str(a_draft(client, line(10, rate)).pk) for _ in range(INVOICES)]
    connection.close()
    with processes(ISSUE) as started:
        for n, each in enumerate(started):
            each.stdin.write(json.dumps(ids[n::AT_ONCE]) + "\n")
            each.stdin.flush()
        assert [each.stdout.readline() for each in started] == ["ready\n"] * AT_ONCE
        for each in started:
            each.stdin.write("go\n")
            each.stdin.flush()
        got = [json.loads(each.stdout.readline()) for each in started]
    everything = list(range(1, INVOICES + 1))
    assert sorted(number for numbers in got for number in numbers) == everything
    assert max(map(min, got)) < min(map(max, got))  # all were at it when the last began
    stored = Invoice.objects.order_by("sequence").values_list("sequence", "number")
    assert list(stored) == [(n, f"INV-2026-{n:04d}") for n in everything]
    assert NumberSeries.objects.get().last == INVOICES
    assert list_breaches() == []
