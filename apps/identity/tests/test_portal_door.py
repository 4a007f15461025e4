"""The portal's door …"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client as Browser

from apps.identity import services
from apps.identity.models import ApiToken, Client, Membership, StoredAnswer
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.shared.rest import views

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


def token(membership: Membership, *scopes: str, days: int = 30) -> tuple[ApiToken, dict[str, str]]:
    made, secret = services.make_token(
        membership,
        name="ERP",
        scopes=scopes or ("read",),
        expires_at=NOW + timedelta(days=days),
        at=NOW,
        by=membership.user_id,
    )
    return made, {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def approver() -> Membership:
    return MembershipFactory(role="APPROVER", client__name="Acme")


def ask(path: str, headers: dict[str, str], **options: Any) -> Any:
    return Browser().get(f"/api/v1/{path}", headers=headers, **options)


def test_asks_a_stranger_for_a_token() -> None:
    answer = Browser().get("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["status"] == 401


def test_tells_a_token_whom_it_acts_for(approver: Membership) -> None:
    _, headers = token(approver, "read", "review")
    answer = ask("me", headers).json()
    assert answer["email"] == approver.user.email
    assert (answer["client_id"], answer["scopes"]) == (str(approver.client_id), ["read", "review"])


@pytest.mark.parametrize("end", ["revoked", "expired", "left", "switched off", "made up"])
def test_is_shut_to_a_token_that_ended(approver: Membership, end: str) -> None:
    made, headers = token(approver)
    assert ask("me", headers).status_code == 200
    match end:
        case "revoked":
            services.revoke_token(made, at=NOW, by=approver.user_id)
        case "expired":
            ApiToken.objects.update(expires_at=NOW)
        case "left":
            services.revoke_membership(approver, by=approver.user_id)
        case "switched off":
            approver.user.is_active = False
            approver.user.save()
        case "made up":
            headers = {"Authorization": "Bearer aicmo_nothing"}
    assert ask("me", headers).status_code == 401


def test_takes_no_right_from_a_token_that_its_role_has_not(approver: Membership) -> None:
    _, headers = token(approver, "read", "review")
    approver.role = "VIEWER"
    services.grant_membership(approver, by=approver.user_id)
    assert ask("me", headers).json()["scopes"] == ["read"]


def test_shows_one_client_even_where_the_code_forgets_to(approver: Membership) -> None:
    globex = ClientFactory(name="Globex")
    _, headers = token(approver)
    with patch.object(views, "of_client", lambda rows, client_id: rows):
        listed = ask("clients", headers).json()["results"]
        foreign = ask(f"clients/{globex.pk}", headers)
    assert [each["name"] for each in listed] == ["Acme"]
    assert foreign.status_code == 404
    assert Client.objects.count() == 2


def test_answers_a_foreign_id_exactly_like_a_missing_one(approver: Membership) -> None:
    globex = ClientFactory(name="Globex")
    _, headers = token(approver)
    foreign = ask(f"clients/{globex.pk}", headers)
    missing = ask("clients/00000000-0000-7000-8000-000000000000", headers)
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["colour=red", "ordering=name", "page_size=101", "page_size=0", "cursor="])
def test_refuses_a_parameter_it_does_not_know(approver: Membership, query: str) -> None:
    _, headers = token(approver)
    answer = ask(f"clients?{query}", headers)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [query.split("=")[0]]


def test_tells_how_many_requests_are_left(approver: Membership) -> None:
    _, headers = token(approver)
    first, second = ask("me", headers), ask("me", headers)
    assert first["RateLimit-Policy"] == '"read";q=600;w=60'
    left = [int(each["RateLimit"].split("r=")[1].split(";")[0]) for each in (first, second)]
    assert left[0] - left[1] in (1, 1 - 600)  # a new minute may have begun


def test_turns_away_who_asks_too_often(approver: Membership, settings: Any) -> None:
    settings.PORTAL_LIMITS = {"read": 1, "write": 1}
    _, headers = token(approver)
    answers = [ask("me", headers) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 61


@pytest.fixture
def browser(approver: Membership) -> Browser:
    logged_in = Browser()
    logged_in.force_login(approver.user)
    return logged_in


WISH = {"name": "ERP", "scopes": ["read"], "expires_at": (NOW + timedelta(days=10)).isoformat()}


def issue(browser: Browser, wish: Any = None, **headers: str) -> Any:
    return browser.post("/api/v1/tokens", wish or WISH, content_type="application/json", headers=headers)


def test_answers_the_same_request_once(browser: Browser) -> None:
    first = issue(browser, **{"Idempotency-Key": "a"})
    again = issue(browser, **{"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert again.json() == {name: value for name, value in first.json().items() if name != "secret"}
    assert ApiToken.objects.count() == 1
    assert first.json()["secret"].encode() not in bytes(StoredAnswer.objects.get().body)


def test_refuses_another_request_under_the_same_key(browser: Browser) -> None:
    issue(browser, **{"Idempotency-Key": "a"})
    assert issue(browser, WISH | {"name": "CRM"}, **{"Idempotency-Key": "a"}).status_code == 422
    assert ApiToken.objects.count() == 1


def test_leaves_nothing_of_a_refused_request(browser: Browser) -> None:
    refused = issue(browser, WISH | {"colour": "red"}, **{"Idempotency-Key": "a"})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "colour"
    assert not StoredAnswer.objects.exists()
    assert issue(browser, **{"Idempotency-Key": "a"}).status_code == 201


@pytest.mark.parametrize("key", ["", "é", "x" * 256])
def test_refuses_a_key_that_is_none(browser: Browser, key: str) -> None:
    assert issue(browser, **{"Idempotency-Key": key}).status_code == 400


def test_wants_a_page_to_prove_that_it_asks(approver: Membership) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(approver.user)
    assert issue(strict).status_code == 403
    assert not ApiToken.objects.exists()


def test_lets_no_token_issue_another(approver: Membership) -> None:
    _, headers = token(approver)
    answer = Browser().post("/api/v1/tokens", WISH, content_type="application/json", headers=headers)
    assert answer.status_code == 403


UNREADABLE = (
    b"{",
    b"\xff",
    b'{"name": NaN}',
    b'{"a": 1, "a": 2}',
    b'{"name": "\\u0000"}',
    b'{"name": "\\ud800"}',
    b"[" * 100_000,
    b"[]",
    b"1",
    b'"text"',
    b"null",
)


@pytest.mark.parametrize("body", UNREADABLE)
def test_refuses_a_body_it_cannot_read(browser: Browser, body: bytes) -> None:
    answer = browser.generic("POST", "/api/v1/tokens", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_costs_few_queries(approver: Membership, asks_at_most: Callable) -> None:
    _, headers = token(approver)
    with asks_at_most(10):
        ask("clients", headers)
