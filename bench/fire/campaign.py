"""What burns: a campaign of three messages to people of every kind, its servers of mail, and how large it all is."""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from apps.cam.models import Campaign
from apps.cam.services import wishes
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    MessageTemplateFactory,
    SequenceFactory,
    SequenceStepFactory,
)
from apps.cam.tests.imap_server import ImapServer
from apps.cam.tests.people import Person, Postman
from bench.fire.clock import BEGINS, TICKS_A_WEEK, at_tick, put_forward
from bench.fire.unruly import UnrulyLine, UnrulyPostOffice

MESSAGES = 3
OPENS, CLOSES = time_of_day(9), time_of_day(17)


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


def begin_campaign(everybody: list[Person], plan: Plan) -> Campaign:
    """Begin a campaign with these people as its leads."""
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
