"""Search everything for whom an erasure was about: what is found must be what was named as kept."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.orchestration.queries import personal
from apps.orchestration.queries.personal import Subject, text_columns
from apps.orchestration.workflows.personal_data import POLICY, Anonymise, Keep, Table
from apps.shared.text import pattern_of


class ProofFailed(Exception):
    """Something is left that must not be; the words name tables and columns."""


def prove(subject: Subject, request_id: UUID) -> dict[str, Any]:
    """Return what a search through every column of text found, as the certificate says it.

    An address anywhere but in what is kept is a failure. A name elsewhere may be another's, and is named alone.
    Raises ProofFailed.
    """
    found = list(_hits(subject, request_id))
    if left := [f"{hit['table']}.{hit['column']}" for hit in found if hit["of"] == "address" and not hit["is_kept"]]:
        raise ProofFailed(f"An address is left in {', '.join(left)}.")
    return {
        "columns_searched": sum(len(text_columns(table.model)) for table in POLICY),
        "kept": [
            {"table": hit["table"], "column": hit["column"], "rows": hit["rows"]} for hit in found if hit["is_kept"]
        ],
        "same_name_elsewhere": [
            {"table": hit["table"], "column": hit["column"], "rows": hit["rows"]} for hit in found if not hit["is_kept"]
        ],
        "not_searched": "Backups, encoded parts of mails, and what was mailed or told to webhooks before.",
    }


def _hits(subject: Subject, request_id: UUID) -> Iterator[dict[str, Any]]:
    patterns = {"address": pattern_of(subject.addresses), "name": pattern_of((), subject.names)}
    for table in POLICY:
        own = Q(pk=request_id) if table.label == "identity.datarequest" else None
        for kind, pattern in patterns.items():
            for name, rows in personal.columns_saying(table.model, pattern, but=own).items():
                held = name in _held(table)
                yield {"table": table.label, "column": name, "of": kind, "rows": rows, "is_kept": held}


def _held(table: Table) -> set[str]:
    fates = (fate for fate in (table.client, table.person) if isinstance(fate, Keep | Anonymise))
    return {name for fate in fates for name in (*fate.holds, *_needed(fate))}


def _needed(fate: Keep | Anonymise) -> tuple[str, ...]:
    return fate.needed.columns if isinstance(fate, Anonymise) and fate.needed is not None else ()
