"""The books are proved: read as a whole, by SQL, and what was found is kept."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.billing import queries
from apps.billing.api.events import BooksChecked
from apps.billing.models import BookProof
from apps.shared.events import AuditNote, publish


def prove_books(*, at: datetime, by: UUID | None = None) -> BookProof:
    """Check every invariant of the books and keep what was found.

    Each check is one statement, which sees the books as they were at one moment: work goes on meanwhile, and nothing
    is locked.
    """
    rows, breaches = queries.count_rows(), queries.list_breaches()
    broken = Counter(breach.check for breach in breaches)
    checks = [{"check": check, "breaches": broken[check]} for check in queries.BREACHES]
    with transaction.atomic():
        proof = BookProof.objects.create(
            proved_at=at,
            rows=rows,
            checks=checks,
            breach_count=len(breaches),
            breaches=[asdict(breach) for breach in breaches[: BookProof.MOST_NAMED]],
        )
        counts = {"check_count": len(checks), "breach_count": len(breaches)}
        event = BooksChecked(aggregate_id=proof.pk, **counts)
        publish(event, AuditNote(actor_id=by, after=counts))
    return proof
