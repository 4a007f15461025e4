"""Many at once, and killed in the middle …"""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as of_site
from django.db import connection
from django.utils import timezone

from apps.cam.models import Campaign, Mailbox, OutboundEmail, Suppression
from apps.cam.services import wishes
from apps.cam.services.sending import send_due
from apps.cam.tests.factories import (
    CampaignFactory,
    LeadFactory,
    MailboxFactory,
    OutboundEmailFactory,
    SequenceStepFactory,
)
from apps.cam.tests.post_office import PostOffice

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
AT_ONCE = 8
PROCESS = """
import sys
from datetime import datetime
import django
django.setup()
from django.conf import settings
settings.MAILBOX_URLS = {"AICMO_MAILBOX_NORA_SMTP_URL": sys.argv[1]}
from apps.cam.services.sending import send_due
print(send_due(at=datetime.fromisoformat(sys.argv[2])).sent)
"""


def at_once(deeds: list[Callable[[], Any]]) -> list[Any]:
    """Do all in threads with connections of their own."""

    def do(deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [each.result() for each in [pool.submit(do, deed) for deed in deeds]]


def environment(**more: str) -> dict[str, str]:
    """Return what a process needs to work in the test's database."""
    found = connection.settings_dict
    url = f"postgresql://{found['USER']}@{quote(found['HOST'], safe='')}/{found['NAME']}"
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test"} | more


def start(office: PostOffice, at: datetime = NOON, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROCESS, office.url, at.isoformat()]
    return subprocess.Popen(command, env=environment(**more), cwd=of_site.BASE_DIR, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def faults(tmp_path: Path) -> tuple[Callable[[str], None], dict[str, str]]:
    """Plans where a process is killed, and what tells it."""
    return lambda point: (tmp_path / f"{point}@any").write_text("kill") and None, {"AICMO_FAULTS_DIR": str(tmp_path)}


def test_never_send_more_than_the_mailbox_may(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], box: Mailbox
) -> None:
    Mailbox.objects.update(daily_cap=5)
    for _ in range(20):
        a_mail()
    at_once([lambda: send_due(at=NOON) for _ in range(AT_ONCE * 3)])
    assert len(office.mails) == OutboundEmail.objects.filter(state="SENT").count() == 5


def test_never_send_more_than_the_campaign_may_from_many_mailboxes(office: PostOffice, settings: Any) -> None:
    campaign = CampaignFactory(state="ACTIVE", mode="LIVE", daily_cap=5, cool_down_hours=0)
    step = SequenceStepFactory(sequence__campaign=campaign)
    boxes = [MailboxFactory(key=f"BOX_{number}") for number in range(AT_ONCE)]
    settings.MAILBOX_URLS = {f"AICMO_MAILBOX_{box.key}_SMTP_URL": office.url for box in boxes}
    for box in boxes * 2:
        OutboundEmailFactory(lead__campaign=campaign, lead__state="ROUTED", mailbox=box, step=step)
    at_once([lambda: send_due(at=NOON) for _ in range(AT_ONCE)])
    assert len(office.mails) == 5


def test_never_send_two_to_one_person_within_the_cool_down(office: PostOffice, settings: Any) -> None:
    boxes = [MailboxFactory(key=f"BOX_{number}") for number in range(AT_ONCE)]
    settings.MAILBOX_URLS = {f"AICMO_MAILBOX_{box.key}_SMTP_URL": office.url for box in boxes}
    for box in boxes:
        campaign = CampaignFactory(state="ACTIVE", mode="LIVE", mailbox=box, daily_cap=500)
        lead = LeadFactory(campaign=campaign, state="ROUTED", email_key="mia@clinic.example")
        OutboundEmailFactory(lead=lead, mailbox=box)
    at_once([lambda: send_due(at=NOON) for _ in range(AT_ONCE)])
    assert office.recipients == ["mia@clinic.example"]


def test_never_write_to_somebody_after_their_wish(
    office: PostOffice, a_mail: Callable[..., OutboundEmail], running: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.cam.rules.windows._holidays", lambda country, year: {})
    monkeypatch.setattr("apps.cam.services.sending.MOST_AT_ONCE", 500)
    Campaign.objects.update(window_opens=time.min, window_closes=time.max, on_weekends=True)
    Mailbox.objects.update(daily_cap=500, hourly_cap=500)
    mails = [a_mail() for _ in range(120)]
    who_wish = random.Random(7).sample(mails, 40)
    ends = timezone.now() + timedelta(minutes=1)

    def wish_by_and_by(mine: list[OutboundEmail]) -> None:
        for number, mail in enumerate(mine):
            while OutboundEmail.objects.filter(state="SENT").count() < number * 6 and timezone.now() < ends:
                sleep(0.01)
            wishes.unsubscribe(mail.to_address, at=timezone.now())

    wishers = [lambda part=part: wish_by_and_by(who_wish[part::4]) for part in range(4)]
    at_once([lambda: send_due(at=timezone.now()), *wishers])
    wished = {row.shown: row.created_at for row in Suppression.objects.all()}
    late = [
        mail
        for mail in OutboundEmail.objects.exclude(reserved_at=None)
        if mail.to_address in wished and mail.reserved_at > wished[mail.to_address]
    ]
    states = list(OutboundEmail.objects.filter(to_address__in=wished).values_list("state", flat=True))
    assert (len(wished), late) == (40, [])
    assert set(states) == {"SENT", "CANCELLED"}, "the wishes came all before, or all after: nothing was tried"
    assert sorted(office.recipients) == sorted(
        OutboundEmail.objects.filter(state="SENT").values_list("to_address", flat=True)
    )


@pytest.mark.parametrize(
    ("point", "taken"),
    [("mail-reserved", 0), ("smtp-dot", 0), ("mail-answered", 1)],
)
def test_leave_what_they_had_in_hands_to_a_person(
    office: PostOffice,
    a_mail: Callable[..., OutboundEmail],
    faults: tuple[Callable[[str], None], dict[str, str]],
    point: str,
    taken: int,
) -> None:
    plan, told = faults
    mails = [a_mail(), a_mail()]
    plan(point)
    with start(office, **told) as killed:
        assert killed.wait(60) == -9
    assert sorted(OutboundEmail.objects.values_list("state", flat=True)) == ["QUEUED", "SENDING"]
    Mailbox.objects.update(held_until=None)  # the time of the killed owner is over
    counts = send_due(at=NOON + timedelta(minutes=10))
    assert (counts.unknown, counts.sent) == (1, 1)
    assert sorted(OutboundEmail.objects.values_list("state", flat=True)) == ["SENT", "UNKNOWN"]
    assert send_due(at=NOON + timedelta(days=1)).items == 0
    assert len(office.mails) == taken + 1
    assert len(set(office.recipients)) == len(office.recipients)
    assert {mail.to_address for mail in mails} >= set(office.recipients)


def test_of_eight_processes_send_each_mail_once(office: PostOffice, a_mail: Callable[..., OutboundEmail]) -> None:
    Mailbox.objects.update(daily_cap=12)
    for _ in range(20):
        a_mail()
    processes = [start(office) for _ in range(AT_ONCE)]
    said = [int(process.communicate(timeout=120)[0] or 0) for process in processes]
    assert (sum(said), len(office.mails), len(set(office.recipients))) == (12, 12, 12)
