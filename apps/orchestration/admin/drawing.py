"""The drawing of a workflow with a run on it: steps as boxes in their order, and where the run stands among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from apps.orchestration.models import StepRun, WorkflowRun
from apps.shared.admin import STATE_COLOURS, words
from apps.shared.workflow import Round, WaitFor, Workflow

BOX_WIDTH, BOX_HEIGHT = 140, 64
GAP = 32
MARGIN = 44
TOP = 60
"""Room above the boxes for the arrows of rounds."""
UNUSED_TOP = 32
"""How much of it is cut off where there are none."""
LOOP_STEP = 28
"""How much higher an arrow leads that goes over another's."""
LANE = 16
"""How far below the boxes the way back runs."""
BOTTOM = 48
"""Room below the boxes for the way back and the names of the compensations."""
START, MIDDLE = MARGIN - 28, TOP + BOX_HEIGHT // 2
NAME_CHARACTERS, UNDO_CHARACTERS = 18, 26
GOING_BACK = (WorkflowRun.State.COMPENSATING, WorkflowRun.State.STUCK)


@dataclass(frozen=True)
class Line:
    """One position of a workflow, as a run has left it. `undo` names its compensation, empty where it has none."""

    name: str
    state: str
    is_wait: bool = False
    is_present: bool = False
    undo: str = ""


@dataclass(frozen=True)
class Loop:
    """Positions that are taken again, from the first to the check, and in words how often.

    `height` tells over how many others it leads.
    """

    work: int
    check: int
    words: str
    height: int = 0


@dataclass(frozen=True)
class Text:
    """Words at a place."""

    x: int
    y: int
    words: str


@dataclass(frozen=True)
class Box:
    """A step or a wait. `radius` tells them apart: a wait is round."""

    x: int
    y: int
    radius: int
    colour: str
    line: Line
    name: tuple[Text, ...]
    state: Text
    now: Text | None


@dataclass(frozen=True)
class Arrow:
    """A path with a head at its end, and words beside it."""

    path: str
    text: Text | None = None
    is_taken: bool = False


@dataclass(frozen=True)
class Drawing:
    """All shapes, and the same in words for who cannot see them."""

    top: int
    width: int
    height: int
    boxes: tuple[Box, ...]
    forward: tuple[Arrow, ...]
    loops: tuple[Arrow, ...]
    back: tuple[Arrow, ...]
    start: tuple[int, int]
    end: tuple[int, int]
    description: str
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def drawing_of(run: WorkflowRun, workflow: Workflow | None, steps: Sequence[StepRun]) -> Drawing:
    """Draw a run's workflow; of one that this release does not know, the steps that the run took."""
    newest = {step.position: step for step in steps}
    positions = sorted(newest)
    present = _present(run, newest)
    lines = [_line(run, workflow, newest[position], is_present=position == present) for position in positions]
    rounds = workflow.rounds if workflow else ()
    return lay_out(lines, [_loop_of(workflow, each) for each in rounds])


def _loop_of(workflow: Workflow, rounds: Round) -> Loop:
    said = "until content" if rounds.at_most is None else f"at most {rounds.at_most} rounds"
    return Loop(rounds.start, rounds.check, said, height=len(workflow.within(rounds)))


def _present(run: WorkflowRun, newest: dict[int, StepRun]) -> int | None:
    """Return the position a run stands at: on the way back, that of the step to be taken back next."""
    if run.state in WorkflowRun.ENDED:
        return None
    if run.state in GOING_BACK:
        standing = (at for at, step in newest.items() if step.state == StepRun.State.SUCCEEDED)
        return max(standing, default=None)
    return run.position


def _line(run: WorkflowRun, workflow: Workflow | None, step: StepRun, *, is_present: bool) -> Line:
    is_known = workflow is not None and step.position < len(workflow.specs)
    spec = workflow.specs[step.position] if is_known else None
    is_waiting = is_present and run.state == WorkflowRun.State.WAITING
    return Line(
        name=words(step.name),
        state=run.state if is_waiting else step.state,
        is_wait=isinstance(spec, WaitFor),
        is_present=is_present,
        undo=words(spec.compensate.__name__) if spec is not None and spec.compensate else "",
    )


def lay_out(lines: Sequence[Line], loops: Sequence[Loop] = ()) -> Drawing:
    """Place lines from left to right: forward arrows between them, rounds above, the dashed way back below."""
    end = (_left(len(lines)) - GAP // 2, MIDDLE)
    top = -LOOP_STEP * max(loop.height for loop in loops) if loops else UNUSED_TOP
    return Drawing(
        top=top,
        width=end[0] + MARGIN // 2,
        height=TOP + BOX_HEIGHT + BOTTOM - top,
        boxes=tuple(_box(place, line) for place, line in enumerate(lines)),
        forward=tuple(_forward(len(lines), end[0])),
        loops=tuple(_loop(loop) for loop in loops if loop.check < len(lines)),
        back=tuple(_back(lines)),
        start=(START, MIDDLE),
        end=end,
        description=_in_words(lines, loops),
    )


def _left(place: int) -> int:
    return MARGIN + place * (BOX_WIDTH + GAP)


def _middle(place: int) -> int:
    return _left(place) + BOX_WIDTH // 2


def _box(place: int, line: Line) -> Box:
    name = _shortened(line.name, NAME_CHARACTERS)
    first = TOP + (20 if len(name) > 1 else 28)
    return Box(
        x=_left(place),
        y=TOP,
        radius=BOX_HEIGHT // 2 if line.is_wait else 6,
        colour=STATE_COLOURS.get(line.state, "none"),
        line=line,
        name=tuple(Text(_middle(place), first + 15 * row, part) for row, part in enumerate(name)),
        state=Text(_middle(place), TOP + BOX_HEIGHT - 10, line.state.replace("_", " ")),
        now=Text(_left(place) + 4, TOP - 8, "▼ now") if line.is_present else None,
    )


def _shortened(text: str, characters: int) -> list[str]:
    """Break a name into at most two lines."""
    return wrap(text, characters, max_lines=2, placeholder=" …") or [""]


def _forward(count: int, end: int) -> list[Arrow]:
    """Lead from the start through all boxes to the end."""
    sources = [START + 6, *(_left(place) + BOX_WIDTH for place in range(count))]
    targets = [*(_left(place) - 2 for place in range(count)), end - 8]
    return [Arrow(f"M{source} {MIDDLE}H{target}") for source, target in zip(sources, targets, strict=True)]


def _loop(loop: Loop) -> Arrow:
    """Lead from the check back to the first line; over loops within by straight lines, beside their ends."""
    high = TOP - 34 - LOOP_STEP * loop.height
    aside = LOOP_STEP * loop.height // 2
    start, stop = _middle(loop.check) + aside, _middle(loop.work) - aside
    way = f"V{high}H{stop}V" if loop.height else f"C{start} {high} {stop} {high} {stop} "
    return Arrow(f"M{start} {TOP}{way}{TOP - 3}", Text((start + stop) // 2, high - 6, loop.words))


def _back(lines: Sequence[Line]) -> list[Arrow]:
    """Lead from each step that has a compensation to the one before it, from the first one to the start."""
    arrows, target, low = [], START, TOP + BOX_HEIGHT
    for place, line in enumerate(lines):
        if not line.undo:
            continue
        up = low + 3 if arrows else MIDDLE + 8
        path = f"M{_middle(place) - 14} {low}v{LANE}H{target}V{up}"
        name = wrap(line.undo, UNDO_CHARACTERS, max_lines=1, placeholder=" …")[0]
        text = Text(_middle(place), low + LANE + 18, name)
        arrows.append(Arrow(path, text, is_taken=line.state == StepRun.State.COMPENSATED))
        target = _middle(place) + 14
    return arrows


def _in_words(lines: Sequence[Line], loops: Sequence[Loop]) -> str:
    told = []
    for place, line in enumerate(lines):
        kind = "wait, " if line.is_wait else ""
        here = "; the run stands here" if line.is_present else ""
        undo = f"; taken back by: {line.undo.lower()}" if line.undo else ""
        told.append(f"{place + 1}. {line.name}: {kind}{line.state.lower()}{here}{undo}.")
    told += [f"Steps {loop.work + 1} to {loop.check + 1} repeat, {loop.words}." for loop in loops]
    return " ".join(told)
