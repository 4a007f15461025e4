"""Leading a client's onboarding from stage to stage."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from apps.identity.models import Client
from apps.onboarding import models, rules
from apps.onboarding.api.events import OnboardingAdvanced, WorkspaceCreated, WorkspaceMoved, WorkspaceOpened
from apps.shared.events import AuditNote, publish


@transaction.atomic
def open_workspace(*, client_id: UUID, url: str, by: UUID | None = None) -> models.Workspace:
    """Begin a client's onboarding; `url` is where the work will happen. The second call gives the first's workspace.

    Until the onboarding is complete it is given the `url` of the second: a won client's has its intake's page at first.
    Raises ValueError for a `url` that is no web address, and Client.DoesNotExist.
    """
    address = _address(url)
    client = Client.objects.select_for_update().get(pk=client_id)  # whoever comes second waits
    workspace = open_at(client, address, by=by)
    return workspace if workspace.state == models.Workspace.State.COMPLETE else _move(workspace, address, by=by)


@transaction.atomic
def move(workspace: models.Workspace, *, url: str, by: UUID | None) -> models.Workspace:
    """Say where the work will happen: the client will be invited to `url`.

    Raises ValueError for one that is no web address, and once the client was invited.
    """
    if workspace.state == models.Workspace.State.COMPLETE:
        raise ValueError(f"The client was invited to {workspace.url}; it stays there.")
    return _move(workspace, _address(url), by=by)


def _address(url: str) -> str:
    address = rules.read_website(url)
    if address is None:
        raise ValueError(f"url: {url[:80]!r} is no web address; give one such as https://drive.example.com/acme.")
    return address


def open_at(client: Client, address: str, *, by: UUID | None) -> models.Workspace:
    """Return a client's workspace, opened now at this address where it has none; inside the caller's transaction."""
    workspace, is_new = models.Workspace.objects.get_or_create(
        client=client, defaults={"slug": client.slug, "url": address}
    )
    if is_new:
        publish(
            WorkspaceOpened(aggregate_id=workspace.pk, client_id=client.pk, slug=workspace.slug),
            AuditNote(actor_id=by, after={"state": workspace.state, "url": address}),
        )
    return workspace


def _move(workspace: models.Workspace, address: str, *, by: UUID | None) -> models.Workspace:
    if workspace.url == address:
        return workspace
    before, workspace.url = {"url": workspace.url}, address
    workspace.save(update_fields=["url", "updated_at"])
    publish(
        WorkspaceMoved(aggregate_id=workspace.pk, client_id=workspace.client_id, url=address),
        AuditNote(actor_id=by, before=before, after={"url": address}),
    )
    return workspace


def start_discovery(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from INTAKE to DISCOVERY. Raises TransitionNotAllowed without an intake."""
    return _advance(workspace, workspace.start_discovery, by=by, reason=reason)


def review_brief(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from DISCOVERY to BRIEF_REVIEW. Raises TransitionNotAllowed without a brief."""
    return _advance(workspace, workspace.review_brief, by=by, reason=reason)


def set_up(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from BRIEF_REVIEW to WORKSPACE_SETUP. Raises TransitionNotAllowed from another state."""
    return _advance(workspace, workspace.set_up, by=by, reason=reason)


@transaction.atomic
def complete(workspace: models.Workspace, *, by: UUID | None, reason: str = "") -> models.Workspace:
    """Lead an onboarding from WORKSPACE_SETUP to COMPLETE: the workspace is ready, and the client may be invited."""
    _advance(workspace, workspace.complete, by=by, reason=reason)
    publish(
        WorkspaceCreated(aggregate_id=workspace.pk, client_id=workspace.client_id, url=workspace.url),
        AuditNote(actor_id=by, reason=reason, after={"url": workspace.url}),
    )
    return workspace


@transaction.atomic
def _advance(
    workspace: models.Workspace, transition: Callable[[], None], *, by: UUID | None, reason: str
) -> models.Workspace:
    before = {"state": workspace.state}
    transition()
    workspace.save()
    publish(
        OnboardingAdvanced(aggregate_id=workspace.pk, client_id=workspace.client_id, state=workspace.state),
        AuditNote(actor_id=by, reason=reason, before=before, after={"state": workspace.state}),
    )
    return workspace
