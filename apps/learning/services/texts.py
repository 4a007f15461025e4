"""Keeping texts as examples, and saying who may be shown them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.learning.api.dtos import ArtifactText
from apps.learning.api.events import ArtifactReleased, ArtifactStored, ArtifactWithheld
from apps.learning.models import StoredArtifact
from apps.learning.rules.gate import gate_problem
from apps.shared.events import AuditNote, Event, publish


@transaction.atomic
def store_artifact(artifact: ArtifactText, *, client_id: UUID, at: datetime) -> StoredArtifact | None:
    """Keep a section as an example, once for its draft; None for one that the gate of learning does not let through."""
    brand = Client.objects.values_list("name", flat=True).get(pk=client_id)
    if gate_problem(artifact.text, brand):
        return None
    kept, is_new = StoredArtifact.objects.get_or_create(
        source_id=artifact.source_id,
        kind=artifact.kind,
        defaults={"client_id": client_id, "text": artifact.text, "tags": list(artifact.tags), "stored_at": at},
    )
    if is_new:
        _publish(ArtifactStored, kept, AuditNote(after={"kind": kept.kind}), source_id=kept.source_id)
    return kept


@transaction.atomic
def release_artifact(artifact: StoredArtifact, *, by: UUID, reason: str) -> StoredArtifact:
    """Offer a text to those who write for other clients too. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError("reason is empty: say how you know that nothing in the text is the client's own.")
    return _set_free(artifact, ArtifactReleased, is_free=True, by=by, reason=reason)


@transaction.atomic
def withhold_artifact(artifact: StoredArtifact, *, by: UUID, reason: str = "") -> StoredArtifact:
    """Offer a text to those alone who write for its own client."""
    return _set_free(artifact, ArtifactWithheld, is_free=False, by=by, reason=reason)


def _set_free(artifact: StoredArtifact, kind: type[Event], *, is_free: bool, by: UUID, reason: str) -> StoredArtifact:
    before = artifact.is_free_of_client_data
    artifact.is_free_of_client_data = is_free
    artifact.save(update_fields=["is_free_of_client_data", "updated_at"])
    states = ({"is_free_of_client_data": value} for value in (before, is_free))
    _publish(kind, artifact, AuditNote(actor_id=by, reason=reason, before=next(states), after=next(states)))
    return artifact


def _publish(kind: type[Event], artifact: StoredArtifact, note: AuditNote, **facts: Any) -> None:
    publish(kind(client_id=artifact.client_id, aggregate_id=artifact.pk, kind=artifact.kind, **facts), note)
