"""Faults of messages: poisonous, multiplied, delivered again, never sent, and rivals for one run."""

from collections import Counter, defaultdict
from uuid import UUID

from aicmo_site.celery import app
from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import commands
from bench.chaos import ledger
from bench.chaos.trial import COMPENSATED, COMPLETED, Fault, Trial
from bench.chaos.workers import Process

CANCELLED = ("CANCELLED",)


def poisonous_messages(trial: Trial) -> None:
    """F13: messages that no worker can read stand before those of the runs."""
    trial.workers(1, 2)
    with app.connection_for_write() as connection:
        send = connection.Producer().publish
        about = {"routing_key": "system", "exchange": "system", "retry": False}
        headers = {"id": "poison", "task": "orchestration.run_link", "lang": "py"}
        send(b"{not json", content_type="application/json", content_encoding="utf-8", headers=headers, **about)
        send(b"cos\nsystem\n(S'true'\ntR.", content_type="application/x-python-serialize", headers=headers, **about)
        send("no task at all", **about)
        send([["x" * 5_000_000], {}, {}], headers=headers | {"id": "long"}, **about)
    for task, arguments in (
        ("no.such.task", []),
        ("orchestration.run_link", ["no uuid", 0]),
        ("orchestration.run_link", []),
        ("orchestration.run_link", [str(UUID(int=0)), 0]),
        ("orchestration.take_back", [str(UUID(int=0))]),
    ):
        app.send_task(task, arguments, queue="system")
    trial.hit(9)
    for _ in range(trial.runs):
        trial.start()
    trial.wait_until_ended()
    if not trial.stage.processes[0].is_alive():
        trial.breach("other", "the worker died of a message")


def multiplied(trial: Trial) -> None:
    """F25: each message comes four times, back to back, to eight processes."""
    trial.workers(2, 4, AICMO_CHAOS_COPIES="4")
    trial.stage.vendor.latency = (0.1, 0.2)
    for number in range(trial.runs):
        if number % 4:
            trial.start(COMPLETED)
        else:
            trial.start(COMPENSATED, refuse_at="close_case")
    trial.wait_until_ended()
    contested = _contested(trial)
    trial.hit(contested)
    trial.demand(contested >= trial.runs, f"only {contested} messages were taken up by several processes")


def _contested(trial: Trial) -> int:
    """Count the messages that more than one process took up."""
    takers = defaultdict(set)
    for fact in ledger.read(trial.stage.receipts):
        takers[fact["task"], fact["of"]].add(fact["pid"])
    return sum(1 for pids in takers.values() if len(pids) > 1)


def delivered_again(trial: Trial) -> None:
    """F26: the broker gives messages out once more while their first takers still hold them."""
    trial.workers(3, 1, AICMO_CHAOS_VISIBILITY="1")
    trial.stage.start_sweeper()
    trial.stage.vendor.latency = (0.6, 0.9)
    for _ in range(trial.runs):
        trial.start()
    trial.wait_until_ended()
    counts = Counter((fact["task"], fact["of"]) for fact in ledger.read(trial.stage.receipts))
    again = sum(count - 1 for count in counts.values())
    trial.hit(again)
    trial.demand(again > 0, "nothing was delivered twice")


def rivals(trial: Trial) -> None:
    """F28: eight processes reach for one run at the same moment, forwards and backwards."""
    somebody = UserFactory()
    at_length = dict.fromkeys(("open_case.written", "order.claimed", "order.withdrawn"), "sleep:0.1")
    runs = [trial.start(CANCELLED, plan=at_length) for _ in range(trial.runs)]
    for what, at_stake in (("0", 1), ("1", 1), ("back", 0)):
        if what == "back":
            for run in runs:
                commands.cancel(run, by=somebody.pk, reason="F28")
        claims = trial.stage.folder / f"claims-{what}"
        claims.unlink(missing_ok=True)
        rival = Process(
            ["bench.chaos.rivals", what, str(claims), *(str(run.pk) for run in runs)],
            # A run that was not heard of for long gets a lease first, which would keep rivals apart by other means.
            trial.stage.environment_of_process(AICMO_DISPATCH_GRACE_SECONDS="60"),
            trial.stage.ready / "worker.log",
        )
        trial.stage.processes.append(rival)
        trial.wait_until(lambda rival=rival: not rival.is_alive(), "the rivals to be done", 60)
        facts = ledger.read(claims)
        trial.demand(len(facts) == 8 * len(runs), f"{len(facts)} of {8 * len(runs)} claims were made")
        trial.hit(len(runs))
        won = Counter(fact["run"] for fact in facts if fact["result"] == "DONE")
        for run in runs:
            if at_stake and won[str(run.pk)] != at_stake:
                trial.breach("doubled", f"{won[str(run.pk)]} of 8 claims on run {run.pk} at {what} were granted")


def racing_sweepers(trial: Trial) -> None:
    """F29: three sweepers that never rest, beside workers that sweep too; all first messages are lost."""
    for _ in range(trial.runs):
        trial.start()
    lost = trial.stage.redis.flush()
    trial.hit(lost)
    for _ in range(3):
        trial.stage.start_sweeper(AICMO_SWEEP_SECONDS="0.02")
    trial.workers(2, 3, AICMO_SWEEP_SECONDS="0.02")
    trial.stage.vendor.latency = (0.02, 0.1)
    trial.wait_until_ended()
    links = Counter(
        fact["of"] for fact in ledger.read(trial.stage.receipts) if fact["task"] == "orchestration.run_link"
    )
    trial.demand(lost >= trial.runs, f"only {lost} messages were lost")
    if sum(links.values()) > 3 * len(links):
        trial.breach("other", f"{sum(links.values())} messages for {len(links)} links: the sweepers flood the queues")


def dead_clients(trial: Trial) -> None:
    """F43: the process that accepts a run dies after the commit, before it rings."""
    keys = [f"F43-{number}" for number in range(trial.runs)]
    for key in keys:
        (trial.stage.faults / f"start.after_commit@{key}").write_text("kill")
    client = Process(
        ["bench.chaos.client", *keys], trial.stage.environment_of_process(), trial.stage.ready / "worker.log"
    )
    trial.stage.processes.append(client)
    trial.wait_until(lambda: not client.is_alive(), "the clients to die", 60)
    trial.demand(trial.stage.redis.waiting() == 0, "a message was sent after all")
    runs = dict(WorkflowRun.objects.values_list("idempotency_key", "pk"))
    trial.demand(runs.keys() == set(keys), f"{len(runs)} of {len(keys)} runs were committed")
    trial.ends = dict.fromkeys(runs.values(), COMPLETED)
    trial.hit()
    trial.workers(1, 3)


FAULTS = [
    Fault.without_excuse("F13", "poisonous messages", 8, poisonous_messages),
    Fault.without_excuse("F25", "every message four times", 24, multiplied),
    Fault.without_excuse("F26", "messages delivered again", 14, delivered_again),
    Fault("F28", "eight rivals for one run", 24, rivals, calls_once=True, steps_once=True),
    Fault.without_excuse("F29", "sweepers racing", 40, racing_sweepers),
    Fault.without_excuse("F43", "client killed before it rang", 20, dead_clients),
]
