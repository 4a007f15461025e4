"""What onboarding does for others."""

from datetime import datetime
from uuid import UUID

from apps.identity.api.dtos import Contact
from apps.onboarding import forms, models, queries, services
from apps.onboarding.api.dtos import (
    Brief,
    BriefContent,
    Intake,
    IntakeAttachment,
    IntakeColumn,
    IntakeForm,
    Submission,
    Workspace,
)
from apps.onboarding.forms import InvalidSubmission
from apps.onboarding.rules import AttachmentRefused, BriefImpossible, WrongColumns, columns
from apps.onboarding.services import NotCorrected, SubmissionKeyTaken
from apps.shared.workflow import RunContext, StepRefused, step

__all__ = [
    "AttachmentRefused",
    "BriefImpossible",
    "InvalidSubmission",
    "NotCorrected",
    "SubmissionKeyTaken",
    "WrongColumns",
    "attach_file",
    "begin_onboarding",
    "capture_intake",
    "check_columns",
    "check_intake",
    "check_row",
    "find_intake",
    "find_intakes",
    "get_brief",
    "get_corrected_brief",
    "get_intake",
    "list_attachments",
    "list_columns",
    "normalize_brief",
    "open_workspace",
    "preview_brief",
    "read_row",
    "read_submission",
    "require_corrected",
    "withdraw_brief",
]


def read_submission(*, data: object) -> Submission:
    """Return a submission that came by file or interface. Raises InvalidSubmission, naming every wrong field."""
    client, form = forms.parse_submission(data)
    return Submission(client=client, form=form)


def list_columns() -> tuple[IntakeColumn, ...]:
    """Return the columns of a table of intakes, in the order of a template."""
    return tuple(IntakeColumn(name=name, hint=hint) for name, hint in columns.COLUMNS.items())


def check_columns(*, headings: tuple[str, ...]) -> None:
    """Do nothing for headings of a table of intakes; raise WrongColumns, naming those that are not."""
    columns.check_columns(headings)


def read_row(*, row: dict[str, str]) -> Submission:
    """Return the submission in a table's row, texts by heading. Raises InvalidSubmission, naming every wrong cell."""
    client, form = forms.parse_row(row)
    return Submission(client=client, form=form)


def check_row(*, row: dict[str, str], at: datetime) -> None:
    """Do nothing for a row that a brief can be made of; raise InvalidSubmission, naming the cells it lacks."""
    forms.check_row(row, at=at)


def preview_brief(*, submission: Submission, at: datetime) -> BriefContent:
    """Return what a submission would become, and store nothing. Raises BriefImpossible, naming every field."""
    return queries.preview_brief(submission, at=at)


def capture_intake(
    *, client_id: UUID, form: IntakeForm, source: str, at: datetime, key: str | None = None, by: UUID | None = None
) -> Intake:
    """Store a client's answers as they came; the same `key` twice gives the first intake back.

    `source` is PORTAL, STAFF or IMPORT, `by` the user who did it. Raises ObjectDoesNotExist for an unknown client,
    SubmissionKeyTaken where the key stands for another intake, ValueError for an unknown source.
    """
    return services.capture_intake(client_id=client_id, form=form, source=source, at=at, key=key, by=by).as_dto()


def get_intake(*, intake_id: UUID) -> Intake:
    """Return an intake. Raises ObjectDoesNotExist."""
    return queries.get_intake(intake_id)


def find_intake(*, key: str) -> Intake | None:
    """Return the intake captured under a submission key, if there is one."""
    return queries.find_intake(key)


def find_intakes(*, keys: tuple[str, ...]) -> tuple[Intake | None, ...]:
    """Return for each submission key the intake captured under it, if there is one."""
    return queries.find_intakes(keys)


def attach_file(*, intake_id: UUID, name: str, content: bytes, by: UUID | None = None) -> IntakeAttachment:
    """Keep a file with an intake and read its text; the same file twice is one attachment.

    `name` is what the client calls it, `by` the user who did it. Raises ObjectDoesNotExist for an unknown intake,
    AttachmentRefused for a file that is not accepted, OSError when the storage does not take it.
    """
    return services.attach_file(intake_id, name=name, content=content, by=by).as_dto()


def list_attachments(*, intake_id: UUID) -> tuple[IntakeAttachment, ...]:
    """Return the files attached to an intake, first attached first; none for an unknown one."""
    return queries.list_attachments(intake_id)


def check_intake(*, intake: Intake) -> None:
    """Do nothing for an intake a brief can be made of; raise BriefImpossible, naming every field, for another."""
    services.check_intake(intake)


def withdraw_brief(*, run: RunContext) -> None:
    """Remove the brief a run made, and nothing else; may run twice."""
    services.withdraw_brief(run=run)


@step(compensate=withdraw_brief, queue="system")
def normalize_brief(*, intake: Intake, run: RunContext) -> Brief:
    """Make a brief of what the client said. Raises StepRefused, naming every field without which none can be made."""
    try:
        return services.store_brief(intake, run=run).as_dto()
    except BriefImpossible as impossible:
        raise StepRefused(str(impossible)) from impossible


def get_brief(*, brief_id: UUID) -> Brief:
    """Return a brief. Raises ObjectDoesNotExist."""
    return queries.get_brief(brief_id)


def require_corrected(*, brief_id: UUID) -> None:
    """Do nothing for a brief that holds as a person corrected it; raise NotCorrected, which says why, for another.

    Raises ObjectDoesNotExist for an unknown id.
    """
    services.require_corrected(models.Brief.objects.get(pk=brief_id))


def get_corrected_brief(*, brief_id: UUID) -> Brief:
    """Return a brief that holds as a person corrected it.

    Raises ObjectDoesNotExist for an unknown id, and NotCorrected, which says why, for any other brief.
    """
    brief = models.Brief.objects.get(pk=brief_id)
    services.require_corrected(brief)
    return brief.as_dto()


def open_workspace(*, client_id: UUID, url: str, by: UUID | None = None) -> Workspace:
    """Begin a client's onboarding; `url` is where the work will happen. The second call gives the first's workspace.

    Until the onboarding is complete it is given the `url` of the second: a won client's has its intake's page at first.
    Raises ValueError for a `url` that is no web address, ObjectDoesNotExist for an unknown client.
    """
    return services.open_workspace(client_id=client_id, url=url, by=by).as_dto()


def begin_onboarding(*, client_id: UUID, contact: Contact, deal_id: UUID, by: UUID | None = None) -> Workspace:
    """Open a won client's workspace and the intake it is to write, and mail its contact where; once for a deal.

    Raises ObjectDoesNotExist for an unknown client.
    """
    services.begin_onboarding(client_id, contact, deal_id=deal_id, by=by)
    return models.Workspace.objects.get(client_id=client_id).as_dto()
