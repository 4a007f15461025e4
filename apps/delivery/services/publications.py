"""Bringing packages to destinations, once per key, and taking them back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.delivery.api import events
from apps.delivery.gateways import folder
from apps.delivery.models import Package, Publication
from apps.delivery.services.packages import ArtifactUnavailable, promote_package, read_checked
from apps.shared.events import AuditNote, Event, publish
from apps.shared.gateways.proof import ProofModeUnknown

ENDED = (Publication.State.PUBLISHED, Publication.State.PROOF, Publication.State.RETRACTED)
"""A key that led here leads nowhere else."""


class DestinationUnavailable(Exception):
    """Packages cannot be brought to this destination."""


class KeyAlreadyUsed(Exception):
    """The idempotency key names another publication."""


def publish_package(package_id: UUID, *, destination: str, key: str, by: UUID | None, at: datetime) -> Publication:
    """Bring a package to a destination, exactly once for a key; the same call again returns the same publication.

    An attempt that did not arrive leaves the publication FAILED with the error, and the next call tries again. In proof
    mode nothing leaves the house: the publication is PROOF, and stays so for this key, or a late retry would send what
    nobody decided to send; a new key publishes for real. Raises Package.DoesNotExist, DestinationUnavailable for
    anything but FOLDER, and KeyAlreadyUsed.
    """
    if destination != Publication.Destination.FOLDER:
        raise DestinationUnavailable(
            f"destination {destination!r}: packages can be published to {Publication.Destination.FOLDER} only."
        )
    publication = _begin(Package.objects.get(pk=package_id), destination, key, by=by)
    if publication.state != Publication.State.PUBLISHING:
        return publication
    try:
        arrival = _bring(publication, at=at)
    except (OSError, ArtifactUnavailable, ProofModeUnknown) as error:
        return _fail(publication.pk, str(error), by=by)
    return _complete(publication.pk, arrival, by=by)


@transaction.atomic
def retract_publication(publication: Publication, *, by: UUID, reason: str) -> Publication:
    """Take a published package back from its destination. Raises TransitionNotAllowed unless it is PUBLISHED."""
    before = _standing(publication)
    publication.retract()
    folder.remove(str(publication.pk))
    publication.save(update_fields=["state", "updated_at"])
    note = AuditNote(actor_id=by, reason=reason, before=before, after=_standing(publication))
    _publish(events.PublicationRetracted, publication, note)
    return publication


def remove_published(publication_id: UUID) -> None:
    """Take what was published away, whatever state it is in and without a word: it goes with the client it was for."""
    folder.remove(str(publication_id))


@transaction.atomic
def _begin(package: Package, destination: str, key: str, *, by: UUID | None) -> Publication:
    wish = {"package": package, "destination": destination}
    Publication.objects.get_or_create(idempotency_key=key, defaults=wish)
    publication = Publication.objects.select_for_update().get(idempotency_key=key)
    if (publication.package_id, publication.destination) != (package.pk, destination):
        raise KeyAlreadyUsed(f"key {key!r} names another publication; choose a new key for this one.")
    if publication.state in ENDED:
        return publication
    before = _standing(publication)
    publication.start()
    publication.save(update_fields=["state", "attempts", "error", "updated_at"])
    _publish(events.PublishStarted, publication, AuditNote(actor_id=by, before=before, after=_standing(publication)))
    return publication


def _bring(publication: Publication, *, at: datetime) -> folder.Arrival:
    package = publication.package
    if package.promoted_at is None:
        promote_package(package.pk, package.staged_prefix, at=at)
    contents = {artifact.name: read_checked(artifact) for artifact in package.artifacts.all()}
    return folder.publish(str(publication.pk), contents, at=at)


@transaction.atomic
def _complete(publication_id: UUID, arrival: folder.Arrival, *, by: UUID | None) -> Publication:
    publication = Publication.objects.select_for_update().get(pk=publication_id)
    has_left = publication.state == Publication.State.PROOF and not arrival.is_proof
    if publication.state != Publication.State.PUBLISHING and not has_left:
        return publication  # somebody else with the same key was quicker
    before = _standing(publication)
    if arrival.is_proof:
        publication.prove(arrival.address)
    else:
        publication.complete(arrival.address)
    publication.save(update_fields=["state", "external_id", "updated_at"])
    note = AuditNote(actor_id=by, before=before, after=_standing(publication))
    told = events.PublishProofWritten if arrival.is_proof else events.PublishCompleted
    _publish(told, publication, note, external_id=arrival.address)
    return publication


@transaction.atomic
def _fail(publication_id: UUID, error: str, *, by: UUID | None) -> Publication:
    publication = Publication.objects.select_for_update().get(pk=publication_id)
    if publication.state != Publication.State.PUBLISHING:
        return publication
    before = _standing(publication)
    publication.fail(error)
    publication.save(update_fields=["state", "error", "updated_at"])
    note = AuditNote(actor_id=by, reason=error, before=before, after=_standing(publication))
    _publish(events.PublishFailed, publication, note, error=error)
    return publication


def _publish(kind: type[Event], publication: Publication, note: AuditNote, **fields: str) -> None:
    event = kind(
        client_id=publication.package.client_id,
        run_id=publication.package.run_id,
        aggregate_id=publication.pk,
        package_id=publication.package_id,
        destination=publication.destination,
        **fields,
    )
    publish(event, note)


def _standing(publication: Publication) -> dict[str, str | int]:
    return {
        "state": str(publication.state),
        "attempts": publication.attempts,
        "external_id": publication.external_id,
        "error": publication.error,
    }
