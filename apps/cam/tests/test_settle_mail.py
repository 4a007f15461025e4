"""A message in doubt …"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.models import Lead, OutboundEmail
from apps.cam.services import outbound
from apps.cam.services.outbound import SettlingRefused
from apps.cam.services.sending import send_due
from apps.cam.tests.post_office import PostOffice
from apps.identity.models import User
from apps.shared.desk import list_of
from apps.shared.events import AuditNote, Event
from apps.shared.testing import send_dialog

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(hours=3)

Published = list[tuple[Event, AuditNote]]


@pytest.fixture
def doubtful(a_mail: Callable[..., OutboundEmail]) -> OutboundEmail:
    return a_mail(state="UNKNOWN", fence=1, reserved_at=EARLIER, attempts=1, answer="The line broke at END")


def again(mail: OutboundEmail) -> OutboundEmail:
    return OutboundEmail.objects.select_related("lead").get(pk=mail.pk)


def test_that_went_out_lets_the_sequence_go_on(
    doubtful: OutboundEmail, salesperson: User, published: Published
) -> None:
    outbound.went_out(doubtful, by=salesperson.pk, reason="It is in the folder of sent mails", at=NOON)
    found = again(doubtful)
    assert (found.state, found.sent_at, found.lead.state) == ("SENT", EARLIER, "CONTACTED")
    names = [type(event).__name__ for event, _ in published]
    assert names == ["EmailSent", "LeadAdvanced", "EmailSettled"]
    assert published[0][1].actor_id == salesperson.pk


def test_that_did_not_go_out_is_checked_and_sent_anew(
    office: PostOffice, doubtful: OutboundEmail, salesperson: User
) -> None:
    outbound.queue_again(doubtful, by=salesperson.pk, reason="The log has nothing", at=NOON)
    assert again(doubtful).reserved_at is None
    assert send_due(at=NOON).sent == 1


def test_that_is_left_is_never_sent(office: PostOffice, doubtful: OutboundEmail, salesperson: User) -> None:
    outbound.leave_it(doubtful, by=salesperson.pk, reason="Too long ago", at=NOON)
    assert again(doubtful).state == "CANCELLED"
    assert send_due(at=NOON).sent == 0


def test_that_went_out_to_somebody_who_has_unsubscribed_since_leaves_their_wish(
    doubtful: OutboundEmail, salesperson: User
) -> None:
    Lead.objects.update(contactability="UNSUBSCRIBED")
    outbound.went_out(doubtful, by=salesperson.pk, reason="It is there", at=NOON)
    assert (again(doubtful).state, again(doubtful).lead.contactability) == ("SENT", "UNSUBSCRIBED")


@pytest.mark.parametrize("service", [outbound.went_out, outbound.queue_again, outbound.leave_it])
def test_is_settled_once_and_with_a_reason(doubtful: OutboundEmail, salesperson: User, service: Callable) -> None:
    with pytest.raises(SettlingRefused, match="reason is empty"):
        service(doubtful, by=salesperson.pk, reason=" ", at=NOON)
    service(again(doubtful), by=salesperson.pk, reason="I looked", at=NOON)
    with pytest.raises(SettlingRefused, match="not in doubt any more"):
        service(again(doubtful), by=salesperson.pk, reason="I looked", at=NOON)


# --- at the desk ------------------------------------------------------------------------------------------------------


def address(mail: OutboundEmail, button: str) -> str:
    return reverse(f"admin:cam_outboundemail_{button}", args=[mail.pk])


def test_stands_on_the_first_page(desk: Browser, doubtful: OutboundEmail) -> None:
    home = desk.get(reverse("admin:index"))
    worklist = next(each for each in home.context["worklists"] if each.title == "Mails in doubt")
    assert worklist.count == 1
    assert list(desk.get(worklist.url).context["cl"].result_list) == [doubtful]


@pytest.mark.parametrize(("button", "state"), [("went_out", "SENT"), ("queue_again", "QUEUED"), ("leave", "CANCELLED")])
def test_is_settled_by_a_button(desk: Browser, doubtful: OutboundEmail, button: str, state: str) -> None:
    send_dialog(desk, address(doubtful, button), reason="I looked")
    assert again(doubtful).state == state


def test_is_not_settled_by_who_may_not(client: Browser, doubtful: OutboundEmail, strategist: User) -> None:
    client.force_login(strategist)
    assert client.post(address(doubtful, "went_out"), {"reason": "x"}).status_code in (302, 403)
    assert again(doubtful).state == "UNKNOWN"


def test_offers_a_waiting_one_to_be_cancelled_and_nothing_else(
    desk: Browser, a_mail: Callable[..., OutboundEmail]
) -> None:
    mail = a_mail()
    send_dialog(desk, address(mail, "went_out"), reason="x")
    assert again(mail).state == "QUEUED"
    send_dialog(desk, address(mail, "cancel"), reason="We met them")
    assert (again(mail).state, again(mail).answer) == ("CANCELLED", "We met them")


def test_is_found_by_its_address(desk: Browser, doubtful: OutboundEmail, a_mail: Callable[..., OutboundEmail]) -> None:
    a_mail()
    found: Any = desk.get(list_of(OutboundEmail), {"q": doubtful.lead.email.upper()}).context["cl"].result_list
    assert list(found) == [doubtful]
