"""The account manager's desk: what clients sent, what was understood, and how far the onboarding is."""

from apps.onboarding.admin.briefs import BriefAdmin
from apps.onboarding.admin.intakes import DiscoveryNoteAdmin, IntakeAdmin, IntakeAttachmentAdmin
from apps.onboarding.admin.workspaces import IntakeInvitationAdmin, WorkspaceAdmin

__all__ = [
    "BriefAdmin",
    "DiscoveryNoteAdmin",
    "IntakeAdmin",
    "IntakeAttachmentAdmin",
    "IntakeInvitationAdmin",
    "WorkspaceAdmin",
]
