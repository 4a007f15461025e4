"""Who does what to whom, and when: beat rings for each cycle, workers are killed in it, servers ail, people answer."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from aiosmtpd.controller import Controller
from celery import current_app
from psutil import Process

from apps.cam.models import Campaign, Mailbox, OutboundEmail
from apps.cam.services import campaigns, outbound, outreach
from apps.cam.tests.people import REFUSED_WITH, Postman, begin_campaign, click, people
from apps.cam.tests.post_office import counter_of
from apps.identity.tests.factories import UserFactory
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import outbox
from apps.orchestration.services.cycles import CYCLE
from apps.shared.resilience.breaker import Breaker
from bench.chaos.servers import wait_until
from bench.fire.campaign import Fire, Letterbox, Plan
from bench.fire.clock import BEGINS, HOURS
from bench.fire.unruly import UnrulyLine, UnrulyPostOffice
from bench.fire.workers import HOW, Workers

A_STAGE = ("MAIL", "RCPT", "DOT", "TAKEN")
PATIENCE = len(HOURS)
"""Ticks after which a kill that waits for a mail's stage comes anyway."""
GREYLISTED_UNTIL = 3 * len(HOURS)
BREAKERS = ("smtp-nora", "imap-nora")
RINGS_AGAIN = 3.0
"""Seconds after which beat's message counts as lost with its worker."""
LONGEST_CYCLE = 90.0
MOST_OF_A_CYCLE = 0.4
"""Seconds of a cycle in which a kill at any moment comes."""
MOST_OF_RECOVERY = 4.0
"""Seconds after a kill in which another one may come: its lease has ended by then, and the step is taken again."""


@contextmanager
def a_fire(plan: Plan, folder: Path) -> Iterator["Story"]:
    """Begin a campaign among unruly servers, with workers that are started again when they die."""
    with ExitStack() as stack:
        for name in BREAKERS:  # what other tests left there
            Breaker(name).close()
            stack.callback(Breaker(name).close)
        current_app.control.purge()
        office = UnrulyPostOffice(plan.seed)
        counter = counter_of(office)
        counter.start()
        mails = Letterbox()
        stack.callback(lambda: mails.server.stop())
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # the post office's; a line for every command
        line = stack.enter_context(UnrulyLine(mails.server.port, plan.seed))
        everybody = people(plan.leads)
        caps = {"a_day": plan.a_day, "an_hour": plan.an_hour, "of_mailbox": plan.a_day + 5}
        warm_up = (plan.a_day // 2, plan.a_day // 4)
        campaign = begin_campaign(everybody, at=BEGINS, **caps, warm_up=warm_up)
        by_address = {person.address: person for person in everybody}
        postman = Postman(office, mails, by_address, click)  # type: ignore[arg-type]
        fire = Fire(plan, folder / "clock", everybody, campaign, office, mails, postman, line)
        refused = (person for person in everybody if person.kind in REFUSED_WITH)
        office.fates |= {person.address: REFUSED_WITH[person.kind] for person in refused}
        fire.put_forward(0)
        imap = mails.server.url.replace(f":{mails.server.port}/", f":{line.port}/")
        urls = {"AICMO_MAILBOX_NORA_SMTP_URL": office.url, "AICMO_MAILBOX_NORA_IMAP_URL": imap}
        workers = Workers(folder, fire.clock, plan.bug, urls)
        stack.callback(workers.end_processes)
        story = Story(fire, workers, counter)
        stack.callback(story.close)
        workers.wait_until_ready()
        stack.enter_context(workers.supervised())
        yield story


class Story:
    """What happens to one campaign."""

    def __init__(self, fire: Fire, workers: Workers, counter: Controller) -> None:
        plan = fire.plan
        self.fire, self.workers, self.line = fire, workers, fire.line
        self.chance = random.Random(f"story {plan.seed}")
        self.person = UserFactory(is_superuser=True)
        self.counter = counter
        self.kills = self._plan_kills()
        self.troubles = self._plan_troubles()
        self.armed: tuple[str, int] | None = None
        self.armed_since, self.kill_at = 0, 0.0
        self.was_killed = self.is_in_doubt = False
        self.left: set[UUID] = set()
        self.after_cycle: Callable[[], None] = lambda: None
        self._one_killer = threading.Lock()
        fire.office.pass_by = self._pass_by

    def close(self) -> None:
        """Shut the post office."""
        self.counter.stop()

    def burn(self) -> None:
        """Let everything happen, and a quiet time after it."""
        plan, fire = self.fire.plan, self.fire
        self._walk(plan.ticks)
        fire.office.is_calm = self.line.is_calm = True
        fire.office.fates.clear()
        self._walk(plan.ticks + plan.quiet // 2)

    def leave_doubts(self) -> None:
        """Let a person leave all messages in doubt as they are, and the quiet time go on to its end."""
        for mail in OutboundEmail.objects.filter(state="UNKNOWN"):
            outbound.leave_it(mail, by=self.person.pk, reason="Nobody knows.", at=self.fire.now)
            self.fire.happened["left in doubt"] += 1
        self._walk(self.fire.plan.ticks + self.fire.plan.quiet)
        wait_until(lambda: not outbox.is_any_due(), "all events to be brought out")
        self.fire.breaches += self.workers.crashes

    def _plan_kills(self) -> list[tuple[int, str, str]]:
        """Return at which ticks who is killed: at once, or when the post office is at a stage of a mail."""
        plan = self.fire.plan
        ticks = sorted(self.chance.randrange(2, plan.ticks - 2 * PATIENCE) for _ in range(plan.kills))
        how = [HOW[number % len(HOW)] for number in range(plan.kills)]
        self.chance.shuffle(how)
        stages = [self.chance.choice(A_STAGE) if number % 2 else "" for number in range(plan.kills)]
        return list(zip(ticks, stages, how, strict=True))

    def _plan_troubles(self) -> list[tuple[int, str]]:
        last = self.fire.plan.ticks - PATIENCE
        early = ["imap-dies", "imap-dies"]  # it is read anew then, which would mend what was lost before
        late = ["shut", "shut", "shut", "imap-freezes"]
        troubles = [(self.chance.randrange(4, last // 2), kind) for kind in early]
        return sorted(troubles + [(self.chance.randrange(4, last), kind) for kind in late])

    def _walk(self, last: int) -> None:
        """Let the days go by until a tick is over, and a cycle be run at each."""
        for tick in range(self.fire.tick + 1, last + 1):
            Mailbox.objects.update(held_until=None)  # hours have gone by for PostgreSQL, too
            self.fire.put_forward(tick)
            if tick >= GREYLISTED_UNTIL:
                fates = self.fire.office.fates
                self.fire.office.fates = {who: fate for who, fate in fates.items() if " 4" not in fate}
            self._run_cycle()
            self.fire.postman.walk(self.fire.now)
            self._see_to_it()
            self.after_cycle()

    def _run_cycle(self) -> None:
        """Ring for the cycle of the present tick as beat does, and let things happen until it has ended."""
        fire, began, rang = self.fire, time.monotonic(), 0.0
        runs = WorkflowRun.objects.filter(idempotency_key=f"{CYCLE}:{fire.now:%Y-%m-%dT%H:%M}Z")
        self.kill_at = began + self.chance.random() * MOST_OF_A_CYCLE
        while (state := runs.values_list("state", flat=True).first()) not in WorkflowRun.ENDED:
            now = time.monotonic()
            if now > began + LONGEST_CYCLE:
                raise RuntimeError(f"The cycle of {fire.now} does not end; see worker.log.")
            if state is None and now > rang + RINGS_AGAIN:
                current_app.send_task("orchestration.start_cycle")
                rang = now
            fire.postman.walk(fire.now)
            self._make_trouble(fire.tick)
            self._kill_if_time(fire.tick)
            time.sleep(0.02)

    def _pass_by(self, stage: str) -> None:
        """Kill who carries a mail where it was to be killed at this stage of one."""
        if self.armed is None or self.armed[0] != stage:
            return
        wanted, left = self.armed
        if left:
            self.armed = (wanted, left - 1)
            return
        with self._one_killer:
            if self.armed and (victim := self.workers.talking_to(self.fire.office.port)):
                self._kill(victim, f"killed at {stage}")

    def _kill_if_time(self, tick: int) -> None:
        with self._one_killer:
            if self.was_killed:
                self._note_kill()
            if not self.kills or self.kills[0][0] > tick:
                return
            _, stage, _ = self.kills[0]
            if stage and self.armed is None:
                self.armed, self.armed_since = (stage, self.chance.randrange(6)), tick
            waits = bool(stage) and tick < self.armed_since + PATIENCE
            if not waits and time.monotonic() > self.kill_at and (victim := self.workers.working()):
                self._kill(victim, "killed at any moment")

    def _kill(self, victim: Process, when: str) -> None:
        how = self.kills[0][2]
        if self.workers.kill(victim, how):
            self.armed, self.was_killed, self.is_in_doubt = None, True, True
            self.fire.happened.update((when, f"kills: {how}"))

    def _note_kill(self) -> None:
        """Note what the dead had in hand; at times their hold on the mailbox is over before the step is taken again."""
        fire = self.fire
        self.was_killed = False
        self.kills.pop(0)
        self.kill_at = time.monotonic() + self.chance.random() * MOST_OF_RECOVERY
        fire.happened["kills"] += 1
        fire.happened["of them with a mail in hands"] += OutboundEmail.objects.filter(state="SENDING").exists()
        if self.chance.random() < 0.5:
            fire.happened["their hold was over at once"] += Mailbox.objects.update(held_until=None)

    def _see_to_it(self) -> None:
        """Do what a person does after a cycle: look into some of the doubts, and let a paused campaign go on."""
        fire = self.fire
        with self._one_killer:
            if self.was_killed:
                self._note_kill()
        if self.is_in_doubt:
            self.is_in_doubt = False
            time.sleep(0.15)  # the mail server hears that the line is gone
            self._settle_some()
        for campaign in Campaign.objects.filter(state=Campaign.State.PAUSED):
            campaigns.resume_campaign(campaign, by=self.person.pk, reason="We know who bounced.")
            fire.happened["paused by a rule, and resumed"] += 1

    def _settle_some(self) -> None:
        """Say of some messages in doubt what a person sees in the log of the mail server."""
        fire = self.fire
        there = {mail.message_id for mail in fire.office.received}
        for mail in OutboundEmail.objects.filter(state="UNKNOWN").order_by("pk"):
            if mail.pk in self.left or self.chance.random() < 0.5:
                self.left.add(mail.pk)
                continue
            settle = outbound.went_out if mail.message_id in there else outbound.queue_again
            settle(mail, by=self.person.pk, reason="It stands in the log of the mail server.", at=fire.now)
            fire.happened[f"settled: {settle.__name__}"] += 1
            lead = mail.lead
            if lead.halted_because.startswith("Message"):
                outreach.resume_outreach(lead, by=self.person.pk, reason="It is settled.", at=fire.now)

    def _make_trouble(self, tick: int) -> None:
        if not self.troubles or self.troubles[0][0] > tick:
            return
        _, kind = self.troubles.pop(0)
        self.fire.happened[kind] += 1
        match kind:
            case "shut":
                self.counter.stop()
                time.sleep(self.chance.uniform(0.3, 1.0))
                self.counter = counter_of(self.fire.office)
                self.counter.start()
            case "imap-dies":
                self.fire.mails.die_and_come_back()
                self.line.target = self.fire.mails.server.port
            case "imap-freezes":
                self.fire.mails.freeze(1.5)
