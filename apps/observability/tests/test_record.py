"""An audit entry …"""

from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.observability.api import ports
from apps.observability.models import AuditEntry, AuditSeal
from apps.observability.rules import MAX_TEXT
from apps.observability.services import forget_request, record, remember_request, seal_audit
from apps.observability.tests.factories import LampSwitched, make_entry
from apps.shared.events import AuditNote, publish

pytestmark = pytest.mark.django_db


def test_says_who_what_when_why_before_and_after(strategist: User) -> None:
    note = AuditNote(actor_id=strategist.id, reason="It is dark.", before={"is_on": False}, after={"is_on": True})
    client_id, run_id = uuid7(), uuid7()
    entry = make_entry(client_id=client_id, run_id=run_id, note=note)
    assert (entry.actor_id, entry.reason) == (strategist.id, "It is dark.")
    assert (entry.action, entry.object_type) == ("LampSwitched", "probe.lamp")
    assert (entry.client_id, entry.run_id) == (client_id, run_id)
    assert (entry.before, entry.after, entry.facts) == ({"is_on": False}, {"is_on": True}, {"is_on": True})


def test_rolls_back_with_the_change_it_tells_of(acme: Any) -> None:
    event = LampSwitched(aggregate_id=acme.id)

    def change_and_fail() -> None:
        with transaction.atomic():
            publish(event)
            assert AuditEntry.objects.filter(event_id=event.event_id).exists()
            raise OSError("the bulb broke")

    with pytest.raises(OSError, match="bulb"):
        change_and_fail()
    assert not AuditEntry.objects.filter(event_id=event.event_id).exists()


def test_is_refused_an_update_through_its_instance() -> None:
    entry = make_entry()
    entry.reason = "another"
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        entry.save()


def test_is_refused_an_update_and_a_deletion_through_the_queryset() -> None:
    entry = make_entry()
    rows = AuditEntry.objects.filter(pk=entry.pk)
    for tamper in (lambda: rows.update(reason="another"), rows.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            tamper()
    assert rows.get().reason == ""


@pytest.mark.parametrize("table", [AuditEntry._meta.db_table, AuditSeal._meta.db_table])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {}"])
def test_is_refused_tampering_by_raw_sql_and_so_is_its_seal(table: str, statement: str) -> None:
    make_entry()
    seal_audit()
    change = "reason = 'x'" if table == AuditEntry._meta.db_table else "hash = 'x'"
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, change))


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("a\x00b", "a\ufffdb"),
        ("half a pair \ud83d", "half a pair \ufffd\ufffd\ufffd"),
        (float("nan"), "nan"),
        (10**400, hex(10**400)),
        (Decimal("1.10"), "1.10"),
        ({1: {"x\x00"}}, {"1": ["x\ufffd"]}),
    ],
)
def test_never_refuses_the_change_it_tells_of(value: Any, stored: Any) -> None:
    event = LampSwitched(aggregate_id=uuid7(), is_on=value)
    entry = record(event, AuditNote(before={"value": value}, reason="why\x00"))
    entry.refresh_from_db()
    assert entry.facts == {"is_on": stored}
    assert entry.before == {"value": stored}
    assert entry.reason == "why\ufffd"


def test_cuts_a_text_too_long_to_read_and_keeps_its_fingerprint() -> None:
    entry = make_entry(note=AuditNote(after={"draft": "x" * (MAX_TEXT + 1)}))
    assert entry.after["draft"].startswith("x" * MAX_TEXT + "… [cut: 100001 characters, sha256 ")


def test_replaces_a_document_too_large_to_store() -> None:
    many = {str(number): "x" * MAX_TEXT for number in range(60)}
    entry = make_entry(note=AuditNote(before=many))
    assert entry.before["cut"] is True
    assert entry.before["characters"] > 60 * MAX_TEXT


def test_survives_a_document_nested_without_end() -> None:
    endless: dict[str, Any] = {}
    endless["self"] = endless
    entry = make_entry(note=AuditNote(before=endless))
    assert "self" in entry.before


@pytest.mark.parametrize(("sent", "kept"), [("edge-7f.3", True), ("a b", False), ("x" * 65, False)])
def test_carries_the_id_of_the_web_request(sent: str, kept: bool) -> None:
    remember_request(sender=type(None), environ={"HTTP_X_REQUEST_ID": sent})
    during = make_entry().request_id
    forget_request(sender=type(None))
    assert (during == sent) is kept
    assert during
    assert make_entry().request_id == ""


def test_is_listed_by_its_row_and_by_its_run() -> None:
    run_id = uuid7()
    entry, other = make_entry(run_id=run_id), make_entry()
    of_row = ports.list_entries(object_type="probe.lamp", object_id=other.object_id)
    of_run = ports.list_entries_of_run(run_id=run_id)
    assert [found.id for found in of_row] == [other.id]
    assert [found.id for found in of_run] == [entry.id]
