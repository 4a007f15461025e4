"""A campaign and the people who get its messages, and do with them what people and their mail systems do.

Who does what goes by a person's place in the list, so that a test knows what has to become of everybody.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.test import Client as Browser

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
from apps.cam.tests.post_office import PostOffice

KINDS = (
    *("positive", "negative", "away", "unsubscribes", "one-click", "hard", "soft", "neutral", "colleague"),
    *("suppressed", "of-suppressed-domain", "no-consent", "consents", "refused-by-server", "later"),
    *("silent",) * 5,
)
"""By a person's place, over and over."""

PLACES = (
    ("IE", "Europe/Dublin"),
    ("GB", "Europe/London"),
    ("US", "America/New_York"),
    ("US", "America/Los_Angeles"),
    ("BR", "America/Sao_Paulo"),
    ("FI", "Europe/Helsinki"),
)

WORDS = {
    "positive": (
        "Yes, that sounds interesting. Could you call me on Thursday?",
        "Ja, sehr gern, rufen Sie mich bitte an.",
    ),
    "negative": ("Thank you, but we are not interested.", "Merci, mais nous ne sommes pas intéressés."),
    "unsubscribes": ("Please remove me from your list.", "Bitte tragen Sie mich aus Ihrem Verteiler aus."),
    "neutral": ("Who gave you this address?", "Which of our clinics is this about?"),
}
ANSWERS_AFTER = {"positive": 1, "negative": 2, "away": 1, "unsubscribes": 1, "neutral": 2, "hard": 1, "soft": 1}
"""The message that makes somebody act; who clicks does so at the second one, too."""
AWAY = timedelta(days=9)
REFUSED_WITH = {
    "refused-by-server": "RCPT 550 5.1.1 No such user here",
    "later": "RCPT 451 4.7.1 Greylisted, come back",
}
"""What the mail server says to whoever writes to these."""
OPENS, CLOSES = time(9), time(17)
MESSAGES = 3


@dataclass(frozen=True)
class Person:
    """One of them."""

    place: int
    kind: str
    country: str
    zone: str
    address: str


def people(count: int) -> list[Person]:
    """Return so many people, at companies of their own but for the colleagues."""
    found = []
    for place in range(count):
        kind = KINDS[place % len(KINDS)]
        country, zone = PLACES[(place // len(KINDS)) % len(PLACES)]
        domain = f"company{place}.example"
        match kind:
            case "colleague":  # of who says yes
                domain = f"company{place - KINDS.index('colleague')}.example"
            case "of-suppressed-domain":
                domain = f"branch{place}.nomail.example"
            case "no-consent" | "consents":
                country, zone = "DE", "Europe/Berlin"
        found.append(Person(place, kind, country, zone, f"person{place}@{domain}"))
    return found


def begin_campaign(
    everybody: list[Person], *, at: datetime, a_day: int, an_hour: int, of_mailbox: int, warm_up: tuple[int, int]
) -> Campaign:
    """Begin a campaign of three messages with these people as its leads, their wishes on record.

    `a_day` and `of_mailbox` are what campaign and mailbox may send on one day, `an_hour` what both may within an hour;
    the mailbox warms up from its first day's mails by so many more on each.
    """
    start, step = warm_up
    mailbox = MailboxFactory(
        key="NORA",
        daily_cap=of_mailbox,
        hourly_cap=an_hour,
        warm_up_from=at.date(),
        warm_up_start=start,
        warm_up_step=step,
    )
    caps = {"daily_cap": a_day, "hourly_cap": an_hour}
    window = {"window_opens": OPENS, "window_closes": CLOSES}
    campaign = CampaignFactory(state="ACTIVE", mode="LIVE", mailbox=mailbox, **caps, **window)
    sequence = SequenceFactory(campaign=campaign)
    for position, wait in enumerate((0, 2, 2), start=1):
        template = MessageTemplateFactory(subject=f"Message {position} for {{{{ company }}}}")
        SequenceStepFactory(sequence=sequence, position=position, wait_days=wait, template=template)
    for person in everybody:
        _enter(person, campaign, at)
    wishes.suppress_domain("nomail.example", at=at, by=None, note="A competitor.")
    return campaign


def _enter(person: Person, campaign: Campaign, at: datetime) -> None:
    who = {"email": person.address, "email_key": person.address, "country": person.country, "time_zone": person.zone}
    lead = LeadFactory(campaign=campaign, state="QUALIFIED", **who)
    if person.kind == "suppressed":
        wishes.suppress_address(person.address, at=at, by=None, note="They called.")
    if person.kind == "consents":
        wishes.record_consent(lead, basis="CONSENT", source="Fair", given_at=at, at=at, by=None)


@dataclass
class Postman:
    """Carries what the post office took to its people, and their answers back. `wishes` is when somebody opted out."""

    office: PostOffice
    folder: ImapServer
    people: dict[str, Person]
    click: Callable[[str], None]
    carried: int = 0
    got: dict[str, int] = field(default_factory=dict)
    wishes: dict[str, datetime] = field(default_factory=dict)
    back: dict[str, datetime] = field(default_factory=dict)
    injected: dict[str, int] = field(default_factory=dict)

    def walk(self, at: datetime) -> bool:
        """Carry what is new, and tell whether anything was."""
        new = self.office.mails[self.carried :]
        self.carried += len(new)
        answers = []
        for mail in new:
            address = mail["To"].addresses[0].addr_spec
            person = self.people[address]
            self.got[address] = self.got.get(address, 0) + 1
            if answer := self._answer(person, mail, at):
                answers.append(answer)
        self.folder.deliver(*answers)
        return bool(new)

    def _answer(self, person: Person, mail: EmailMessage, at: datetime) -> bytes | None:
        if person.kind == "one-click" and self.got[person.address] == 2:
            self.click(str(mail["List-Unsubscribe"]))
            self.wishes[person.address] = at
            return None
        if self.got[person.address] != ANSWERS_AFTER.get(person.kind):
            return None
        self.injected[person.kind] = self.injected.get(person.kind, 0) + 1
        match person.kind:
            case "hard":
                return _report(person, mail, at, "5.1.1", "failed", "user unknown")
            case "soft":
                return _report(person, mail, at, "4.2.2", "failed", "mailbox full")
            case "away":
                self.back[person.address] = at + AWAY
                return _away(person, mail, at, at + AWAY)
            case "unsubscribes":
                self.wishes[person.address] = at
        return _reply(person, mail, at, WORDS[person.kind][person.place // len(KINDS) % 2])


def click(header: str) -> None:
    """Unsubscribe as a mail program does (RFC 8058)."""
    address = next(url for url in re.findall(r"<([^>]+)>", header) if url.startswith("http"))
    answer = Browser().post(urlsplit(address).path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200


def _reply(person: Person, mail: EmailMessage, at: datetime, words: str) -> bytes:
    reply = EmailMessage()
    reply["From"] = f"Person {person.place} <{person.address}>"
    reply["To"] = mail["From"]
    reply["Subject"] = f"Re: {mail['Subject']}"
    reply["Date"] = format_datetime(at)
    reply["Message-ID"] = f"<reply.{person.place}.{at:%Y%m%d%H%M}@{person.address.partition('@')[2]}>"
    reply["In-Reply-To"] = mail["Message-ID"]
    quoted = "\n".join(f"> {line}" for line in mail.get_body(("plain",)).get_content().splitlines())
    reply.set_content(f"{words}\n\nPerson {person.place}\n\nOn {at:%d %B %Y}, Nora wrote:\n{quoted}\n")
    return reply.as_bytes()


def _away(person: Person, mail: EmailMessage, at: datetime, back: datetime) -> bytes:
    reply = EmailMessage()
    reply["From"] = f"Person {person.place} <{person.address}>"
    reply["To"] = mail["From"]
    reply["Subject"] = f"Automatic reply: {mail['Subject']}"
    reply["Date"] = format_datetime(at)
    reply["Message-ID"] = f"<away.{person.place}.{at:%Y%m%d%H%M}@{person.address.partition('@')[2]}>"
    reply["In-Reply-To"] = mail["Message-ID"]
    reply["Auto-Submitted"] = "auto-replied"
    reply.set_content(f"I am out of the office and back on {back:%d %B %Y}.\n")
    return reply.as_bytes()


def _report(person: Person, mail: EmailMessage, at: datetime, status: str, action: str, words: str) -> bytes:
    """Return a delivery report (RFC 3464) as a mail server writes it."""
    lines = [
        "From: Mail Delivery System <MAILER-DAEMON@mx.agency.example>",
        f"To: {mail['From']}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <report.{person.place}.{at:%Y%m%d%H%M}@mx.agency.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="of-report"',
        "",
        "--of-report",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        f"<{person.address}>: host mx.example said: {status[0]}50 {status} {words}",
        "--of-report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.agency.example",
        "",
        f"Final-Recipient: rfc822; {person.address}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {status[0]}50 {status} {words}",
        "",
        "--of-report",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {mail['Message-ID']}",
        f"Subject: {mail['Subject']}",
        "",
        "--of-report--",
        "",
    ]
    return "\r\n".join(lines).encode()
