"""Reads of the audit, with the proof that nobody changed it; whether this site is ready; how it fares, in numbers."""

import logging
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Concat
from redis import RedisError

from apps.observability.api.dtos import AuditBreak, AuditHead
from apps.observability.gateways import servers
from apps.observability.models import AuditEntry, AuditRedaction, AuditSeal, WorkerHeartbeat
from apps.observability.rules import (
    FIRST_PREVIOUS_HASH,
    REDACTED_BY,
    SILENT_AFTER,
    batch_digest,
    chain_of,
    content_sha256,
    seal_hash,
)
from apps.shared.resilience import list_breakers
from apps.shared.telemetry import Metric, Sample, offered_metrics
from apps.shared.text import pattern_of_address

log = logging.getLogger(__name__)

SEALS_PER_READ = 500


def entries_of_object(object_type: str, object_id: UUID) -> QuerySet[AuditEntry]:
    """Return what happened to one row, oldest first."""
    return AuditEntry.objects.filter(object_type=object_type, object_id=object_id).order_by("occurred_at", "id")


def entries_of_run(run_id: UUID) -> QuerySet[AuditEntry]:
    """Return what one workflow run did, oldest first."""
    return AuditEntry.objects.filter(run_id=run_id).order_by("occurred_at", "id")


def unsealed_entries(limit: int) -> QuerySet[AuditEntry]:
    """Return the oldest entries that have no seal yet."""
    return AuditEntry.objects.filter(seal__isnull=True).order_by("occurred_at", "id")[:limit]


def entries_about(client_ids: Iterable[UUID], object_ids: Iterable[UUID], after: UUID | None) -> QuerySet[AuditEntry]:
    """Return the entries of some clients, and those about some rows, in the order of their keys behind one of them."""
    wanted = Q(client_id__in=list(client_ids)) | Q(object_id__in=list(object_ids))
    entries = AuditEntry.objects.filter(wanted).order_by("pk")
    return entries.filter(pk__gt=after) if after else entries


def entries_to_redact(
    client_id: UUID | None, object_ids: Iterable[UUID], addresses: Iterable[str]
) -> QuerySet[AuditEntry]:
    """Return the entries of a client, about some rows, or with one of some addresses, that say anything still."""
    wanted = Q(object_id__in=list(object_ids))
    if client_id is not None:
        wanted |= Q(client_id=client_id)
    for address in addresses:
        texts = AuditEntry.objects.annotate(
            texts=Concat("reason", *(Cast(name, TextField()) for name in ("facts", "before", "after")))
        ).filter(texts__icontains=address, texts__iregex=pattern_of_address(address))
        wanted |= Q(pk__in=texts.values("pk"))
    said = AuditEntry.objects.filter(wanted).exclude(facts__has_key="erased_by")
    return said.exclude(action=REDACTED_BY).select_related("seal").order_by("pk")


def last_seal(chain: str) -> AuditSeal | None:
    """Return the seal at the end of a chain, None for a chain that has none."""
    return AuditSeal.objects.filter(chain=chain).order_by("-sequence").first()


def audit_heads() -> tuple[AuditHead, ...]:
    """Return the last seal of every chain. Kept outside this database, they show later whether a tail was cut off."""
    seals = AuditSeal.objects.order_by("chain", "-sequence").distinct("chain")
    return tuple(AuditHead(chain=seal.chain, sequence=seal.sequence, hash=seal.hash) for seal in seals)


def audit_breaks(against: Iterable[AuditHead] = ()) -> tuple[AuditBreak, ...]:
    """Return every place where the audit is not what it was when it was sealed; empty when it is whole.

    The chains alone show edited and deleted entries, edited seals, and gaps. Cutting the last entries and their seals
    off leaves a shorter chain that is whole in itself: only heads exported before (`against`) show that. An entry not
    sealed yet is not protected.
    """
    seals = AuditSeal.objects.order_by("chain", "sequence").iterator(chunk_size=SEALS_PER_READ)
    breaks = []
    for _, chain in groupby(_with_entries(seals), key=lambda pair: pair[0].chain):
        breaks += _breaks_of_chain(chain)
    return (*breaks, *_breaks_of_redactions(), *_cut_tails(against))


def _with_entries(seals: Iterator[AuditSeal]) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    # No join: an inner one, which a required relation gets, would hide the seals whose entry is gone.
    while batch := list(islice(seals, SEALS_PER_READ)):
        entries = AuditEntry.objects.select_related("redaction").in_bulk([seal.entry_id for seal in batch])
        yield from ((seal, entries.get(seal.entry_id)) for seal in batch)


def _breaks_of_chain(chain: Iterable[tuple[AuditSeal, AuditEntry | None]]) -> Iterator[AuditBreak]:
    sequence, previous_hash = 0, FIRST_PREVIOUS_HASH
    for seal, entry in chain:
        if seal.sequence != sequence + 1:
            yield _break(seal, "SEAL_MISSING")
        elif seal.previous_hash != previous_hash:
            yield _break(seal, "SEAL_EDITED")
        if entry is None:
            yield _break(seal, "ENTRY_MISSING")
        elif not _is_as_sealed(seal, entry):
            yield _break(seal, "ENTRY_EDITED")
        sequence, previous_hash = seal.sequence, seal.hash


def _is_as_sealed(seal: AuditSeal, entry: AuditEntry) -> bool:
    if chain_of(entry.client_id) != seal.chain:
        return False
    redaction = getattr(entry, "redaction", None)
    if redaction is None:
        return seal_hash(seal.previous_hash, entry.content()) == seal.hash
    return redaction.content_sha256 == content_sha256(entry.content())


def _breaks_of_redactions() -> Iterator[AuditBreak]:
    """Give the entries that are said to be redacted, where no sealed entry says so: somebody hides what was edited."""
    told = AuditEntry.objects.filter(action=REDACTED_BY, facts__has_key="digest")
    digests = dict(told.values_list("facts__batch_id", "facts__digest"))
    redacted = AuditRedaction.objects.order_by("batch_id", "pk").values_list(
        "batch_id", "entry_id", "entry__seal__hash", "content_sha256", "entry__seal__chain", "entry__seal__sequence"
    )
    for batch_id, rows in groupby(redacted.iterator(), key=lambda row: row[0]):
        batch = list(rows)
        if digests.get(str(batch_id)) != batch_digest(row[1:4] for row in batch):
            for _, entry_id, _, _, chain, sequence in batch:
                yield AuditBreak(chain=chain, sequence=sequence, entry_id=entry_id, problem="ENTRY_EDITED")


def _cut_tails(heads: Iterable[AuditHead]) -> Iterator[AuditBreak]:
    for head in heads:
        if not AuditSeal.objects.filter(chain=head.chain, sequence=head.sequence, hash=head.hash).exists():
            yield AuditBreak(chain=head.chain, sequence=head.sequence, entry_id=None, problem="HEAD_MISSING")


def _break(seal: AuditSeal, problem: str) -> AuditBreak:
    return AuditBreak(chain=seal.chain, sequence=seal.sequence, entry_id=seal.entry_id, problem=problem)


# --- readiness --------------------------------------------------------------------------------------------------------

READY_WITHIN_SECONDS = 1.5
OK = "ok"


@dataclass(frozen=True)
class Readiness:
    """Whether this process can serve, and of each thing it needs how that stands, without names or addresses.

    Redis may be away: what people do is committed all the same, and the sweeper moves the runs, more slowly. Taking
    every web process out of service then would make an outage of a delay.
    """

    postgresql: str
    migrations: str
    redis: str

    @property
    def is_ready(self) -> bool:
        return self.postgresql == self.migrations == OK

    @property
    def status(self) -> str:
        if not self.is_ready:
            return "not ready"
        return "ready" if self.redis == OK else "degraded"


def readiness() -> Readiness:
    """Ask PostgreSQL and Redis at the same time, and return within two seconds even where one is frozen."""
    until = time.monotonic() + READY_WITHIN_SECONDS
    database, broker = servers.database.put(), servers.broker.put()
    postgresql, migrations = OK, "unknown"
    try:
        missing = servers.listen(database, until)
        migrations = f"{len(missing)} not applied" if missing else OK
    except (TimeoutError, Error) as error:
        log.warning("PostgreSQL does not answer: %s", error or "no word")
        postgresql = "does not answer"
    redis = OK
    try:
        servers.listen(broker, until)
    except (TimeoutError, RedisError) as error:
        log.warning("Redis does not answer: %s", error or "no word")
        redis = "does not answer"
    return Readiness(postgresql=postgresql, migrations=migrations, redis=redis)


# --- metrics ----------------------------------------------------------------------------------------------------------

SEALED_WITHIN = timedelta(minutes=2)
"""Beat seals every 30 seconds; an entry whose transaction took long may miss a turn or two."""
SEALING_SEEN = timedelta(minutes=10)
"""How far back entries without a seal are looked for: looking among all of them would read the whole audit."""


def all_metrics(at: datetime) -> list[Metric]:
    """Return every number worth watching. Raises django.db.Error where PostgreSQL is away."""
    return [*_of_workers(), _of_sealing(at), *_of_broker(), _of_breakers(), _of_disks(), *offered_metrics(at)]


def _of_workers() -> Iterator[Metric]:
    workers = list(WorkerHeartbeat.objects.with_silence())
    alive = [worker for worker in workers if worker.silence <= SILENT_AFTER]
    serving = Counter(queue for worker in alive for queue in worker.queues)
    yield Metric(
        "aicmo_worker_silence_seconds",
        "How long ago a worker was last heard of. One that ended in order is not listed.",
        tuple(Sample(worker.silence.total_seconds(), {"worker": worker.name}) for worker in workers),
        labels=("worker",),
    )
    yield Metric(
        "aicmo_queue_workers",
        f"Workers heard of in the last {SILENT_AFTER.seconds} seconds that serve a queue.",
        tuple(Sample(serving[name], {"queue": name}) for name in _queues()),
        labels=("queue",),
    )


def _of_sealing(at: datetime) -> Metric:
    late = AuditEntry.objects.filter(occurred_at__gt=at - SEALING_SEEN, occurred_at__lt=at - SEALED_WITHIN)
    return Metric(
        "aicmo_unsealed_entries",
        "Audit entries of the last ten minutes that should have a seal by now.",
        (Sample(late.filter(seal__isnull=True).count()),),
    )


def _queues() -> list[str]:
    return [queue.name for queue in settings.CELERY_TASK_QUEUES]


def _of_broker() -> Iterator[Metric]:
    try:
        lengths = servers.queue_lengths()
    except RedisError as error:
        log.warning("Redis does not answer: %s", error)
        lengths = None
    yield Metric("aicmo_broker_up", "1 when Redis answers.", (Sample(lengths is not None),))
    waiting = tuple(Sample(length, {"queue": name}) for name, length in (lengths or {}).items())
    yield Metric("aicmo_queue_messages", "Messages that wait for a worker.", waiting, labels=("queue",))


def _of_breakers() -> Metric:
    return Metric(
        "aicmo_breaker_level",
        "The breaker of a vendor: 0 closed, 1 half-open, 2 open.",
        tuple(Sample(breaker.level, {"vendor": breaker.name}) for breaker in list_breakers()),
        labels=("vendor",),
    )


def _of_disks() -> Metric:
    folders = {"media": settings.MEDIA_ROOT, "published": settings.PUBLISH_FOLDER}
    usages = {name: shutil.disk_usage(folder) for name, folder in folders.items() if folder.exists()}
    return Metric(
        "aicmo_disk_free_ratio",
        "Free share of the disk under a folder, seen from the web process.",
        tuple(Sample(usage.free / usage.total, {"folder": name}) for name, usage in usages.items()),
        labels=("folder",),
    )
