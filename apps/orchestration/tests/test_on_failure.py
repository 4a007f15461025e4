"""The chain's on-failure task."""

from collections.abc import Callable

import pytest
from billiard.exceptions import WorkerLostError
from celery.app.task import Context

from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import advance
from apps.orchestration.tasks import LinkRefused, on_failure
from bench.probe.models import ProbeRow

Start = Callable[..., WorkflowRun]


def test_takes_back_the_run_whose_link_was_refused(start_probe: Start) -> None:
    run, other = start_probe(refuse_at="four"), start_probe(refuse_at="four")
    for each in (run, other):
        assert advance.run_link(each.pk, 0) is advance.Result.REFUSED
    on_failure(Context(args=[str(run.pk), 0]), LinkRefused("no"), "")
    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.state, other.state) == ("COMPENSATED", "COMPENSATING")
    assert not ProbeRow.objects.of_run(run.pk).exists()


@pytest.mark.parametrize("error", [WorkerLostError("killed"), OSError("no connection")])
def test_leaves_a_run_alone_that_nobody_refused(start_probe: Start, error: Exception) -> None:
    run = start_probe(refuse_at="four")
    advance.run_link(run.pk, 0)
    on_failure(Context(args=[str(run.pk), 0]), error, "")
    run.refresh_from_db()
    assert run.state == "COMPENSATING"
