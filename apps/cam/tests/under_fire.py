"""A campaign under fire: its worker is killed at random moments, its mail servers misbehave, and its people answer."""

import logging
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

from apps.cam.models import Campaign, Mailbox, OutboundEmail
from apps.cam.services import outbound, outreach, wishes
from apps.cam.tests.campaign_worker import BEGINS, TICKS_A_WEEK, at_tick
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    MessageTemplateFactory,
    SequenceFactory,
    SequenceStepFactory,
)
from apps.cam.tests.imap_server import ImapServer
from apps.cam.tests.people import Person, Postman, click, people
from apps.cam.tests.post_office import counter_of
from apps.cam.tests.unruly import UnrulyLine, UnrulyPostOffice
from apps.identity.tests.factories import UserFactory
from apps.shared.resilience.breaker import Breaker

MESSAGES = 3
OPENS, CLOSES = time_of_day(9), time_of_day(17)
A_STAGE = ("MAIL", "RCPT", "DOT", "TAKEN")
PATIENCE = 9
"""Ticks after which a kill that waits for a mail's stage comes anyway."""
ALWAYS = {"refused-by-server": "RCPT 550 5.1.1 No such user here", "later": "RCPT 451 4.7.1 Greylisted, come back"}
GREYLISTED_UNTIL = 27
BREAKERS = ("smtp-nora", "imap-nora")


@dataclass(frozen=True)
class Plan:
    """How large the campaign is, and how much it has to stand. `ticks` under fire, then `quiet` ones."""

    leads: int = 100
    kills: int = 20
    seed: int = 1
    ticks: int = 2 * TICKS_A_WEEK
    quiet: int = TICKS_A_WEEK // 2
    bug: str = ""

    @property
    def a_day(self) -> int:
        """How many mails a day the campaign may send."""
        return self.leads * 3 // 8

    @property
    def an_hour(self) -> int:
        """How many within an hour."""
        return self.leads * 2 // 15


@dataclass
class Fire:
    """What is going on, and what has happened so far."""

    plan: Plan
    folder: Path
    everybody: list[Person]
    campaign: Campaign
    office: UnrulyPostOffice
    mails: "Letterbox"
    postman: Postman
    line: UnrulyLine
    happened: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    def of(self, *kinds: str) -> set[str]:
        """Return the addresses of people of some kinds."""
        return {person.address for person in self.everybody if person.kind in kinds}

    @property
    def tick(self) -> int:
        """Where the worker is."""
        return int((self.folder / "tick").read_text())

    def let_walk(self, last: int) -> None:
        """Say until which tick the worker goes."""
        (self.folder / "last").write_text(str(last))


class Letterbox:
    """The IMAP server and all that was ever put into it, so that it can die and come back with another UIDVALIDITY."""

    def __init__(self) -> None:
        self.server = ImapServer.start()
        self.mails: list[bytes] = []

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the folder."""
        self.mails += mails
        if mails:
            self.server.deliver(*mails)

    def die_and_come_back(self) -> None:
        """Lose everything, and have it back under other UIDs."""
        self.server.stop()
        self.server = ImapServer.start()
        again = self.mails[:]
        random.Random(len(again)).shuffle(again)
        self.server.deliver(*again)

    def freeze(self, seconds: float) -> None:
        """Say nothing for a while."""
        self.server.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.server.process.send_signal(signal.SIGCONT)


class Worker:
    """The process that forks workers, and the one that lives."""

    def __init__(self, folder: Path, bug: str, urls: dict[str, str]) -> None:
        known = connection.settings_dict
        database = f"postgresql://{known['USER']}@{quote(known['HOST'], safe='')}/{known['NAME']}"
        told = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test"}
        told |= {"AICMO_LOG_LEVEL": "ERROR"} | urls
        command = [sys.executable, "-m", "apps.cam.tests.campaign_worker", str(folder), *([bug] if bug else [])]
        self._log = (folder / "worker.log").open("wb")
        self._forker = subprocess.Popen(
            command,
            env=os.environ | told,
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=0,
        )
        self.pid = 0
        self._line()

    def start(self) -> None:
        """Let a new one go on where the last one was."""
        self._forker.stdin.write(b"\n")  # type: ignore[union-attr]
        self.pid = int(self._line())

    def kill(self) -> None:
        """End it where it stands."""
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> int | None:
        """Return how it ended, None while it lives."""
        ready, _, _ = select.select([self._forker.stdout], [], [], 0)
        return int(self._line()) if ready else None

    def stop(self) -> None:
        """End both."""
        if self.pid:
            with suppress(ProcessLookupError):
                self.kill()
        self._forker.kill()
        self._forker.wait()
        for file in (self._log, self._forker.stdin, self._forker.stdout):
            file.close()  # type: ignore[union-attr]

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            byte = self._forker.stdout.read(1)  # type: ignore[union-attr]
            if not byte:
                raise RuntimeError("The worker's process is gone; see worker.log.")
            line += byte
        return line


@contextmanager
def a_fire(plan: Plan, folder: Path) -> Iterator["Story"]:
    """Begin a campaign among unruly servers."""
    with ExitStack() as stack:
        for name in BREAKERS:  # what other tests left there
            Breaker(name).close()
            stack.callback(Breaker(name).close)
        office = UnrulyPostOffice(plan.seed)
        counter = counter_of(office)
        counter.start()
        mails = Letterbox()
        stack.callback(lambda: mails.server.stop())
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # the post office's; a line for every command
        line = stack.enter_context(UnrulyLine(mails.server.port, plan.seed))
        everybody = people(plan.leads)
        campaign = _begin(everybody, plan)
        by_address = {person.address: person for person in everybody}
        postman = Postman(office, mails, by_address, click)  # type: ignore[arg-type]
        fire = Fire(plan, folder, everybody, campaign, office, mails, postman, line)
        office.fates |= {person.address: ALWAYS[person.kind] for person in everybody if person.kind in ALWAYS}
        (folder / "tick").write_text("0")
        imap = mails.server.url.replace(f":{mails.server.port}/", f":{line.port}/")
        urls = {"AICMO_MAILBOX_NORA_SMTP_URL": office.url, "AICMO_MAILBOX_NORA_IMAP_URL": imap}
        worker = Worker(folder, plan.bug, urls)
        stack.callback(worker.stop)
        story = Story(fire, worker, counter)
        stack.callback(story.close)
        yield story


class Story:
    """Who does what to whom, and when."""

    def __init__(self, fire: Fire, worker: Worker, counter: Controller) -> None:
        plan = fire.plan
        self.fire, self.worker, self.line = fire, worker, fire.line
        self.chance = random.Random(f"story {plan.seed}")
        self.person = UserFactory()
        self.counter = counter
        self.kills = self._plan_kills()
        self.troubles = self._plan_troubles()
        self.armed: tuple[str, int] | None = None
        self.armed_since = 0
        self.was_killed = False
        self.left: set[UUID] = set()
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
            outbound.leave_it(mail, by=self.person.pk, reason="Nobody knows.", at=at_tick(self.fire.tick))
            self.fire.happened["left in doubt"] += 1
        self._walk(self.fire.plan.ticks + self.fire.plan.quiet)

    def _plan_kills(self) -> list[tuple[int, str]]:
        """Return at which ticks the worker is killed: at once, or when the post office is at a stage of a mail."""
        plan = self.fire.plan
        ticks = sorted(self.chance.randrange(2, plan.ticks - 2 * PATIENCE) for _ in range(plan.kills))
        return [(tick, self.chance.choice(A_STAGE) if number % 2 else "") for number, tick in enumerate(ticks)]

    def _plan_troubles(self) -> list[tuple[int, str]]:
        last = self.fire.plan.ticks - PATIENCE
        early = ["imap-dies", "imap-dies"]  # it is read anew then, which would mend what was lost before
        late = ["shut", "shut", "shut", "imap-freezes"]
        troubles = [(self.chance.randrange(4, last // 2), kind) for kind in early]
        return sorted(troubles + [(self.chance.randrange(4, last), kind) for kind in late])

    def _walk(self, last: int) -> None:
        fire = self.fire
        fire.let_walk(last)
        self.was_killed = False
        self.worker.start()
        while True:
            time.sleep(0.005)
            tick = fire.tick
            fire.postman.walk(at_tick(tick))
            if tick >= GREYLISTED_UNTIL:
                fire.office.fates = {who: fate for who, fate in fire.office.fates.items() if " 4" not in fate}
            self._make_trouble(tick)
            self._kill_if_time(tick)
            code = self.worker.ended()
            if code is None:
                continue
            fire.postman.walk(at_tick(fire.tick))
            if code == 0:
                return
            self._come_back(code)

    def _pass_by(self, stage: str) -> None:
        """Kill the worker where it was to be killed at this stage of a mail."""
        if self.armed is None or self.armed[0] != stage:
            return
        wanted, left = self.armed
        self.armed = (wanted, left - 1) if left else None
        if not left:
            self.fire.happened[f"killed at {stage}"] += 1
            self._kill()

    def _kill_if_time(self, tick: int) -> None:
        if self.was_killed or not self.kills or self.kills[0][0] > tick:
            return
        _, stage = self.kills[0]
        if stage and self.armed is None:
            self.armed, self.armed_since = (stage, self.chance.randrange(6)), tick
            return
        if stage and tick < self.armed_since + PATIENCE:
            return
        self.armed = None
        if not self.was_killed:
            time.sleep(self.chance.random() * 0.05)
            self.fire.happened["killed at any moment"] += 1
            self._kill()

    def _kill(self) -> None:
        self.was_killed = True
        try:
            self.worker.kill()
        except ProcessLookupError:
            self.fire.happened["killed too late"] += 1

    def _come_back(self, code: int) -> None:
        """Start the worker again as its supervisor does; a person has looked into some of the doubts meanwhile."""
        fire = self.fire
        if code != -signal.SIGKILL or not self.was_killed:
            fire.breaches.append(f"a worker ended by itself, with {code}")
            if len(fire.breaches) > 5:
                raise RuntimeError(fire.breaches)
        if self.was_killed:
            self.kills.pop(0)
            fire.happened["kills"] += 1
            fire.happened["of them with a mail in hands"] += OutboundEmail.objects.filter(state="SENDING").exists()
        self.was_killed = False
        time.sleep(0.15)  # the servers hear that the line is gone
        Mailbox.objects.update(held_until=None)  # the time of the killed owner is over
        self._settle_some()
        self.worker.start()

    def _settle_some(self) -> None:
        """Say of some messages in doubt what a person sees in the log of the mail server."""
        fire, at = self.fire, at_tick(self.fire.tick)
        there = {mail.message_id for mail in fire.office.received}
        for mail in OutboundEmail.objects.filter(state="UNKNOWN").order_by("pk"):
            if mail.pk in self.left or self.chance.random() < 0.5:
                self.left.add(mail.pk)
                continue
            settle = outbound.went_out if mail.message_id in there else outbound.queue_again
            settle(mail, by=self.person.pk, reason="It stands in the log of the mail server.", at=at)
            fire.happened[f"settled: {settle.__name__}"] += 1
            lead = mail.lead
            if lead.halted_because.startswith("Message"):
                outreach.resume_outreach(lead, by=self.person.pk, reason="It is settled.", at=at)

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


def _begin(everybody: list[Person], plan: Plan) -> Campaign:
    mailbox = MailboxFactory(
        key="NORA",
        daily_cap=plan.a_day + 5,
        hourly_cap=plan.an_hour,
        warm_up_from=date(2026, 3, 2),
        warm_up_start=plan.a_day // 2,
        warm_up_step=plan.a_day // 4,
    )
    caps = {"daily_cap": plan.a_day, "hourly_cap": plan.an_hour}
    campaign = CampaignFactory(
        state="ACTIVE", mode="LIVE", mailbox=mailbox, window_opens=OPENS, window_closes=CLOSES, **caps
    )
    sequence = SequenceFactory(campaign=campaign)
    for position, wait in enumerate((0, 2, 2)[:MESSAGES], start=1):
        template = MessageTemplateFactory(subject=f"Message {position} for {{{{ company }}}}")
        SequenceStepFactory(sequence=sequence, position=position, wait_days=wait, template=template)
    for person in everybody:
        who: dict[str, Any] = {"email": person.address, "email_key": person.address, "country": person.country}
        lead = LeadFactory(campaign=campaign, state="QUALIFIED", time_zone=person.zone, **who)
        if person.kind == "suppressed":
            wishes.suppress_address(person.address, at=BEGINS, by=None, note="They called.")
        if person.kind == "consents":
            wishes.record_consent(lead, basis="CONSENT", source="Fair", given_at=BEGINS, at=BEGINS, by=None)
    wishes.suppress_domain("nomail.example", at=BEGINS, by=None, note="A competitor.")
    return campaign
