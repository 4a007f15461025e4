"""What has to be true after a campaign under fire: asked of the post office's own record first, then of the rows."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Count

from apps.cam.models import Alert, CycleRun, InboundEmail, OutboundEmail, Suppression
from apps.cam.rules.caps import day_cap
from apps.cam.rules.mails import read_mail
from apps.cam.tests.people import CLOSES, MESSAGES, OPENS
from apps.orchestration.models import StepRun, WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from bench.fire.campaign import Fire, Plan
from bench.fire.story import Story, a_fire

HOUR = timedelta(hours=1)


class Caught(Exception):
    """A planted bug has shown itself; its arguments are the breaches."""


def hold(plan: Plan, folder: Path) -> tuple[Fire, list[str]]:
    """Let a campaign go through the fire, and return in words all that was wrong with it.

    With a bug planted it ends as soon as that has shown itself.
    """
    with a_fire(plan, folder) as story:
        if plan.bug:
            story.after_cycle = lambda: _catch(story.fire)
        try:
            return story.fire, _burn(story)
        except Caught as caught:
            return story.fire, list(caught.args)


def _burn(story: Story) -> list[str]:
    story.burn()
    found = breaches_of(story.fire, is_settled=False)
    story.leave_doubts()
    found += [words for words in breaches_of(story.fire, is_settled=True) if words not in found]
    found += [f"engine: {words}" for words in _engine()]
    found += [f"log: {words}" for words in story.workers.errors()]
    story.fire.states.update(OutboundEmail.objects.values_list("state", flat=True))
    steps = StepRun.objects.all()
    again, given_up = steps.filter(attempts__gt=1).count(), steps.filter(state="FAILED").count()
    story.fire.happened.update({"cycles": CycleRun.objects.count(), "steps taken again": again})
    story.fire.happened["of them given up"] += given_up
    return found


def _catch(fire: Fire) -> None:
    """Raise Caught where something is wrong already that nothing can put right."""
    if found := [f"{check.__name__[1:]}: {words}" for check in FOR_GOOD for words in check(fire)]:
        raise Caught(*found)


def breaches_of(fire: Fire, *, is_settled: bool) -> list[str]:
    """Return in words all that is wrong; `is_settled` once a person has left all doubts as they are."""
    found = [f"{check.__name__[1:]}: {words}" for check in CHECKS for words in check(fire)]
    return [*fire.breaches, *found, *(f"states: {words}" for words in _states(fire, is_settled=is_settled))]


def _never_twice(fire: Fire) -> Iterator[str]:
    known = {mail.message_id: mail for mail in OutboundEmail.objects.all()}
    for what, times in Counter(mail.message_id for mail in fire.office.received).items():
        if times > 1:
            yield f"{what} came {times} times"
        if what not in known:
            yield f"{what} is no mail of ours"
    for (to, subject), times in Counter((mail.to, mail.subject) for mail in fire.office.received).items():
        if times > 1:
            yield f"{to} got {subject!r} {times} times"
    for (lead, number), times in Counter(
        (known[mail.message_id].lead_id, known[mail.message_id].number)
        for mail in fire.office.received
        if mail.message_id in known
    ).items():
        if times > 1:
            yield f"message {number} came to lead {lead} {times} times"


def _states(fire: Fire, *, is_settled: bool) -> Iterator[str]:
    came = {mail.message_id for mail in fire.office.received}
    for mail in OutboundEmail.objects.order_by("pk"):
        is_left = mail.state == "CANCELLED" and mail.answer.startswith("Left as it was")
        if mail.state == "SENDING" or (is_settled and mail.state == "UNKNOWN"):
            yield f"{mail.message_id} is {mail.state} in the end"
        if mail.state in ("SENT", "BOUNCED") and mail.message_id not in came:
            yield f"{mail.message_id} is {mail.state}, and never came"
        if mail.message_id in came and mail.state not in ("SENT", "BOUNCED", "UNKNOWN") and not is_left:
            yield f"{mail.message_id} came, and is {mail.state}"
        if mail.message_id in came and mail.state == "SENT" and mail.sent_at is None:
            yield f"{mail.message_id} does not say when it was sent"


def _against_a_wish(fire: Fire) -> Iterator[str]:
    nobody = fire.of("suppressed", "of-suppressed-domain", "no-consent")
    suppressed = {row.shown: row.created_at for row in Suppression.objects.filter(kind="ADDRESS")}
    for mail in fire.office.received:
        if mail.to in nobody:
            yield f"{mail.to} got a mail"
        if mail.to in suppressed and mail.at > suppressed[mail.to]:
            yield f"{mail.to} got {mail.subject!r} after their address was suppressed"
    for address in fire.postman.wishes:
        if address not in suppressed:
            yield f"{address} wished to get no mail, and is not suppressed"


def _windows(fire: Fire) -> Iterator[str]:
    zones = {person.address: ZoneInfo(person.zone) for person in fire.everybody}
    for mail in fire.office.received:
        local = mail.said_at.astimezone(zones[mail.to])
        if not OPENS <= local.time() <= CLOSES or local.isoweekday() > 5:
            yield f"{mail.to} was written to at {local}"


def _caps(fire: Fire) -> Iterator[str]:
    plan = fire.plan
    moments = sorted(mail.said_at for mail in fire.office.received)
    for place, moment in enumerate(moments):
        within = sum(moment - HOUR < other <= moment for other in moments[: place + 1])
        if within > plan.an_hour:
            yield f"{within} mails in the hour before {moment}"
    for zone, cap in (("Europe/Dublin", lambda day: plan.a_day), ("UTC", _warm_up(plan.a_day))):
        for day, count in Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments).items():
            if count > cap(day):
                yield f"{count} mails on {day} ({zone}), {cap(day)} are allowed"


def _warm_up(a_day: int) -> Callable[[date], int]:
    return lambda day: day_cap(a_day + 5, date(2026, 3, 2), a_day // 2, a_day // 4, day)


def _replies(fire: Fire) -> Iterator[str]:
    stored = set(InboundEmail.objects.values_list("message_id", flat=True))
    written = {read_mail(content).message_id for content in fire.mails.mails}
    for message_id in sorted(written - stored):
        yield f"the reply {message_id} is not stored"
    for message_id in sorted(stored - written):
        yield f"nobody wrote the reply {message_id}"
    for reply in InboundEmail.objects.exclude(processed_at__isnull=False, process_error=""):
        yield f"the reply {reply.message_id} was not worked off: {reply.process_error}"
    for reply in InboundEmail.objects.filter(lead=None):
        yield f"the reply {reply.message_id} has no lead"


def _replies_once(fire: Fire) -> Iterator[str]:
    for message_id, times in Counter(InboundEmail.objects.values_list("message_id", flat=True)).items():
        if times > 1:
            yield f"the reply {message_id} is stored {times} times"


def _answered(fire: Fire) -> Iterator[str]:
    """Whoever has answered in a way that ends it all gets nothing more."""
    for reply in InboundEmail.objects.filter(classification__in=("POSITIVE", "NEGATIVE", "UNSUBSCRIBE")):
        if reply.lead is None:
            continue
        waiting = reply.lead.sent_mails.filter(state="QUEUED").count()
        if waiting or (reply.lead.state in ("ROUTED", "CONTACTED") and reply.lead.contactability == "OK"):
            yield f"{reply.lead.email} said {reply.classification}, is {reply.lead.state}, and {waiting} mails wait"
        late = [mail for mail in fire.office.received if mail.to == reply.lead.email and mail.at > reply.updated_at]
        if late:
            yield f"{reply.lead.email} said {reply.classification} and got {late[0].subject!r} after that"


def _engine() -> Iterator[str]:
    """Every cycle came to its end, once, was written down, and told whom it had to tell."""
    for breach in audit_runs(files=False).violations:
        yield f"{breach['check']}: {breach['subject']} {breach['detail']}"
    for run in WorkflowRun.objects.exclude(state__in=("COMPLETED", "COMPENSATED")):
        yield f"run {run.pk} is {run.state} in the end"
    for step in StepRun.objects.filter(state="FAILED").exclude(error__startswith="Given up"):
        yield f"step {step.name} of run {step.run_id} failed by itself: {step.error}"
    if (runs := WorkflowRun.objects.count()) != (cycles := CycleRun.objects.count()):
        yield f"{runs} runs ended, and {cycles} cycles are written down"
    for alert in Alert.objects.exclude(state="SENT"):
        yield f"alert {alert.key} is {alert.state} in the end: {alert.error}"


def _numbers(fire: Fire) -> Iterator[str]:
    rows = OutboundEmail.objects.values("lead").annotate(count=Count("pk")).filter(count__gt=MESSAGES)
    for row in rows:
        yield f"lead {row['lead']} has {row['count']} messages"


CHECKS: tuple[Callable[[Fire], Iterator[str]], ...] = (
    _never_twice,
    _against_a_wish,
    _windows,
    _caps,
    _replies,
    _replies_once,
    _answered,
    _numbers,
)
FOR_GOOD = (_never_twice, _windows, _caps, _replies_once, _numbers)
"""Those whose breaches can be told at any moment."""
