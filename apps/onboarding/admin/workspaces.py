"""Workspaces at the desk: how far the onboarding of each client is."""

from typing import Any, ClassVar

from django.contrib import admin

from apps.onboarding import services
from apps.onboarding.models import Workspace
from apps.shared.admin import CLIENT_FILTER, Button, TransitionAdmin, client_link, run_link, state_column


def _may(transition: str) -> Any:
    def offered(workspace: Workspace) -> bool:
        return any(found.name == transition for found in workspace.get_available_state_transitions())

    return offered


def _button(name: str, label: str, explanation: str) -> Button:
    service = getattr(services, name)
    return Button(name, label, service, "onboarding.advance_workspace", _may(name), explanation)


@admin.register(Workspace)
class WorkspaceAdmin(TransitionAdmin):
    empty_says = "Each belongs to a client whose onboarding has begun."
    list_display = ("slug", client_link, state_column(), "url", "created_at")
    list_filter = ("state", CLIENT_FILTER)
    list_select_related = ("client",)
    fields = (client_link, state_column(), "slug", "url", run_link, "created_at", "updated_at")
    id_fields = ("pk", "run_id", "client_id")
    search_fields = ("slug", "client__name", "url")
    buttons: ClassVar = (
        _button("start_discovery", "Start discovery", "The client has answered; the calls begin."),
        _button("review_brief", "Review the brief", "A brief was made; it is looked over with the client."),
        _button("set_up", "Set the workspace up", "The brief holds; the place of work is prepared."),
        _button("complete", "Complete", "The workspace is ready; the client can be invited."),
    )
