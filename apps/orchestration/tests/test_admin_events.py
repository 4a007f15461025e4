"""A dead letter at the desk …"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.observability.models import AuditEntry
from apps.orchestration.models import EventReceipt, OutboxEvent
from apps.orchestration.services import outbox
from apps.shared.testing import send_dialog
from bench.probe.people import ProbeApproved, decide

pytestmark = pytest.mark.django_db
RECEIPTS = reverse("admin:orchestration_eventreceipt_changelist")
Letter = Callable[..., EventReceipt]


@pytest.fixture
def letter() -> Letter:
    """Make a reaction fail for good."""

    def make(error: str = "ConnectionError: away", state: str = "DEAD") -> EventReceipt:
        event = decide(ProbeApproved, uuid7())
        return EventReceipt.objects.create(
            event_id=event.event_id, reaction="wake_runs", state=state, attempts=6, error=error, trace="Traceback …"
        )

    return make


@pytest.fixture
def desk(strategist: User) -> Browser:
    codenames = ["view_eventreceipt", "view_outboxevent", "retry_reaction"]
    strategist.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser = Browser()
    browser.force_login(strategist)
    return browser


def page_of(receipt: EventReceipt, name: str = "change") -> str:
    return reverse(f"admin:orchestration_eventreceipt_{name}", args=[receipt.pk])


def press(browser: Browser, receipt: EventReceipt, reason: str = "The server is back.") -> int:
    address = page_of(receipt, "retry_reaction")
    return browser.post(address, {"_form_submitted": "1", "reason": reason}).status_code


def test_is_counted_on_the_first_page_and_listed_by_its_state(letter: Letter, desk: Browser) -> None:
    assert desk.get(reverse("admin:index")).context["worklists"] == []
    dead, _ = letter(), letter(state="DONE")
    (worklist,) = desk.get(reverse("admin:index")).context["worklists"]
    assert (worklist.title, worklist.count) == ("Dead letters", 1)
    for address in (worklist.url, f"{RECEIPTS}?state__exact=DEAD"):
        assert list(desk.get(address).context["cl"].result_list) == [dead]


def test_shows_what_went_wrong_with_which_event(letter: Letter, desk: Browser) -> None:
    receipt = letter(error="<b>away</b>")
    shown = desk.get(page_of(receipt)).content.decode()
    for words in ("&lt;b&gt;away&lt;/b&gt;", "ProbeApproved", "Traceback …", page_of(receipt, "retry_reaction")):
        assert words in shown
    assert "<b>away</b>" not in shown


def test_is_tried_again_with_a_reason(letter: Letter, desk: Browser, strategist: User) -> None:
    receipt = letter()
    press(desk, receipt, reason="")
    assert EventReceipt.objects.get().state == "DEAD"
    press(desk, receipt)
    assert EventReceipt.objects.get().state == "RETRYING"
    entry = AuditEntry.objects.get(action="ReactionRetried")
    assert (entry.actor_id, entry.reason) == (strategist.pk, "The server is back.")
    assert outbox.dispatch_events() == 1
    assert EventReceipt.objects.get().state == "DONE"


def test_is_not_tried_again_twice(letter: Letter, desk: Browser) -> None:
    receipt = letter()
    press(desk, receipt)
    answer = send_dialog(desk, page_of(receipt, "retry_reaction"), reason="Again.")
    assert "Try again: not done." in answer.content.decode()
    assert AuditEntry.objects.filter(action="ReactionRetried").count() == 1


def test_is_not_tried_again_by_who_may_only_look(letter: Letter, desk: Browser, strategist: User) -> None:
    strategist.user_permissions.remove(Permission.objects.get(codename="retry_reaction"))
    receipt = letter()
    assert page_of(receipt, "retry_reaction") not in desk.get(page_of(receipt)).content.decode()
    assert press(desk, receipt) == 403
    assert EventReceipt.objects.get().state == "DEAD"


def test_is_found_from_its_event(letter: Letter, desk: Browser) -> None:
    receipt = letter()
    event = reverse("admin:orchestration_outboxevent_change", args=[receipt.event_id])
    assert page_of(receipt) in desk.get(event).content.decode()
    assert list(desk.get(RECEIPTS, {"q": str(receipt.event.aggregate_id)}).context["cl"].result_list) == [receipt]


def test_is_listed_among_twenty_as_cheaply_as_among_five(letter: Letter, desk: Browser) -> None:
    counts = []
    for more in (5, 15):
        for _ in range(more):
            letter()
        with CaptureQueriesContext(connection) as queries:
            shown = desk.get(RECEIPTS).context["cl"].result_list
        counts.append(len(queries))
    assert (len(shown), OutboxEvent.objects.filter(name="ProbeApproved").count()) == (20, 20)
    assert counts[0] == counts[1] <= 12
