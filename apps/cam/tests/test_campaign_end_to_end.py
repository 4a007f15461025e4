"""A campaign of five hundred leads and three messages, over real SMTP and IMAP, its clock moved on for weeks …"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.cam.models import Campaign, InboundEmail, Lead, Mailbox
from apps.cam.services import followups, inbox, processing, sending
from apps.cam.tests.imap_server import an_imap_server
from apps.cam.tests.people import CLOSES, MESSAGES, OPENS, REFUSED_WITH, Person, Postman, begin_campaign, click, people
from apps.cam.tests.post_office import open_post_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

LEADS = 500
BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, TICK = 25, timedelta(hours=3)
A_DAY, AN_HOUR = 150, 60
OF_MAILBOX = 160


@dataclass
class Story:
    """What was told, and to whom."""

    campaign: Campaign
    everybody: list[Person]
    postman: Postman

    def of(self, *kinds: str) -> list[str]:
        """Return the addresses of people of some kinds."""
        return [person.address for person in self.everybody if person.kind in kinds]


def test_never_goes_against_a_wish_a_window_or_a_cap(settings: Any) -> None:
    with an_imap_server() as folder, open_post_office() as office:
        settings.MAILBOX_URLS = {
            "AICMO_MAILBOX_NORA_SMTP_URL": office.url,
            "AICMO_MAILBOX_NORA_IMAP_URL": folder.url,
        }
        everybody = people(LEADS)
        caps = {"a_day": A_DAY, "an_hour": AN_HOUR, "of_mailbox": OF_MAILBOX}
        campaign = begin_campaign(everybody, at=BEGINS, **caps, warm_up=(40, 40))
        postman = Postman(office, folder, {person.address: person for person in everybody}, click)
        refused = (person for person in everybody if person.kind in REFUSED_WITH)
        office.fates |= {person.address: REFUSED_WITH[person.kind] for person in refused}
        for at in _clock():
            if at == BEGINS + timedelta(days=1):  # the servers that asked for another time have one now
                office.fates = {who: fate for who, fate in office.fates.items() if not fate.startswith("RCPT 4")}
            _cycle(postman, at)
    _prove(Story(campaign, everybody, postman))


def _clock() -> Iterator[datetime]:
    return (BEGINS + TICK * number for number in range(DAYS * 8))


def _cycle(postman: Postman, at: datetime) -> None:
    sending.send_due(at=at)
    if postman.walk(at):
        inbox.poll_all(at=at)
        processing.process_new(at=at)
    followups.queue_next(at=at)


# --- what has to be true in the end -----------------------------------------------------------------------------------


def _prove(story: Story) -> None:
    got = story.postman.got
    assert sum(got.values()) > 1.5 * LEADS, "hardly anything was sent: nothing is proven"
    _prove_never_twice(story)
    _prove_no_wish_was_broken(story)
    _prove_windows()
    _prove_caps()
    _prove_followed_up(story)


def _rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _prove_never_twice(story: Story) -> None:
    taken = [(mail["To"], mail["Subject"]) for mail in story.postman.office.mails]
    assert len(taken) == len(set(taken))
    sent = _rows("SELECT message_id FROM cam_outboundemail WHERE state IN ('SENT', 'BOUNCED') ORDER BY 1")
    assert sorted(mail["Message-ID"] for mail in story.postman.office.mails) == [message_id for (message_id,) in sent]
    assert _rows("SELECT state, count(*) FROM cam_outboundemail WHERE state IN ('SENDING', 'UNKNOWN') GROUP BY 1") == []


def _prove_no_wish_was_broken(story: Story) -> None:
    got = story.postman.got
    assert [who for who in story.of("suppressed", "of-suppressed-domain", "no-consent") if who in got] == []
    assert len(story.postman.wishes) == len(story.of("unsubscribes", "one-click"))
    late = _rows(
        """
        SELECT mail.to_address FROM cam_outboundemail AS mail
        JOIN unnest(%s::text[], %s::timestamptz[]) AS wish (address, at) ON wish.address = mail.to_address
        WHERE mail.reserved_at > wish.at AND mail.sent_at IS NOT NULL
        """,
        list(story.postman.wishes),
        list(story.postman.wishes.values()),
    )
    early = [who for (who,) in late if _sent_after(who, story.postman.wishes[who])]
    assert early == []


def _sent_after(address: str, moment: datetime) -> bool:
    """Tell whether something went out after the cycle in which a wish was made: its own mail made it."""
    return bool(
        _rows(
            "SELECT 1 FROM cam_outboundemail WHERE to_address = %s AND sent_at > %s",
            address,
            moment + TICK - timedelta(minutes=1),
        )
    )


def _prove_windows() -> None:
    outside = _rows(
        """
        SELECT mail.id FROM cam_outboundemail AS mail JOIN cam_lead AS lead ON lead.id = mail.lead_id
        WHERE mail.sent_at IS NOT NULL AND (
            (mail.sent_at AT TIME ZONE lead.time_zone)::time NOT BETWEEN %s AND %s
            OR extract(isodow FROM mail.sent_at AT TIME ZONE lead.time_zone) > 5
            OR lead.country = 'IE' AND (mail.sent_at AT TIME ZONE lead.time_zone)::date = '2026-03-17'
        )
        """,
        OPENS,
        CLOSES,
    )
    assert outside == []


def _prove_caps() -> None:
    a_day = """
        SELECT max(sent) FROM (
            SELECT count(*) AS sent FROM cam_outboundemail WHERE sent_at IS NOT NULL
            GROUP BY (sent_at AT TIME ZONE 'Europe/Dublin')::date
        ) AS days
    """
    assert _rows(a_day)[0][0] <= A_DAY
    an_hour = """
        SELECT max(sent) FROM (
            SELECT count(*) OVER (
                ORDER BY sent_at RANGE BETWEEN '59 minutes 59 seconds' PRECEDING AND CURRENT ROW
            ) AS sent
            FROM cam_outboundemail WHERE sent_at IS NOT NULL
        ) AS hours
    """
    assert _rows(an_hour)[0][0] <= AN_HOUR
    warming = _rows(
        """
        SELECT day, sent FROM (
            SELECT (sent_at AT TIME ZONE 'UTC')::date - date '2026-03-02' AS day, count(*) AS sent
            FROM cam_outboundemail WHERE sent_at IS NOT NULL GROUP BY 1
        ) AS days WHERE sent > least(%s, 40 + 40 * day)
        """,
        OF_MAILBOX,
    )
    assert warming == []


def _prove_followed_up(story: Story) -> None:
    postman = story.postman
    unseen = _rows("SELECT count(*) FROM cam_inboundemail WHERE lead_id IS NULL OR processed_at IS NULL")
    assert unseen == [(0,)]
    classes = dict(_rows("SELECT classification, count(*) FROM cam_inboundemail GROUP BY 1"))
    counts = postman.injected
    assert classes == {
        "POSITIVE": counts["positive"],
        "NEGATIVE": counts["negative"],
        "OUT_OF_OFFICE": counts["away"],
        "UNSUBSCRIBE": counts["unsubscribes"],
        "BOUNCE": counts["hard"] + counts["soft"],
        "NEUTRAL": counts["neutral"],
    }
    assert InboundEmail.objects.filter(classification="BOUNCE", bounce="hard").count() == counts["hard"]
    _prove_became(story, "REPLIED", "positive", got=1)
    _prove_became(story, "LOST", "negative", got=2)
    _prove_became(story, "LOST", "unsubscribes", got=1)
    _prove_became(story, "LOST", "silent", got=MESSAGES)
    _prove_became(story, "LOST", "later", got=MESSAGES)
    _prove_became(story, "LOST", "consents", got=MESSAGES)
    _prove_became(story, "LOST", "soft", got=MESSAGES)
    _prove_became(story, "CONTACTED", "neutral", got=2)
    _prove_became(story, "ROUTED", "no-consent", got=0)
    bounced = Lead.objects.filter(contactability="BOUNCED").order_by("email").values_list("email", flat=True)
    assert list(bounced) == sorted(story.of("hard", "refused-by-server"))
    out = Lead.objects.filter(contactability="UNSUBSCRIBED").order_by("email").values_list("email", flat=True)
    assert list(out) == sorted(story.of("unsubscribes", "one-click"))
    early = _rows(
        """
        SELECT mail.to_address FROM cam_outboundemail AS mail
        JOIN unnest(%s::text[], %s::timestamptz[]) AS away (address, back_at) ON away.address = mail.to_address
        WHERE mail.number > 1 AND mail.sent_at::date < away.back_at::date
        """,
        list(postman.back),
        list(postman.back.values()),
    )
    assert early == []
    assert Mailbox.objects.get().send_error == ""


def _prove_became(story: Story, state: str, kind: str, *, got: int) -> None:
    wanted = story.of(kind)
    stands = dict(Lead.objects.filter(email__in=wanted).values_list("email", "state"))
    wrong = {who: (stands[who], story.postman.got.get(who, 0)) for who in wanted}
    wrong = {who: found for who, found in wrong.items() if found != (state, got)}
    assert wrong == {}, kind
