"""What runs and dead letters offer to the desk's first page: what waits for somebody, and how the days went."""

from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.html import format_html

from apps.identity.models import Client
from apps.orchestration.admin.run_page import awaited
from apps.orchestration.models import EventReceipt, WorkflowRun
from apps.orchestration.queries.runs import count_by_day, stands_at
from apps.shared.admin import admin_link, badge, short_id, words
from apps.shared.desk import Bar, Chart, Entry, Need, Part, list_of, page_link

DAYS_OF_FAILURES = 7
DAYS_OF_THE_CHART = 14
OUTCOMES = (
    ("completed", "success", ("COMPLETED",)),
    ("under way", "info", WorkflowRun.WOKEN),
    ("taken back", "warning", ("COMPENSATED", "CANCELLED")),
    ("failed", "danger", ("FAILED", "STUCK")),
)
"""What became of a run, in the colour of its label, and the states that say so."""


def run_name(run: WorkflowRun) -> str:
    """Return a run's name as people would write it."""
    return f"{words(run.workflow)} {short_id(run.pk)}"


def _of_runs(runs: QuerySet[WorkflowRun]) -> QuerySet[WorkflowRun]:
    return runs.select_related("client").defer("inputs")


def _why(run: WorkflowRun) -> str:
    """Say what a run stands still for."""
    if run.needs_decision:
        return format_html("{} Say what follows its last round.", badge(run.state))
    said = run.parked or run.error or f"It stands at {words(stands_at(run))}."
    return format_html("{} {}", badge(run.state), said[:160])


def _with_clients(receipts: QuerySet[EventReceipt]) -> QuerySet[EventReceipt]:
    """Load events along, and the names of their clients: an event keeps plain ids."""
    name = Client.objects.filter(pk=OuterRef("event__client_id")).values("name")
    return receipts.select_related("event").defer("event__payload", "trace").annotate(client_name=Subquery(name))


RUN_NEEDS = (
    Need(
        key="stuck",
        title="Runs stuck while being taken back",
        permissions=("orchestration.retry_compensation",),
        narrow=lambda runs: _of_runs(runs.filter(state=WorkflowRun.State.STUCK)).order_by("pk"),
        name=run_name,
        why=_why,
        since=lambda run: run.updated_at,
    ),
    Need(
        key="person",
        title="Runs that only a person can move",
        permissions=("orchestration.decide_round",),
        narrow=lambda runs: _of_runs(runs.needing_person()).order_by("pk"),
        name=run_name,
        why=_why,
        since=lambda run: run.updated_at,
    ),
    Need(
        key="failed",
        title="Runs that failed this week",
        permissions=("orchestration.rerun_run",),
        narrow=lambda runs: _of_runs(runs.failed_since(days_ago(DAYS_OF_FAILURES))).order_by("-pk"),
        name=run_name,
        why=_why,
        since=lambda run: run.finished_at or run.updated_at,
    ),
)

DEAD_LETTERS = Need(
    key="dead",
    title="Dead letters",
    permissions=("orchestration.retry_reaction",),
    narrow=lambda receipts: _with_clients(receipts.filter(state=EventReceipt.State.DEAD)).order_by("pk"),
    name=lambda receipt: f"{words(receipt.reaction)} after {receipt.event.name}",
    client=lambda receipt: admin_link("identity.client", receipt.event.client_id, receipt.client_name or ""),
    why=lambda receipt: receipt.error[:160],
    since=lambda receipt: receipt.updated_at,
)


def days_ago(count: int) -> datetime:
    """Return the midnight, where the person is, with which the last so many days began, today the last of them."""
    return _midnight(timezone.localdate() - timedelta(days=count - 1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def next_answer(runs: QuerySet[WorkflowRun]) -> Entry | None:
    """Return the answer that is due first of those that runs wait for."""
    waiting = runs.filter(state=WorkflowRun.State.WAITING, wait_until__gt=timezone.now()).order_by("wait_until")
    run = _of_runs(waiting).first()
    if run is None:
        return None
    return Entry(page_link(run, run_name(run)), str(run.client or ""), f"It waits for {awaited(run)}.", run.wait_until)


def chart_of_days(runs: QuerySet[WorkflowRun]) -> Chart | None:
    """Return how many runs were asked for on each of the last days, and what became of them; None without any."""
    counts = count_by_day(runs, days_ago(DAYS_OF_THE_CHART))
    if not counts:
        return None
    today = timezone.localdate()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS_OF_THE_CHART))]
    bars = [Bar(f"{day:%-d %b}", [_part(counts, day, *outcome) for outcome in OUTCOMES]) for day in days]
    return Chart("Runs of the last two weeks", "Asked for on", bars)


def _part(counts: dict[tuple[date, str], int], day: date, name: str, colour: str, states: tuple[str, ...]) -> Part:
    of_the_day = {"created_at__gte": _midnight(day).isoformat()}
    of_the_day["created_at__lt"] = _midnight(day + timedelta(days=1)).isoformat()
    url = list_of(WorkflowRun, state__in=",".join(states), **of_the_day)
    return Part(name, sum(counts.get((day, state), 0) for state in states), colour, url)
