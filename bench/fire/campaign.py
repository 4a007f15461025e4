"""What burns: a campaign of three messages to people of every kind, its servers of mail, and how large it all is."""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from apps.cam.models import Campaign
from apps.cam.tests.imap_server import ImapServer
from apps.cam.tests.people import Person, Postman
from bench.fire.clock import TICKS_A_WEEK, at_tick, put_forward
from bench.fire.unruly import UnrulyLine, UnrulyPostOffice


@dataclass(frozen=True)
class Plan:
    """How large the campaign is, and how much it has to stand. `ticks` under fire, then `quiet` ones."""

    leads: int = 60
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


@dataclass
class Fire:
    """What is going on, and what has happened so far."""

    plan: Plan
    clock: Path
    everybody: list[Person]
    campaign: Campaign
    office: UnrulyPostOffice
    mails: Letterbox
    postman: Postman
    line: UnrulyLine
    tick: int = 0
    happened: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    def of(self, *kinds: str) -> set[str]:
        """Return the addresses of people of some kinds."""
        return {person.address for person in self.everybody if person.kind in kinds}

    @property
    def now(self) -> datetime:
        """The campaign's present."""
        return at_tick(self.tick)

    def put_forward(self, tick: int) -> None:
        """Let another tick begin."""
        self.tick = tick
        put_forward(self.clock, self.now)
