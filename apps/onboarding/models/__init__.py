"""Intakes with their files, the briefs made of them, and how far each client's onboarding is."""

from apps.onboarding.models.intakes import (
    Attachment,
    Brief,
    DiscoveryNote,
    DraftAttachment,
    Intake,
    IntakeAttachment,
    IntakeDraft,
    IntakeQuerySet,
)
from apps.onboarding.models.workspaces import IntakeInvitation, Workspace

__all__ = [
    "Attachment",
    "Brief",
    "DiscoveryNote",
    "DraftAttachment",
    "Intake",
    "IntakeAttachment",
    "IntakeDraft",
    "IntakeInvitation",
    "IntakeQuerySet",
    "Workspace",
]
