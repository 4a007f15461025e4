"""The portal's API of webhooks …"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from apps.identity import services as identity
from apps.identity.models import Client, Membership
from apps.identity.tests.factories import MembershipFactory
from apps.observability.models import AuditEntry
from apps.orchestration.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from apps.orchestration.services.webhook_secrets import decrypted
from apps.orchestration.tests.factories import WebhookDeliveryFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
WISH = {"url": "https://erp.example.com/hooks", "types": ["package.delivered"]}
MISSING = "00000000-0000-7000-8000-000000000000"


class Portal:
    """Somebody of a client, logged in or with a token."""

    def __init__(self, membership: Membership, *scopes: str) -> None:
        self.browser, self.headers = Browser(), {}
        if scopes:
            _, secret = identity.make_token(
                membership, name="ERP", scopes=scopes, expires_at=NOW + timedelta(days=9), at=NOW, by=membership.user_id
            )
            self.headers = {"Authorization": f"Bearer {secret}"}
        else:
            self.browser.force_login(membership.user)

    def ask(self, method: str, path: str = "", body: Any = None, **headers: str) -> Any:
        send = getattr(self.browser, method)
        options = {"data": body, "content_type": "application/json"} if body is not None else {}
        return send(f"/api/v1/webhooks{path}", headers=self.headers | headers, **options)


@pytest.fixture
def membership(acme: Client) -> Membership:
    return MembershipFactory(client=acme, role="APPROVER")


@pytest.fixture
def approver(membership: Membership) -> Portal:
    return Portal(membership)


@pytest.fixture
def endpoint(acme: Client) -> WebhookEndpoint:
    return WebhookEndpointFactory(client=acme)


@pytest.fixture
def foreign(globex: Client) -> WebhookDelivery:
    return WebhookDeliveryFactory(endpoint__client=globex, body="CANARY")


def test_adds_a_webhook_and_shows_its_secret_once(approver: Portal, acme: Client) -> None:
    answer = approver.ask("post", body=WISH | {"description": "Our ERP"})
    assert answer.status_code == 201
    added = WebhookEndpoint.objects.get()
    assert answer.json()["secret"] == decrypted(added.secret)
    assert (added.client, added.url, added.types) == (acme, WISH["url"], WISH["types"])
    for path in ("", f"/{added.pk}"):
        shown = approver.ask("get", path)
        assert answer.json()["secret"] not in shown.content.decode()
        assert added.secret not in shown.content.decode()
    assert OutboxEvent.objects.filter(name="WebhookAdded", client_id=acme.pk).count() == 1


def test_replays_no_secret(approver: Portal) -> None:
    first, again = (approver.ask("post", body=WISH, **{"Idempotency-Key": "a"}) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert again.json() == {name: value for name, value in first.json().items() if name != "secret"}
    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "https://user:pass@erp.example.com/"}, "url"),
        ({"url": " https://erp.example.com/"}, "url"),
        ({"url": "https://erp.example.com:22/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": 7}, "url"),
        ({"types": []}, "types"),
        ({"types": ["draft.internal"]}, "types.0"),
        ({"colour": "red"}, "colour"),
        ({"secret": "whsec_AAAA"}, "secret"),
        ({"is_active": False}, "is_active"),
    ],
)
def test_refuses_a_wish_by_its_field(approver: Portal, wish: dict[str, Any], field: str) -> None:
    answer = approver.ask("post", body=WISH | wish)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not WebhookEndpoint.objects.exists()


def test_keeps_a_client_to_ten(approver: Portal, acme: Client) -> None:
    WebhookEndpointFactory.create_batch(10, client=acme)
    assert approver.ask("post", body=WISH).status_code == 400


def test_changes_a_webhook(approver: Portal, endpoint: WebhookEndpoint) -> None:
    answer = approver.ask("patch", f"/{endpoint.pk}", {"types": ["run.completed"], "description": "New"})
    assert answer.status_code == 200
    endpoint.refresh_from_db()
    assert (endpoint.types, endpoint.description) == (["run.completed"], "New")
    assert approver.ask("patch", f"/{endpoint.pk}", {"url": "http://10.0.0.1/"}).status_code == 400
    assert AuditEntry.objects.get(action="WebhookChanged").after["types"] == ["run.completed"]


def test_switches_a_webhook_off_and_on(approver: Portal, endpoint: WebhookEndpoint) -> None:
    off = approver.ask("patch", f"/{endpoint.pk}", {"is_active": False}).json()
    assert (off["is_active"], off["disabled_by"]) == (False, "CLIENT")
    assert approver.ask("post", f"/{endpoint.pk}/test").status_code == 409
    on = approver.ask("patch", f"/{endpoint.pk}", {"is_active": True}).json()
    assert (on["is_active"], on["disabled_by"]) == (True, "")


def test_removes_a_webhook_and_its_log(approver: Portal, endpoint: WebhookEndpoint) -> None:
    WebhookDeliveryFactory(endpoint=endpoint)
    assert approver.ask("delete", f"/{endpoint.pk}").status_code == 204
    assert not WebhookDelivery.objects.exists()
    assert OutboxEvent.objects.filter(name="WebhookRemoved").count() == 1


def test_rotates_a_secret_that_holds_another_day(approver: Portal, endpoint: WebhookEndpoint) -> None:
    old = endpoint.secret
    answer = approver.ask("post", f"/{endpoint.pk}/rotate").json()
    endpoint.refresh_from_db()
    assert (decrypted(endpoint.secret), endpoint.previous_secret) == (answer["secret"], old)
    assert approver.ask("post", f"/{endpoint.pk}/rotate").status_code == 409


def test_has_a_message_sent_to_try_a_webhook(approver: Portal, endpoint: WebhookEndpoint) -> None:
    answer = approver.ask("post", f"/{endpoint.pk}/test")
    assert (answer.status_code, answer.json()["state"]) == (202, "PENDING")
    assert WebhookDelivery.objects.get().type == "webhook.test"


def test_lists_what_was_sent_the_newest_first(approver: Portal, endpoint: WebhookEndpoint) -> None:
    sent = WebhookDeliveryFactory.create_batch(3, endpoint=endpoint)
    WebhookDeliveryFactory(endpoint__client=endpoint.client)
    page = approver.ask("get", f"/{endpoint.pk}/deliveries?page_size=2").json()
    assert [each["id"] for each in page["results"]] == [str(sent[2].pk), str(sent[1].pk)]
    assert page["next"]


def test_sends_a_message_again(approver: Portal, endpoint: WebhookEndpoint) -> None:
    failed = WebhookDeliveryFactory(endpoint=endpoint, state="FAILED", attempts=8)
    again = f"/{endpoint.pk}/deliveries/{failed.pk}/redeliver"
    assert approver.ask("post", again).json()["attempts"] == 0
    assert WebhookDelivery.objects.due().get() == failed
    assert approver.ask("post", again).status_code == 409


WRITES = (
    ("post", "", WISH),
    ("patch", "/{pk}", {"description": "x"}),
    ("delete", "/{pk}", None),
    ("post", "/{pk}/rotate", None),
    ("post", "/{pk}/test", None),
    ("post", "/{pk}/deliveries/{sent}/redeliver", None),
)
READS = (("get", "", None), ("get", "/{pk}", None), ("get", "/{pk}/deliveries", None))


def paths(endpoint: WebhookEndpoint, asked: tuple) -> list[tuple[str, str, Any]]:
    sent = WebhookDeliveryFactory(endpoint=endpoint)
    return [(method, path.format(pk=endpoint.pk, sent=sent.pk), body) for method, path, body in asked]


@pytest.mark.parametrize("who", ["viewer", "token", "every scope"])
def test_lets_others_than_a_logged_in_approver_read_alone(acme: Client, endpoint: WebhookEndpoint, who: str) -> None:
    role = "VIEWER" if who == "viewer" else "APPROVER"
    scopes = {"viewer": (), "token": ("read",), "every scope": ("read", "review", "intake", "billing")}[who]
    portal = Portal(MembershipFactory(client=acme, role=role), *scopes)
    reads = [portal.ask(*each).status_code for each in paths(endpoint, READS)]
    writes = [portal.ask(*each).status_code for each in paths(endpoint, WRITES)]
    assert (set(reads), set(writes)) == ({200}, {403})
    assert WebhookEndpoint.objects.get().description == ""


def test_shows_nothing_of_another_client(approver: Portal, foreign: WebhookDelivery) -> None:
    assert approver.ask("get").json()["results"] == []
    for asked in (WRITES[1:], READS[1:]):
        for method, path, body in asked:
            for sent in (foreign.pk, MISSING):
                theirs = approver.ask(method, path.format(pk=foreign.endpoint_id, sent=sent), body)
                missing = approver.ask(method, path.format(pk=MISSING, sent=MISSING), body)
                assert (theirs.status_code, theirs.content) == (404, missing.content), path
    assert WebhookDelivery.objects.get().state == "DELIVERED"


def test_sends_no_message_of_another_webhook_again(
    approver: Portal, endpoint: WebhookEndpoint, foreign: WebhookDelivery
) -> None:
    assert approver.ask("post", f"/{endpoint.pk}/deliveries/{foreign.pk}/redeliver").status_code == 404


def test_is_shut_by_the_database_where_the_code_forgets(
    approver: Portal, foreign: WebhookDelivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.shared.rest.views.of_client", lambda rows, client_id: rows)
    assert approver.ask("get").json()["results"] == []
    assert approver.ask("get", f"/{foreign.endpoint_id}/deliveries").status_code == 404


def test_costs_few_queries(
    approver: Portal, endpoint: WebhookEndpoint, django_assert_max_num_queries: Callable
) -> None:
    WebhookDeliveryFactory.create_batch(5, endpoint=endpoint)
    for asked in (("get",), ("get", f"/{endpoint.pk}"), ("get", f"/{endpoint.pk}/deliveries")):
        with django_assert_max_num_queries(10):
            approver.ask(*asked)
    with django_assert_max_num_queries(16):  # rows, event, audit entry
        approver.ask("post", body=WISH)
