"""Reads of the audit, and the proof that nobody changed it."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from uuid import UUID

from django.db.models import QuerySet

from apps.observability.api.dtos import AuditBreak, AuditHead
from apps.observability.models import AuditEntry, AuditSeal
from apps.observability.rules import FIRST_PREVIOUS_HASH, chain_of, seal_hash

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
    return (*breaks, *_cut_tails(against))


def _with_entries(seals: Iterator[AuditSeal]) -> Iterator[tuple[AuditSeal, AuditEntry | None]]:
    # No join: an inner one, which a required relation gets, would hide the seals whose entry is gone.
    while batch := list(islice(seals, SEALS_PER_READ)):
        entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in batch])
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
        elif (chain_of(entry.client_id), seal_hash(seal.previous_hash, entry.content())) != (seal.chain, seal.hash):
            yield _break(seal, "ENTRY_EDITED")
        sequence, previous_hash = seal.sequence, seal.hash


def _cut_tails(heads: Iterable[AuditHead]) -> Iterator[AuditBreak]:
    for head in heads:
        if not AuditSeal.objects.filter(chain=head.chain, sequence=head.sequence, hash=head.hash).exists():
            yield AuditBreak(chain=head.chain, sequence=head.sequence, entry_id=None, problem="HEAD_MISSING")


def _break(seal: AuditSeal, problem: str) -> AuditBreak:
    return AuditBreak(chain=seal.chain, sequence=seal.sequence, entry_id=seal.entry_id, problem=problem)
