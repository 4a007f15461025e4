"""Verbs of onboarding."""

from apps.onboarding.services.attachments import attach_file, remove_attachment, sweep_attachments
from apps.onboarding.services.briefs import (
    NotCorrected,
    require_corrected,
    revise_brief,
    store_brief,
    withdraw_brief,
)
from apps.onboarding.services.drafts import (
    DraftChanged,
    DraftGone,
    DraftRefused,
    attach_to_draft,
    discard_draft,
    open_draft,
    remove_from_draft,
    save_answers,
    submit_draft,
)
from apps.onboarding.services.intakes import SubmissionKeyTaken, capture_intake, check_intake
from apps.onboarding.services.invitations import (
    InvitationStands,
    begin_onboarding,
    register_bell,
    send_again,
    send_invitation,
    sweep_invitations,
)
from apps.onboarding.services.workspaces import complete, move, open_workspace, review_brief, set_up, start_discovery

__all__ = [
    "DraftChanged",
    "DraftGone",
    "DraftRefused",
    "InvitationStands",
    "NotCorrected",
    "SubmissionKeyTaken",
    "attach_file",
    "attach_to_draft",
    "begin_onboarding",
    "capture_intake",
    "check_intake",
    "complete",
    "discard_draft",
    "move",
    "open_draft",
    "open_workspace",
    "register_bell",
    "remove_attachment",
    "remove_from_draft",
    "require_corrected",
    "review_brief",
    "revise_brief",
    "save_answers",
    "send_again",
    "send_invitation",
    "set_up",
    "start_discovery",
    "store_brief",
    "submit_draft",
    "sweep_attachments",
    "sweep_invitations",
    "withdraw_brief",
]
