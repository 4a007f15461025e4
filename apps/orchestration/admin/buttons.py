"""The commands on a run as buttons: what each asks, and what it does in plain words."""

from functools import partial

from django.utils.html import format_html
from unfold.enums import ActionVariant

from apps.orchestration.admin.undo import to_type, undo_in_words, undo_of, undo_panel
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.commands import POSSIBLE
from apps.orchestration.queries.runs import stands_at
from apps.orchestration.services.commands import COMMANDS, CommandRefused
from apps.orchestration.services.control import ReasonMissing
from apps.shared.admin import MOVED_ON, Button, admin_link, short_id, words

WHY = "Why?"
WHY_IF_ANY = "Why? You may leave this empty."
IN_BULK = frozenset({"retry-step", "resume", "retry-compensation", "rerun", "cancel"})
"""What an operator does to many runs at once, when a cause is mended or a client has left."""
REFUSALS = (CommandRefused, ReasonMissing)
WOULD_CHANGE = "What would be removed has changed since you opened this."


def _link_to_new_run(run: WorkflowRun) -> str:
    return format_html("run {} has begun.", admin_link("orchestration.workflowrun", run.pk, short_id(run.pk)))


def _standing(run: WorkflowRun) -> str:
    """Say what a command is about: the page it is pressed on may be old."""
    return f"The run is {run.state}, at step {run.position + 1} ({words(stands_at(run))}), round {run.round}."


def _button(command: str, label: str, explanation: str, question: str = WHY, **looks: object) -> Button:
    given = COMMANDS[command]
    return Button(
        name=given.service.__name__,
        label=label,
        service=given.give,
        permission=given.permission,
        offered=POSSIBLE[command],
        explanation=explanation,
        asks_reason=True,
        question=question if given.needs_reason else WHY_IF_ANY,
        is_optional=not given.needs_reason,
        refusals=REFUSALS,
        explains=True,
        in_bulk=command in IN_BULK,
        **{"seen": _standing, **looks},  # type: ignore[arg-type]
    )


def _standing_and_undo(run: WorkflowRun) -> str:
    """Say what taking a run back is about: who confirms it has seen the list of what goes, this one and no other."""
    return f"{_standing(run)} {undo_in_words(undo_of(run))}"


def _moved_on(run: WorkflowRun, seen: str) -> str:
    """Tell a run that has gone on from one of which other rows or files would go."""
    return WOULD_CHANGE if seen.startswith(_standing(run)) else MOVED_ON


_taking_back = partial(_button, preview=undo_panel, seen=_standing_and_undo, moved_on=_moved_on, confirms=to_type)

RUN_BUTTONS = (
    _button(
        "rework",
        "Rework",
        "One more round is taken: the work gets your words as its instruction, and is then checked again. "
        "The rounds before stay as they are.",
        "What should be done differently?",
        variant=ActionVariant.PRIMARY,
    ),
    _button(
        "accept",
        "Accept as it is",
        "The run goes on with what the last round made, although the check was not content.",
        "Why is it good enough?",
    ),
    _button(
        "retry-step",
        "Retry step",
        "The step that the run stands at is tried again now, with all its attempts anew. What the steps before it "
        "made stays. Mend the cause first.",
    ),
    _button(
        "resume",
        "Resume",
        "The run looks at once whether it can go on, instead of at its next time. Nothing is skipped, and nothing is "
        "done twice.",
    ),
    _button(
        "skip-step",
        "Skip step",
        "The run goes on without the step, or without the answer, that it stands at. This is offered only where no "
        "later step needs what would have come of it.",
        "Why can the run go on without it?",
    ),
    _taking_back(
        "retry-compensation",
        "Retry taking back",
        "The run is stuck while taking back what it did. Mend the cause first; then this goes on where it stopped. "
        "Nothing that is taken back already is touched again.",
        "What did you mend?",
        variant=ActionVariant.PRIMARY,
    ),
    _button(
        "rerun",
        "Run again",
        "A new run starts from the same inputs, by the newest version of the workflow. This one stays as it is.",
        outcome=_link_to_new_run,
    ),
    _taking_back(
        "cancel",
        "Stop and take back",
        "The run stops, and all that it did is taken back, last step first. What cannot be taken back, such as a "
        "letter that was sent, is listed on this page with what a person must do about it.",
        variant=ActionVariant.DANGER,
    ),
    _taking_back(
        "compensate",
        "Take back",
        "The run is completed. All that it made is taken back, last step first, what it delivered included. What "
        "cannot be taken back is listed on this page with what a person must do about it.",
        variant=ActionVariant.DANGER,
    ),
)
