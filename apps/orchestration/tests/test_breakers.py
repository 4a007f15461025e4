"""The page of breakers."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.observability.models import AuditEntry
from apps.orchestration.models import OutboxEvent
from apps.shared.resilience import VendorIll, outside
from apps.shared.resilience.breaker import BREAKERS, Breaker


@pytest.fixture
def breaker() -> Iterator[Breaker]:
    """The breaker of a vendor that is well."""
    name = f"vendor-{uuid4().hex[:8]}"
    outside(name, deadline=1)
    yield BREAKERS[name]
    BREAKERS.pop(name).close()


def _browser(*permissions: str) -> Browser:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def operator(db: None) -> Browser:
    """Somebody who may switch the engine."""
    return _browser("view_controlflag", "set_control_flag", "view_steprun")


def _set(browser: Browser, breaker: Breaker, deed: str, reason: str = "the bill is disputed") -> str:
    answer = browser.post(reverse("breakers"), {"breaker": breaker.name, "deed": deed, "reason": reason}, follow=True)
    return answer.content.decode()


def _call(breaker: Breaker) -> str:
    return outside(breaker.name, deadline=1)(lambda: "well")()


def test_says_how_each_stands(operator: Browser, breaker: Breaker) -> None:
    page = operator.get(reverse("breakers")).content.decode()
    assert breaker.name in page
    assert "closed" in page


def test_holds_one_open_and_says_so_in_the_audit(operator: Browser, breaker: Breaker) -> None:
    page = _set(operator, breaker, "hold")
    assert f"The breaker of {breaker.name} is held open." in page
    assert "the bill is disputed" in page
    with pytest.raises(VendorIll, match="held back by hand: the bill is disputed"):
        _call(breaker)
    entry = AuditEntry.objects.get(action="BreakerSet")
    assert (entry.reason, entry.before["state"], entry.after["state"]) == ("the bill is disputed", "closed", "open")
    assert User.objects.filter(pk=entry.actor_id).exists()


def test_closes_what_was_held(operator: Browser, breaker: Breaker) -> None:
    _set(operator, breaker, "hold")
    _set(operator, breaker, "close", "paid")
    assert _call(breaker) == "well"
    assert OutboxEvent.objects.filter(name="BreakerSet").count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"reason": " "}, "Say why."), ({"breaker": "nobody"}, "nobody is not one of the"), ({"deed": "kick"}, "kick")],
)
def test_changes_nothing_for_a_wrong_form(
    operator: Browser, breaker: Breaker, fields: dict[str, str], said: str
) -> None:
    form = {"breaker": breaker.name, "deed": "hold", "reason": "why not"} | fields
    assert said in operator.post(reverse("breakers"), form, follow=True).content.decode()
    assert breaker.report().held == ""
    assert not OutboxEvent.objects.filter(name="BreakerSet").exists()


def test_changes_nothing_while_redis_is_away(
    operator: Browser, breaker: Breaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0))
    with monkeypatch.context() as patch:
        patch.setattr("apps.shared.resilience.breaker._client", lambda: nowhere)
        patch.setattr("apps.shared.resilience.breaker._redis_is_away_until", 0.0)
        page = _set(operator, breaker, "hold")
    assert "Redis does not answer, so nothing was changed" in page
    assert "as this process alone sees it" in page
    assert not OutboxEvent.objects.filter(name="BreakerSet").exists()


def test_is_read_only_for_who_may_not_switch_the_engine(db: None, breaker: Breaker) -> None:
    reader = _browser("view_controlflag")
    assert "Hold open" not in reader.get(reverse("breakers")).content.decode()
    assert reader.post(reverse("breakers"), {"breaker": breaker.name, "deed": "hold"}).status_code == 403
    assert breaker.report().held == ""


def test_is_closed_to_who_may_not_see_the_engine(db: None) -> None:
    assert _browser().get(reverse("breakers")).status_code == 403
    assert Browser().get(reverse("breakers")).status_code == 302


def test_is_linked_from_the_desk(operator: Browser) -> None:
    assert reverse("breakers") in operator.get(reverse("admin:index")).content.decode()
