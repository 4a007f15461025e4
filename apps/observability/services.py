"""Writing the audit and sealing it; noting which workers are alive."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from apps.observability import queries
from apps.observability.api.dtos import Redacted
from apps.observability.models import AuditEntry, AuditRedaction, AuditSeal, WorkerHeartbeat
from apps.observability.rules import (
    FIRST_PREVIOUS_HASH,
    FORGOTTEN_AFTER,
    batch_digest,
    chain_of,
    content_sha256,
    seal_hash,
    storable_document,
    storable_text,
)
from apps.shared import telemetry
from apps.shared.events import AuditNote, Event
from apps.shared.row_security import lift_triggers
from apps.shared.statements import insert

SEALERS_LOCK = 6_281_937_154_402_117
"""Key of the advisory lock that lets one sealer at a time append; any number, but always this one."""


def remember_request(sender: object, environ: Mapping[str, Any] | None = None, **_: object) -> None:
    """Give what happens during this web request one id: the proxy's X-Request-ID where it sent a sane one.

    It stands on the log lines and audit entries of the request, and of the tasks that the request sends.
    """
    sent = str((environ or {}).get("HTTP_X_REQUEST_ID", ""))
    telemetry.note(request_id=sent if re.fullmatch(r"[\w.\-]{1,64}", sent, re.ASCII) else uuid4().hex)


def forget_request(sender: object, **_: object) -> None:
    """End the web request that `remember_request` began."""
    telemetry.note(request_id=None)


def record_published(sender: type[Event], event: Event, note: AuditNote, **_: object) -> None:
    """Write the entry of a published event; called by `publish` inside the publisher's transaction."""
    record(event, note)


def record(event: Event, note: AuditNote) -> AuditEntry:
    """Write one audit entry. Whatever the values hold, it is stored: see `rules.storable_document`."""
    entry = AuditEntry(
        event_id=event.event_id,
        occurred_at=event.occurred_at,
        actor_id=note.actor_id,
        action=event.name,
        object_type=event.aggregate,
        object_id=event.aggregate_id,
        client_id=event.client_id,
        run_id=event.run_id,
        request_id=telemetry.facts().get("request_id", ""),
        reason=storable_text(note.reason),
        facts=storable_document(event.model_dump(exclude=set(Event.model_fields))),
        before=storable_document(note.before),
        after=storable_document(note.after),
    )
    insert(entry)
    return entry


@transaction.atomic
def seal_audit(*, limit: int = 2000) -> int:
    """Append the oldest unsealed entries, at most `limit`, to their chains and return how many.

    Only one sealer works at a time; called while another one does, it returns 0 at once. The order inside a chain is
    the order of sealing: an entry whose transaction took long is sealed after younger ones.
    """
    if not _is_only_sealer():
        return 0
    entries = list(queries.unsealed_entries(limit))
    heads = {chain: _head(chain) for chain in {chain_of(entry.client_id) for entry in entries}}
    seals = []
    for entry in entries:
        chain = chain_of(entry.client_id)
        sequence, previous_hash = heads[chain]
        seal = AuditSeal(entry=entry, chain=chain, sequence=sequence + 1, previous_hash=previous_hash)
        seal.hash = seal_hash(previous_hash, entry.content())
        heads[chain] = (seal.sequence, seal.hash)
        seals.append(seal)
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def _head(chain: str) -> tuple[int, str]:
    seal = queries.last_seal(chain)
    return (seal.sequence, seal.hash) if seal else (0, FIRST_PREVIOUS_HASH)


def _is_only_sealer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALERS_LOCK])
        return cursor.fetchone()[0]


# --- words that go with whom they are about ---------------------------------------------------------------------------

ERASED_BY = "erased_by"


@transaction.atomic
def redact_entries(
    *, client_id: UUID | None, object_ids: Sequence[UUID], addresses: Sequence[str], request_id: UUID, limit: int
) -> Redacted:
    """Take the words out of a client's entries, of those about some rows, and of those that say one of these addresses.

    At most `limit` entries at a time: the caller asks again until none is left, and tells what the answer says in an
    entry of its own, in the same transaction, or the chains are broken from now on. What an entry is about, when it
    happened and who did it stays; so do the seals. Waits for the sealer, so that none seals what is changed here.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALERS_LOCK])
    lift_triggers(AuditEntry)
    entries = list(queries.entries_to_redact(client_id, object_ids, addresses)[:limit])
    batch_id, sealed, redactions = uuid4(), [], []
    for entry in entries:
        entry.reason, entry.facts, entry.before, entry.after = "", {ERASED_BY: str(request_id)}, None, None
        if seal := getattr(entry, "seal", None):
            left = content_sha256(entry.content())
            redactions.append(AuditRedaction(entry=entry, batch_id=batch_id, content_sha256=left))
            sealed.append((entry.pk, seal.hash, left))
    AuditEntry.objects.bulk_update(entries, ["reason", "facts", "before", "after"])
    AuditRedaction.objects.bulk_create(redactions)
    return Redacted(
        batch_id=batch_id if sealed else None,
        digest=batch_digest(sealed) if sealed else "",
        entry_count=len(entries),
    )


# --- workers: telemetry, not business, so that no event is published -------------------------------------------------


def report_worker(
    *, name: str, host: str, pid: int, queues: Sequence[str], concurrency: int, started_at: datetime
) -> None:
    """Note that a worker is alive, by the database's clock; one statement, whether or not it was known before."""
    heartbeat = WorkerHeartbeat(
        name=name,
        host=host,
        pid=pid,
        queues=sorted(queues),
        concurrency=concurrency,
        release=settings.RELEASE,
        started_at=started_at,
        last_seen_at=Now(),
    )
    changing = [field.name for field in WorkerHeartbeat._meta.concrete_fields if field.name not in ("id", "name")]
    WorkerHeartbeat.objects.bulk_create(
        [heartbeat], update_conflicts=True, unique_fields=["name"], update_fields=changing
    )


def sign_worker_off(*, name: str, host: str, pid: int) -> None:
    """Remove a worker that ends in order: its silence means nothing. A namesake that took over stays."""
    WorkerHeartbeat.objects.filter(name=name, host=host, pid=pid).delete()


def forget_silent_workers() -> int:
    """Remove the workers not heard of for a week and return how many."""
    return WorkerHeartbeat.objects.silent_for(FORGOTTEN_AFTER).delete()[0]
