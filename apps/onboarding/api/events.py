"""Facts of onboarding."""

from typing import ClassVar
from uuid import UUID

from apps.shared.events import Event


class IntakeCaptured(Event):
    """A client's intake was stored."""

    aggregate: ClassVar[str] = "onboarding.intake"
    form_version: str


class IntakeDraftOpened(Event):
    """A client began to write an intake in the portal."""

    aggregate: ClassVar[str] = "onboarding.intakedraft"


class IntakeDraftSaved(Event):
    """A client answered some questions of an intake it still writes."""

    aggregate: ClassVar[str] = "onboarding.intakedraft"
    questions: tuple[str, ...]


class IntakeDraftDiscarded(Event):
    """A client threw an intake away that it had not submitted."""

    aggregate: ClassVar[str] = "onboarding.intakedraft"


class AttachmentAdded(Event):
    """A file was attached to an intake, or to one still written: both keep their keys when it is submitted."""

    aggregate: ClassVar[str] = "onboarding.intakeattachment"
    intake_id: UUID
    media_type: str


class AttachmentRemoved(Event):
    """A file was taken off an intake, and deleted."""

    aggregate: ClassVar[str] = "onboarding.intakeattachment"
    intake_id: UUID


class IntakeInvited(Event):
    """A client that was won is to be mailed, and asked to write its intake."""

    aggregate: ClassVar[str] = "onboarding.intakeinvitation"
    intake_id: UUID


class InvitationMailed(Event):
    """The mail that asks for an intake was sent; `outcome` is SENT, PROOF, REFUSED or UNKNOWN."""

    aggregate: ClassVar[str] = "onboarding.intakeinvitation"
    outcome: str


class InvitationRetried(Event):
    """A person had the mail sent again that asks for an intake."""

    aggregate: ClassVar[str] = "onboarding.intakeinvitation"


class BriefValidated(Event):
    """An intake became a usable brief."""

    aggregate: ClassVar[str] = "onboarding.brief"
    deliverables: tuple[str, ...]
    warning_count: int


class BriefRevised(Event):
    """Somebody corrected a brief: this is its next version, and the one before stays as it was."""

    aggregate: ClassVar[str] = "onboarding.brief"
    revises_id: UUID
    version: int
    changed: tuple[str, ...]


class BriefWithdrawn(Event):
    """A run took its brief back; the intake stays."""

    aggregate: ClassVar[str] = "onboarding.brief"


class OnboardingAdvanced(Event):
    """A client's onboarding reached its next stage."""

    aggregate: ClassVar[str] = "onboarding.workspace"
    state: str


class WorkspaceOpened(Event):
    """A client's onboarding began."""

    aggregate: ClassVar[str] = "onboarding.workspace"
    slug: str


class WorkspaceMoved(Event):
    """The work with a client will happen at another address."""

    aggregate: ClassVar[str] = "onboarding.workspace"
    url: str


class WorkspaceCreated(Event):
    """A client's workspace is ready."""

    aggregate: ClassVar[str] = "onboarding.workspace"
    url: str
