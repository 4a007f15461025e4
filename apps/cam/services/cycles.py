"""The seven steps of a cycle as its workflow calls them, and the record of each cycle that ended.

What a step does outside leaves marks of its own, row by row, in transactions of its own: so all of it is done while the
step prepares. What the step then gives is how many of what it handled.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.cam.api.dtos import Cycle, StepReport
from apps.cam.models import Alert, CycleRun, CycleStep
from apps.cam.services import alerts, followups, inbox, metrics, pauses, processing, sending
from apps.shared.workflow import RunContext

KEPT = timedelta(days=90)
AT_ONCE = 5_000


def send_queued(*, run: RunContext) -> StepReport:
    """Send the mails that are due and that everything allows."""
    return _report(sending.send_due, run.at, ill="cannot send")


def poll_inbox(*, run: RunContext) -> StepReport:
    """Take in the mails that came to our mailboxes."""
    return _report(inbox.poll_all, run.at, ill="cannot be read")


def process_replies(*, run: RunContext) -> StepReport:
    """Understand the mails that came in, and do what follows from each."""
    return _report(processing.process_new, run.at)


def follow_up(*, run: RunContext) -> StepReport:
    """Queue the next messages to those who stayed silent, and end what is exhausted."""
    return _report(followups.queue_next, run.at)


def compute_metrics(*, run: RunContext) -> StepReport:
    """Count how the campaigns do."""
    return _report(metrics.compute_metrics, run.at)


def evaluate_rules(*, run: RunContext) -> StepReport:
    """Pause the campaigns that one of their rules stops."""
    return _report(pauses.evaluate_rules, run.at)


def dispatch_alerts(*, run: RunContext) -> StepReport:
    """Raise and mail what people must know."""
    return _report(alerts.dispatch_alerts, run.at)


def _report(service: Callable[..., Any], at: datetime, *, ill: str = "") -> StepReport:
    """Call a service that counts what it does, and return its counts and what it says beside them.

    A mailbox that is `ill` is somebody's to mend: they are told once a day.
    """
    done = service(at=at)
    found = asdict(done)
    counts = {name: value for name, value in found.items() if isinstance(value, int)}
    notes = found.get("ill", {})
    for mailbox, words in notes.items():
        alerts.raise_alert(
            key=f"mailbox:{ill}:{mailbox}:{at.date()}",
            kind=Alert.Kind.MAILBOX_ILL,
            title=f"The mailbox {mailbox} {ill}",
            message=words,
            at=at,
        )
    said = [f"{mailbox}: {words}" for mailbox, words in notes.items()]
    said += sorted(each for value in found.values() if isinstance(value, set) for each in value)
    return StepReport(items=done.items, counts=counts, notes=tuple(said))


@transaction.atomic
def record_cycle(cycle: Cycle) -> CycleRun:
    """Write down a cycle that ended, with the outcome of each step; the same again changes nothing."""
    failed = sum(step.outcome == CycleStep.Outcome.FAILED for step in cycle.steps)
    times = {"started_at": cycle.started_at, "finished_at": cycle.finished_at}
    row, is_new = CycleRun.objects.get_or_create(pk=cycle.id, defaults={**times, "failed_count": failed})
    if is_new:
        CycleStep.objects.bulk_create(CycleStep(cycle=row, **step.model_dump()) for step in cycle.steps)
    return row


def forget_cycles(*, at: datetime) -> int:
    """Forget cycles that ended long ago, oldest first, a few thousand at a time; return how many."""
    old = CycleRun.objects.filter(finished_at__lt=at - KEPT).order_by("pk")
    keys = list(old.values_list("pk", flat=True)[:AT_ONCE])
    with transaction.atomic():
        CycleStep.objects.filter(cycle__in=keys).delete()
        CycleRun.objects.filter(pk__in=keys).delete()
    return len(keys)
