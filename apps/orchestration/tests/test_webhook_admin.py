"""A webhook at the desk …"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import Client, User
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.models import WebhookDelivery, WebhookEndpoint
from apps.orchestration.tests.factories import WebhookDeliveryFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db

ENDPOINTS = "admin:orchestration_webhookendpoint_"
DELIVERIES = "admin:orchestration_webhookdelivery_"


def desk_of(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


@pytest.fixture
def manager() -> User:
    person = UserFactory()
    person.groups.add(Group.objects.get(name="Account manager"))
    return person


@pytest.fixture
def desk(manager: User) -> Browser:
    return desk_of(manager)


def press(browser: Browser, page: str, row: object, button: str, reason: str = "It floods.") -> int:
    address = reverse(f"{page}{button}", args=[row.pk])
    return browser.post(address, {"_form_submitted": "1", "reason": reason}).status_code


def test_shows_its_secret_to_nobody(desk: Browser, acme: Client) -> None:
    endpoint = WebhookEndpointFactory(client=acme)
    page = desk.get(reverse(f"{ENDPOINTS}change", args=[endpoint.pk])).content.decode()
    assert endpoint.url in page
    assert endpoint.secret not in page


def test_shows_an_answer_as_text(desk: Browser) -> None:
    delivery = WebhookDeliveryFactory(excerpt="<script>alert(1)</script>", error="<b>no</b>")
    page = desk.get(reverse(f"{DELIVERIES}change", args=[delivery.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "<b>no</b>" not in page


def test_is_switched_off_and_on_by_buttons(desk: Browser, manager: User) -> None:
    endpoint = WebhookEndpointFactory()
    press(desk, ENDPOINTS, endpoint, "disable_webhook")
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_by) == (False, "STAFF")
    entry = AuditEntry.objects.get(action="WebhookDisabled")
    assert (entry.actor_id, entry.reason) == (manager.pk, "It floods.")
    press(desk, ENDPOINTS, endpoint, "enable_webhook", "")
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_message_is_sent_again_by_a_button(desk: Browser) -> None:
    delivery = WebhookDeliveryFactory(state="FAILED")
    press(desk, DELIVERIES, delivery, "redeliver_webhook")
    assert WebhookDelivery.objects.due().get() == delivery


def test_is_not_commanded_by_who_may_only_look(acme: Client) -> None:
    endpoint = WebhookEndpointFactory(client=acme)
    person = UserFactory()
    person.groups.add(Group.objects.get(name="Sales"))
    assert press(desk_of(person), ENDPOINTS, endpoint, "disable_webhook") == 403
    assert WebhookEndpoint.objects.get().is_active


def test_that_was_given_up_needs_somebody(desk: Browser, acme: Client) -> None:
    given_up = WebhookEndpointFactory(
        client=acme, is_active=False, disabled_by="FAILURES", disabled_at=timezone.now(), failing_since=timezone.now()
    )
    WebhookEndpointFactory(client=acme, is_active=False, disabled_by="CLIENT", disabled_at=timezone.now())
    home = desk.get(reverse("admin:index"))
    (worklist,) = home.context["worklists"]
    assert worklist.title == "Webhooks switched off because nothing arrived"
    assert str(given_up.pk) in worklist.entries[0].what
    assert worklist.count == 1


def test_stands_on_its_client_s_page(desk: Browser, acme: Client, globex: Client) -> None:
    WebhookEndpointFactory(client=acme, url="https://ours.example.com/")
    WebhookEndpointFactory(client=globex, url="https://theirs.example.com/")
    tab = desk.get(reverse("admin:client_tab", args=[acme.pk, "webhooks"])).content.decode()
    assert "ours.example.com" in tab
    assert "theirs.example.com" not in tab


@pytest.mark.parametrize("page", [ENDPOINTS, DELIVERIES])
def test_lists_cost_few_queries(desk: Browser, page: str, django_assert_max_num_queries: Callable) -> None:
    WebhookDeliveryFactory.create_batch(10)
    with django_assert_max_num_queries(12):
        assert desk.get(reverse(f"{page}changelist")).status_code == 200
