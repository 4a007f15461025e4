"""Ways that Celery workers of this project take: the engine's, and a bare chain's."""

from typing import ClassVar
from uuid import UUID

from celery import chain
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.orchestration.services.start import start_run
from apps.orchestration.workflows import get_workflow
from bench.peers.way import NAMES, Way
from bench.probe.steps import Seed
from bench.probe.tasks import bare_step
from bench.stage import worker


class Engine(Way):
    """Our engine: full models, state machine, outbox and audit; a worker with two processes, set as deployed."""

    name = "engine, five steps of rows"
    workflow: ClassVar[str] = "probe_five"
    seed: ClassVar[Seed] = Seed()

    def bring_up(self) -> None:
        self.workers = [self.stack.enter_context(worker(concurrency=2)).pid]

    def start(self, count: int) -> list[UUID]:
        workflow = get_workflow(self.workflow)
        return [start_run(workflow, (self.seed,), key=str(uuid7()), at=timezone.now()).pk for _ in range(count)]


class EnginePrepared(Engine):
    """The same with a lease, a preparation and another queue for two of the five steps."""

    name = "engine, two of five prepared"
    workflow = "probe_prepared"


class EngineCompensated(Engine):
    """The same with a fifth step that refuses: four steps are taken back, and nothing of the run is left."""

    name = "engine, refused and taken back"
    seed = Seed(refuse_at="five")
    done = "SELECT count(*) FROM orchestration_workflowrun WHERE state = 'COMPENSATED'"
    done_one = "SELECT 1 FROM orchestration_workflowrun WHERE id = %s AND state = 'COMPENSATED'"


class BareChain(Way):
    """A Celery chain of five tasks that write a row each, on the same worker; its sweeper is put to sleep.

    Broker, prefetch and serializer are those of the project, results are ignored, and the connection to the database
    is kept from task to task: a chain at its cheapest.
    """

    name = "bare Celery chain, tuned"
    environment: ClassVar[dict[str, str]] = {"AICMO_SWEEP_SECONDS": "3600"}

    def bring_up(self) -> None:
        self.workers = [self.stack.enter_context(worker(concurrency=2, **self.environment)).pid]

    def start(self, count: int) -> list[UUID]:
        run_ids = [uuid7() for _ in range(count)]
        for run_id in run_ids:
            chain(*[bare_step.si(str(run_id), name).set(queue="system") for name in NAMES]).apply_async()
        return run_ids


class BareChainByDefault(BareChain):
    """The same as Celery does it with Django unless told otherwise: every task opens a connection of its own."""

    name = "bare Celery chain"
    environment: ClassVar[dict[str, str]] = {
        **BareChain.environment,
        "DJANGO_SETTINGS_MODULE": "bench.peers.settings_plain",
    }
