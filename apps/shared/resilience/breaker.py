"""Circuit breakers: a vendor that is ill is left alone for a while, by every process together."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.conf import settings
from pybreaker import (
    STATE_CLOSED,
    STATE_HALF_OPEN,
    STATE_OPEN,
    CircuitBreaker,
    CircuitBreakerError,
    CircuitBreakerListener,
    CircuitBreakerState,
    CircuitBreakerStorage,
    CircuitMemoryStorage,
    CircuitRedisStorage,
)
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.shared.resilience.limits import Alarm
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

OPENS_AFTER = 5
"""Failures in a row, of all processes together, after which a vendor is left alone (quality figure: at most 5)."""

RESTS_SECONDS = 60.0
"""How long it is left alone before one call tries it again."""

REDIS_SECONDS = 0.5
"""How long Redis may take to say how a vendor fares before this process goes by what it saw itself."""

WITHOUT_REDIS_SECONDS = 5.0
"""How long a process goes by itself before it asks Redis again."""


class VendorIll(TransientFailure):
    """A vendor failed in a way that says it is ill: no connection, no answer in time, a 5xx, too many requests.

    `retry_after`: the seconds after which it wants to be asked again, where it said so.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BreakerOpen(VendorIll):
    """A vendor was not called, because it failed too often of late or because somebody holds its breaker open."""


@dataclass(frozen=True, slots=True)
class BreakerReport:
    """How a vendor's breaker stands. `level`: 0 closed, 1 half-open, 2 open. `held`: why somebody holds it open."""

    name: str
    state: str
    failures: int
    since: datetime | None
    held: str
    is_shared: bool

    @property
    def level(self) -> int:
        return (STATE_CLOSED, STATE_HALF_OPEN, STATE_OPEN).index(self.state)


class Breaker:
    """Leaves a vendor alone once it failed OPENS_AFTER times running, for every process that shares our Redis.

    Where Redis is away, each process goes by what it sees itself; where it was emptied, the breaker is closed. In
    half-open, one call of all processes tries the vendor.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._own = _circuit(name, CircuitMemoryStorage(STATE_CLOSED))
        self._own_probe = threading.Lock()
        self._shared: CircuitBreaker | None = None

    @contextmanager
    def watching(self, longest: float) -> Iterator[None]:
        """Count how the block, a call of at most `longest` seconds, ends. Raises BreakerOpen instead of entering it."""
        redis = _redis()
        circuit = self._circuit_in(redis)
        if held := self._held(redis):
            raise BreakerOpen(f"{self.name} is held back by hand: {held}")
        try:
            with self._single_probe(circuit, redis, longest), circuit.calling():
                yield
        except CircuitBreakerError:
            left = _seconds_of_rest(circuit)
            raise BreakerOpen(
                f"{self.name} failed too often of late and is left alone for another {left:.0f} s.", retry_after=left
            ) from None

    def report(self) -> BreakerReport:
        """Return how the breaker stands."""
        redis = _redis()
        circuit, held = self._circuit_in(redis), self._held(redis)
        state = STATE_OPEN if held else circuit.current_state
        since = circuit._state_storage.opened_at if state != STATE_CLOSED else None
        return BreakerReport(self.name, state, circuit.fail_counter, since, held, is_shared=redis is not None)

    def hold(self, reason: str) -> None:
        """Keep every process from calling the vendor until `close`. Raises RedisError when Redis is away."""
        _client().set(self._key("held"), reason)

    def close(self) -> None:
        """Let everybody call the vendor again. Raises RedisError when Redis is away."""
        _client().delete(self._key("held"), self._key("probe"))
        self._circuit_in(_client()).close()

    def _circuit_in(self, redis: Redis | None) -> CircuitBreaker:
        if redis is None:
            return self._own
        if self._shared is None:
            self._shared = _circuit(self.name, _SharedStorage(STATE_CLOSED, redis, namespace=self._key("")))
        return self._shared

    @contextmanager
    def _single_probe(self, circuit: CircuitBreaker, redis: Redis | None, longest: float) -> Iterator[None]:
        """Let one process at a time call a vendor whose breaker is not closed; pybreaker by itself lets all."""
        if circuit.current_state == STATE_CLOSED:
            yield
            return
        probe = redis.lock(self._key("probe"), timeout=longest + 5) if redis else self._own_probe
        if not probe.acquire(blocking=False):
            raise CircuitBreakerError
        try:
            yield
        finally:
            with suppress(RedisError):  # it ran out, or Redis went away: then it ends by itself
                probe.release()

    def _held(self, redis: Redis | None) -> str:
        return (redis.get(self._key("held")) or b"").decode() if redis else ""

    def _key(self, part: str) -> str:
        return f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}breaker:{self.name}:{part}".rstrip(":")


BREAKERS: dict[str, Breaker] = {}
"""Every breaker of this process's gateways, by the vendor's name."""


def list_breakers() -> list[BreakerReport]:
    """Return how the breakers of all gateways stand, by name."""
    return [BREAKERS[name].report() for name in sorted(BREAKERS)]


def _circuit(name: str, storage: CircuitBreakerStorage) -> CircuitBreaker:
    return CircuitBreaker(
        OPENS_AFTER,
        RESTS_SECONDS,
        exclude=[lambda error: not isinstance(error, (VendorIll, Alarm))],
        listeners=[_Logger()],
        state_storage=storage,
        name=name,
        throw_new_error_on_trip=False,
    )


def _seconds_of_rest(circuit: CircuitBreaker) -> float:
    opened_at = circuit._state_storage.opened_at
    return RESTS_SECONDS - (datetime.now(UTC) - opened_at).total_seconds() if opened_at else 0.0


class _SharedStorage(CircuitRedisStorage):
    """Ages by the clock of Redis: a worker whose own clock is wrong must not shut a vendor out for everybody."""

    @property
    def opened_at(self) -> datetime | None:
        try:
            opened, (now, _) = self._redis.get(self._namespace("opened_at")), self._redis.time()
        except RedisError:
            return None
        return datetime.now(UTC) - timedelta(seconds=now - int(opened)) if opened else None

    @opened_at.setter
    def opened_at(self, now: datetime) -> None:
        with suppress(RedisError):
            self._redis.set(self._namespace("opened_at"), self._redis.time()[0])


class _Logger(CircuitBreakerListener):
    def state_change(
        self, cb: CircuitBreaker, old_state: CircuitBreakerState | None, new_state: CircuitBreakerState
    ) -> None:
        log.warning("The breaker of %s is %s", cb.name, new_state.name)


@cache
def _client() -> Redis:
    url = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return Redis.from_url(
        url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 0)
    )


_redis_is_away_until = 0.0


def _redis() -> Redis | None:
    """Return the client of a Redis that answers, None while it does not."""
    global _redis_is_away_until
    if time.monotonic() < _redis_is_away_until:
        return None
    try:
        _client().ping()
    except RedisError as error:
        _redis_is_away_until = time.monotonic() + WITHOUT_REDIS_SECONDS
        log.warning("Breakers go by what this process sees, for Redis is away: %s", error)
        return None
    return _client()
