"""Workspaces at the desk: how far the onboarding of each client is, and the mails that ask new clients to begin."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest

from apps.onboarding import services
from apps.onboarding.models import IntakeInvitation, Workspace
from apps.onboarding.services import InvitationStands
from apps.shared.admin import (
    CLIENT_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    client_link,
    link_column,
    run_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter


def _may(transition: str) -> Any:
    def offered(workspace: Workspace) -> bool:
        return any(found.name == transition for found in workspace.get_available_state_transitions())

    return offered


def _button(name: str, label: str, explanation: str) -> Button:
    service = getattr(services, name)
    return Button(name, label, service, "onboarding.advance_workspace", _may(name), explanation)


def _move(workspace: Workspace, *, by: UUID, reason: str) -> Workspace:
    """Take the dialog's answer as what it asks for: the address."""
    return services.move(workspace, url=reason, by=by)


@admin.register(Workspace)
class WorkspaceAdmin(DocumentAdmin, TransitionAdmin):
    empty_says = "Each belongs to a client whose onboarding has begun."
    change_form_before_template = "admin/deeds.html"
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
        Button(
            "move",
            "Say where",
            _move,
            "onboarding.advance_workspace",
            lambda workspace: workspace.state != Workspace.State.COMPLETE,
            "The client will be invited there. That of a won client is its intake's page until somebody says this.",
            asks_reason=True,
            question="The address of its folder, board or channel",
            refusals=(ValueError,),
        ),
    )

    def page(self, request: HttpRequest, row: Workspace) -> dict[str, Any]:
        """Show what others have to say on how the client's work stands: whether it may start."""
        return {"deeds": self.admin_site.deeds_about(request, row)}


IN_DOUBT = Need(
    key="doubt",
    title="Intake invitations that may not have arrived",
    permissions=("onboarding.send_intakeinvitation",),
    narrow=lambda rows: rows.filter(state__in=IntakeInvitation.IN_DOUBT).select_related("client").order_by("pk"),
    why=lambda invitation: invitation.said,
)


@admin.register(IntakeInvitation)
class IntakeInvitationAdmin(TransitionAdmin):
    empty_says = "Each goes to the contact of a client that was won by a deal."
    empty_leads_to = ("Deals", "admin:cam_deal_changelist", "cam.view_deal")
    needs = (IN_DOUBT,)
    list_display = ("email", client_link, state_column(), "said", "created_at")
    list_filter = ("state", needs_filter(needs), CLIENT_FILTER)
    list_select_related = ("client",)
    fields = (
        *(client_link, "email", "full_name", "language", state_column(), "said"),
        *(link_column("cam.deal", "deal_id"), "intake_id", "begun_at", "ended_at", "created_at"),
    )
    id_fields = ("pk", "deal_id", "intake_id", "client_id")
    search_fields = ("email", "client__name")
    buttons: ClassVar = (
        Button(
            name="send_again",
            label="Send again",
            service=services.send_again,
            permission="onboarding.send_intakeinvitation",
            offered=lambda invitation: invitation.state in IntakeInvitation.IN_DOUBT,
            explanation="It may not have arrived. If it did, the client gets it twice.",
            refusals=(InvitationStands,),
        ),
    )
