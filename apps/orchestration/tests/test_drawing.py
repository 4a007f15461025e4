"""The drawing of a workflow …"""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.tests.factories import UserFactory
from apps.orchestration.admin.drawing import BOX_WIDTH, Drawing, Line, Loop, drawing_of, lay_out
from apps.orchestration.models import WorkflowRun
from apps.orchestration.queries.runs import declared, list_lines
from apps.orchestration.tests.conftest import finish
from apps.orchestration.workflows import get_workflow

Run = Callable[..., WorkflowRun]
SVG = "{http://www.w3.org/2000/svg}"
THREE = (
    Line("Make brief", "SUCCEEDED", undo="Withdraw brief"),
    Line("Wait for approval", "WAITING", is_wait=True, is_present=True),
    Line("Send letter", "PENDING", undo="Recall letter"),
)


def drawn(run: WorkflowRun) -> Drawing:
    return drawing_of(run, declared(run), list_lines(run))


def present(drawing: Drawing) -> list[str]:
    return [box.line.name for box in drawing.boxes if box.line.is_present]


def test_sets_steps_side_by_side_in_their_order_and_inside_the_picture() -> None:
    drawing = lay_out(THREE)
    assert [box.line.name for box in drawing.boxes] == ["Make brief", "Wait for approval", "Send letter"]
    edges = [edge for box in drawing.boxes for edge in (box.x, box.x + BOX_WIDTH)]
    assert [0, *edges, drawing.width] == sorted({0, *edges, drawing.width})
    assert len(drawing.forward) == 4


def test_draws_a_wait_round_and_a_step_square() -> None:
    assert [box.radius > 20 for box in lay_out(THREE).boxes] == [False, True, False]


def test_leads_back_past_what_has_no_compensation() -> None:
    drawing = lay_out(THREE)
    make, _, send = drawing.boxes
    assert [arrow.text.words for arrow in drawing.back] == ["Withdraw brief", "Recall letter"]
    first, second = (int(re.search(r"H(\d+)", arrow.path)[1]) for arrow in drawing.back)
    assert first == drawing.start[0]
    assert make.x < second < make.x + BOX_WIDTH < send.x


def test_tells_the_way_back_that_was_taken_from_the_one_that_was_not() -> None:
    lines = (Line("One", "SUCCEEDED", undo="Undo one"), Line("Two", "COMPENSATED", undo="Undo two"))
    assert [arrow.is_taken for arrow in lay_out(lines).back] == [False, True]


def test_draws_a_round_as_a_loop_from_the_check_to_the_work() -> None:
    drawing = lay_out(THREE, [Loop(work=0, check=2, words="at most 3 rounds")])
    (loop,) = drawing.loops
    start, stop = map(int, re.match(r"M(\d+) .* (\d+) \d+$", loop.path).groups())
    assert stop < start
    assert loop.text.words == "at most 3 rounds"
    assert drawing.height > lay_out(THREE).height


def test_says_the_same_in_words() -> None:
    words = lay_out(THREE, [Loop(work=0, check=2, words="at most 3 rounds")]).description
    assert words == (
        "1. Make brief: succeeded; taken back by: withdraw brief. 2. Wait for approval: wait, waiting; the run stands "
        "here. 3. Send letter: pending; taken back by: recall letter. Steps 1 to 3 repeat, at most 3 rounds."
    )


def test_gives_a_state_nobody_knows_no_colour() -> None:
    (box,) = lay_out([Line("One", "PUZZLED")]).boxes
    assert (box.colour, box.state.words) == ("none", "PUZZLED")


def test_shortens_names_that_do_not_fit() -> None:
    (box,) = lay_out([Line("Word " * 20, "PENDING", undo="x" * 300)]).boxes
    assert [text.words for text in box.name] == ["Word Word Word", "Word Word Word …"]
    assert lay_out([]).boxes == ()


@pytest.mark.parametrize(
    ("workflow", "seed", "stands_at"),
    [
        ("probe_wait", {}, ["Wait for probe approved"]),
        ("probe_rounds", {"label": "99"}, ["Judge piece"]),
        ("probe_five", {}, []),
        ("probe_five", {"refuse_at": "three"}, []),
    ],
)
def test_marks_where_the_run_stands(start_probe: Run, workflow: str, seed: dict, stands_at: list[str]) -> None:
    assert present(drawn(finish(start_probe(workflow, **seed)))) == stands_at


def test_marks_what_is_taken_back_next(run_probe: Run) -> None:
    run = run_probe(refuse_at="three")
    run.step_runs.filter(name="one").update(state="SUCCEEDED")
    WorkflowRun.objects.filter(pk=run.pk).update(state="STUCK")
    assert present(drawn(WorkflowRun.objects.get(pk=run.pk))) == ["One"]


def test_shows_what_was_done_of_a_workflow_that_nobody_knows_any_more(run_probe: Run) -> None:
    run = run_probe(refuse_at="two")
    run.workflow = "retired_long_ago"
    assert [box.line.name for box in drawn(run).boxes] == ["One", "Two"]


def test_leads_rounds_over_those_within_them(start_probe: Run) -> None:
    within, around = drawn(start_probe("probe_review")).loops
    assert (within.text.words, around.text.words) == ("at most 2 rounds", "until content")
    (high,) = re.findall(r"V(-?\d+)H", around.path)
    assert int(high) < within.text.y - 11 < within.text.y
    assert drawn(start_probe("probe_review")).top <= around.text.y - 11


def test_knows_rounds_waits_and_compensations_of_the_declaration(start_probe: Run) -> None:
    rounds = drawn(start_probe("probe_rounds"))
    assert [loop.text.words for loop in rounds.loops] == ["at most 3 rounds"]
    waits = drawn(start_probe("probe_wait"))
    assert [box.line.is_wait for box in waits.boxes] == [False, True, False]
    assert [arrow.text.words for arrow in waits.back] == ["Withdraw one", "Recall letter"]


def test_fits_the_main_job_beside_the_menu_on_a_small_laptop(start_probe: Run) -> None:
    workflow = get_workflow("client_to_delivery")
    assert lay_out([Line(spec.name, "PENDING") for spec in workflow.specs]).width <= 920


def test_is_a_picture_with_a_name_and_a_description(start_probe: Run, transactional_db: None) -> None:
    desk = Browser()
    desk.force_login(UserFactory(is_superuser=True))
    run = finish(start_probe("probe_rounds", label="99"))
    page = desk.get(reverse("admin:orchestration_workflowrun_change", args=[run.pk])).content.decode()
    svg = ElementTree.fromstring(
        re.search(r"<svg role=.*?</svg>", page, re.DOTALL)[0].replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1)
    )
    assert (svg.get("role"), svg.get("aria-labelledby")) == ("img", "drawing-title drawing-words")
    assert svg.find(f"{SVG}title").text == "probe_rounds v1"
    assert "the run stands here" in svg.find(f"{SVG}desc").text
    assert len(svg.findall(f"{SVG}g")) == 4
