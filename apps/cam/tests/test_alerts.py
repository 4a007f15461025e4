"""An alert …"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django_fsm import TransitionNotAllowed

from apps.cam.api.events import AlertSeen, AlertSent
from apps.cam.models import Alert, Campaign, InboundEmail
from apps.cam.services import alerts
from apps.cam.services.alerts import dispatch_alerts, raise_alert, see_alert, send_alert_again
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import InboundEmailFactory, MailboxFactory, OutboundEmailFactory
from apps.cam.tests.test_cycles import ended
from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.shared.gateways.email import Letter, LetterRefused
from apps.shared.resilience import VendorIll

pytestmark = pytest.mark.django_db


def _raise(key: str = "one", **columns: Any) -> bool:
    return raise_alert(
        key=key, kind="CAMPAIGN_PAUSED", title="Dentists is paused", message="Because.", at=AT, **columns
    )


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Letter]]:
    """Let the mail server say so to each letter, and keep the letters."""

    def plan(*answers: Exception | None) -> list[Letter]:
        tried: list[Letter] = []
        left = list(answers)

        def send(letter: Letter, *, at: object) -> bool:
            tried.append(letter)
            if left and (answer := left.pop(0)) is not None:
                raise answer
            return True

        monkeypatch.setattr("apps.shared.gateways.email.send_letter", send)
        return tried

    return plan


def test_is_one_however_often_it_is_raised() -> None:
    assert _raise()
    assert not _raise()
    assert Alert.objects.count() == 1


def test_is_mailed_once_to_each_of_those_who_run_campaigns(salesperson: User, published: list[tuple[Any, Any]]) -> None:
    owner, producer = UserFactory(is_superuser=True, is_staff=True), UserFactory(is_staff=True)
    producer.groups.add(Group.objects.get(name="Producer"))
    UserFactory(is_superuser=True, is_staff=True, is_active=False)
    _raise()
    assert dispatch_alerts(at=AT).sent == 1
    assert dispatch_alerts(at=AT + timedelta(hours=2)).items == 0
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([salesperson.email, owner.email])
    assert mail.outbox[0].subject == "Dentists is paused"
    assert "/cam/alert/" in mail.outbox[0].body
    sent = [event for event, _ in published if isinstance(event, AlertSent)]
    assert [(event.kind, event.recipient_count) for event in sent] == [("CAMPAIGN_PAUSED", 2)]


@pytest.mark.django_db(transaction=True)
def test_is_mailed_once_though_eight_work_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(is_superuser=True, is_staff=True)
    reply = InboundEmailFactory(classification="POSITIVE")
    for number in range(5):
        _raise(f"key-{number}")
    sent: list[str] = []
    monkeypatch.setattr("apps.shared.gateways.email.send_letter", lambda letter, at: sent.append(letter.key) or True)

    def work(_: int) -> None:
        try:
            dispatch_alerts(at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert (len(sent), len(set(sent))) == (6, 6)
    assert set(Alert.objects.values_list("state", flat=True)) == {"SENT"}
    assert Alert.objects.filter(key=f"reply:{reply.pk}").count() == 1


def test_waits_for_a_mail_server_that_is_ill(salesperson: User, sending: Callable) -> None:
    tried = sending(VendorIll("away"), None)
    _raise()
    assert dispatch_alerts(at=AT).waiting == 1
    assert dispatch_alerts(at=AT + timedelta(minutes=1)).items == 0
    assert Alert.objects.get().error == "away"
    assert dispatch_alerts(at=AT + timedelta(minutes=3)).sent == 1
    assert tried[0].key == tried[1].key, "another Message-ID"


def test_is_sent_to_nobody_twice_when_the_server_fell_ill_in_between(salesperson: User, sending: Callable) -> None:
    UserFactory(is_superuser=True, is_staff=True)
    tried = sending(None, VendorIll("away"), None)
    _raise()
    dispatch_alerts(at=AT)
    dispatch_alerts(at=AT + timedelta(minutes=3))
    assert len(tried) == 3
    assert tried[0].to != tried[1].to == tried[2].to


@pytest.mark.django_db(transaction=True)
def test_is_taken_up_again_after_its_worker_died_under_the_same_message_id(sending: Callable) -> None:
    class Died(BaseException):
        """Stands for SIGKILL."""

    UserFactory(is_superuser=True, is_staff=True)
    tried = sending(Died(), None)
    _raise()
    with pytest.raises(Died):
        dispatch_alerts(at=AT)
    assert dispatch_alerts(at=AT + timedelta(minutes=5)).sent == 0, "somebody may be at it still"
    assert dispatch_alerts(at=AT + timedelta(minutes=11)).sent == 1
    assert tried[0].key == tried[1].key


def test_reaches_nobody_where_every_address_is_refused(salesperson: User, sending: Callable) -> None:
    sending(LetterRefused("no such mailbox"))
    _raise()
    assert dispatch_alerts(at=AT).failed == 1
    assert (Alert.objects.get().state, Alert.objects.get().error) == ("FAILED", "no such mailbox")


def test_reaches_nobody_where_nobody_runs_campaigns() -> None:
    _raise()
    assert dispatch_alerts(at=AT).failed == 1
    assert "Nobody of the staff" in Alert.objects.get().error


def test_is_given_up_after_many_tries(salesperson: User, sending: Callable) -> None:
    sending(*[VendorIll("away")] * 20)
    _raise()
    counts = [dispatch_alerts(at=AT + timedelta(hours=2 * hour)) for hour in range(9)]
    assert [count.failed for count in counts] == [0] * 7 + [1, 0]


def test_is_mailed_again_when_somebody_mended_the_cause(salesperson: User, sending: Callable) -> None:
    sending(LetterRefused("full"), None)
    _raise()
    dispatch_alerts(at=AT)
    send_alert_again(Alert.objects.get(), by=salesperson.pk, at=AT)
    assert dispatch_alerts(at=AT).sent == 1
    with pytest.raises(TransitionNotAllowed):
        send_alert_again(Alert.objects.get(), by=salesperson.pk, at=AT)


def test_is_seen_by_the_first_who_says_so(salesperson: User, published: list[tuple[Any, Any]]) -> None:
    _raise()
    for person in (salesperson, UserFactory()):
        see_alert(Alert.objects.get(), by=person.pk, at=AT)
    assert Alert.objects.get().seen_by == salesperson
    assert not Alert.objects.unseen().exists()
    assert [type(event) for event, _ in published] == [AlertSeen]


def test_tells_of_each_positive_reply_once(salesperson: User) -> None:
    reply = InboundEmailFactory(classification="POSITIVE", text="Yes, call me.")
    InboundEmailFactory(classification="NEGATIVE")
    assert dispatch_alerts(at=AT).raised == 1
    assert dispatch_alerts(at=AT).raised == 0
    alert = Alert.objects.get()
    assert (alert.lead, alert.campaign, alert.subject_id) == (reply.lead, reply.lead.campaign, reply.pk)
    assert "Yes, call me." in mail.outbox[0].body
    InboundEmail.objects.filter(classification="NEGATIVE").update(classification="POSITIVE")
    assert dispatch_alerts(at=AT).raised == 1


def test_tells_once_of_all_mails_that_one_worker_left_in_doubt(salesperson: User, campaign: Campaign) -> None:
    mailbox = MailboxFactory()
    for fence in (3, 3, 3, 4):
        OutboundEmailFactory(mailbox=mailbox, state="UNKNOWN", fence=fence, reserved_at=AT)
    assert dispatch_alerts(at=AT).raised == 2
    assert dispatch_alerts(at=AT).raised == 0
    assert sorted(alert.title[-4:] for alert in Alert.objects.all()) == ["t: 1", "t: 3"]


def test_tells_once_of_a_step_that_keeps_failing(salesperson: User) -> None:
    for _ in range(3):
        ended("OK", "FAILED")
    assert dispatch_alerts(at=AT).raised == 1
    ended("OK", "FAILED")
    assert dispatch_alerts(at=AT).raised == 0, "it is the same row of failures"
    ended("OK", "OK")
    for _ in range(3):
        ended("OK", "FAILED")
    assert dispatch_alerts(at=AT).raised == 1, "it is another one"


def test_has_a_title_of_one_line() -> None:
    raise_alert(key="k", kind="MAILBOX_ILL", title="a\r\nBcc: all@x", message="m", at=AT)
    assert Alert.objects.get().title == "a Bcc: all@x"
    assert alerts.who_is_told() == []
