"""Sealing the audit …"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from apps.observability.api import ports
from apps.observability.models import AuditEntry, AuditSeal
from apps.observability.services import seal_audit
from apps.observability.tasks import seal_audit as seal_audit_task
from apps.observability.tests.factories import make_entry

ENTRY = AuditEntry._meta.db_table
SEAL = AuditSeal._meta.db_table


@contextmanager
def triggers_off() -> Iterator[None]:
    """Be a superuser who switches every trigger off, those of foreign keys too."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def tamper(sql: str, *values: object) -> None:
    with triggers_off(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def sealed_chain(length: int, client_id: UUID | None = None) -> list[AuditEntry]:
    entries = [make_entry(client_id=client_id) for _ in range(length)]
    seal_audit()
    return entries


def problems() -> list[tuple[str, int]]:
    return [(found.problem, found.sequence) for found in ports.verify_audit()]


@pytest.mark.django_db
def test_numbers_each_chain_from_one_in_the_order_of_time() -> None:
    client, other = uuid7(), uuid7()
    entries = [make_entry(client_id=client), make_entry(client_id=other), make_entry(client_id=client)]
    seal_audit()
    seals = AuditSeal.objects.filter(entry__in=entries).order_by("chain", "sequence")
    places = {(seal.chain, seal.sequence): seal.entry_id for seal in seals}
    assert places == {
        (str(client), 1): entries[0].id,
        (str(client), 2): entries[2].id,
        (str(other), 1): entries[1].id,
    }


@pytest.mark.django_db
def test_goes_on_where_the_last_sealing_ended() -> None:
    client = uuid7()
    sealed_chain(2, client)
    sealed_chain(1, client)
    hashes = AuditSeal.objects.filter(chain=client).order_by("sequence").values_list("previous_hash", "hash")
    assert [previous for previous, _ in hashes[1:]] == [own for _, own in hashes[:2]]
    assert problems() == []


@pytest.mark.django_db
def test_seals_no_more_than_its_limit_and_the_task_seals_all() -> None:
    for _ in range(5):
        make_entry()
    assert seal_audit(limit=2) == 2
    seal_audit_task()
    assert not AuditEntry.objects.filter(seal=None).exists()
    assert seal_audit() == 0


@pytest.mark.django_db
def test_shows_an_edited_entry() -> None:
    edited = sealed_chain(3)[1]
    tamper(f"UPDATE {ENTRY} SET reason = 'never mind' WHERE id = %s", edited.id)
    assert problems() == [("ENTRY_EDITED", edited.seal.sequence)]


@pytest.mark.django_db
def test_shows_an_entry_moved_to_another_client() -> None:
    moved = sealed_chain(2, uuid7())[0]
    tamper(f"UPDATE {ENTRY} SET client_id = NULL WHERE id = %s", moved.id)
    assert problems() == [("ENTRY_EDITED", 1)]


@pytest.mark.django_db
def test_shows_an_edited_entry_whose_seal_was_forged_to_match() -> None:
    first = sealed_chain(3)[0]
    tamper(f"UPDATE {ENTRY} SET reason = 'never mind' WHERE id = %s", first.id)
    tamper(f"UPDATE {SEAL} SET hash = repeat('0', 64) WHERE entry_id = %s", first.id)
    assert ("SEAL_EDITED", first.seal.sequence + 1) in problems()


@pytest.mark.django_db
def test_shows_a_deleted_entry() -> None:
    deleted = sealed_chain(3)[1]
    tamper(f"DELETE FROM {ENTRY} WHERE id = %s", deleted.id)
    assert [problem for problem, _ in problems()] == ["ENTRY_MISSING"]


@pytest.mark.django_db
def test_shows_an_entry_deleted_with_its_seal() -> None:
    deleted = sealed_chain(3)[1]
    sequence = deleted.seal.sequence
    tamper(f"DELETE FROM {SEAL} WHERE entry_id = %s", deleted.id)
    tamper(f"DELETE FROM {ENTRY} WHERE id = %s", deleted.id)
    assert problems() == [("SEAL_MISSING", sequence + 1)]


@pytest.mark.django_db
def test_shows_a_cut_off_tail_only_against_heads_exported_before() -> None:
    last = sealed_chain(3)[2]
    heads = ports.audit_heads()
    assert ports.verify_audit(against=heads) == ()
    tamper(f"DELETE FROM {SEAL} WHERE entry_id = %s", last.id)
    tamper(f"DELETE FROM {ENTRY} WHERE id = %s", last.id)
    assert ports.verify_audit() == ()
    assert [found.problem for found in ports.verify_audit(against=heads)] == ["HEAD_MISSING"]


def in_threads(*works: Callable[[], None]) -> list[Exception]:
    """Run each in a thread with a connection of its own; return what they raised."""
    raised: list[Exception] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  (handed to the test)
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


@pytest.mark.django_db(transaction=True)
def test_leaves_the_work_to_a_sealer_that_is_not_done_yet() -> None:
    make_entry()
    sealed = []
    with transaction.atomic():
        assert seal_audit() == 1
        raised = in_threads(lambda: sealed.append(seal_audit()))
    assert (sealed, raised) == ([0], [])


@pytest.mark.django_db(transaction=True)
def test_by_two_sealers_at_once_does_not_fork_the_chain() -> None:
    for _ in range(60):
        make_entry()
    together = Barrier(2)

    def seal_one_by_one() -> None:
        together.wait(timeout=30)
        while AuditEntry.objects.filter(seal=None).exists():
            seal_audit(limit=1)

    assert in_threads(seal_one_by_one, seal_one_by_one) == []
    assert sorted(AuditSeal.objects.values_list("sequence", flat=True)) == list(range(1, 61))
    assert problems() == []
