"""Vendors that fail on demand, behind breakers of their own."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.shared.resilience import breaker, outside
from apps.shared.resilience.vendors import VENDOR_RETRY
from apps.shared.workflow import RetryPolicy


class Vendor:
    """Does what it is told next, and keeps count."""

    def __init__(self) -> None:
        self.name = f"vendor-{uuid.uuid4().hex[:8]}"
        self.calls = 0
        self.behaviour: Callable[[], object] = lambda: "well"

    def guarded(
        self, deadline: float = 30, retry: RetryPolicy = VENDOR_RETRY, **options: object
    ) -> Callable[[], object]:
        """Return the guarded call a gateway would make."""

        @outside(self.name, deadline=deadline, retry=retry, **options)
        def call() -> object:
            self.calls += 1
            return self.behaviour()

        return call

    def fail(self, error: Exception) -> None:
        """Raise this from now on."""

        def behave() -> None:
            raise error

        self.behaviour = behave

    @property
    def breaker(self) -> breaker.Breaker:
        return breaker.BREAKERS[self.name]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor nobody else calls."""
    made = Vendor()
    yield made
    if made.name in breaker.BREAKERS:
        made.breaker.close()
        del breaker.BREAKERS[made.name]


@pytest.fixture
def without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis nobody listens at."""
    nowhere = Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(breaker, "_client", lambda: nowhere)
    monkeypatch.setattr(breaker, "_redis_is_away_until", 0.0)
