"""The metrics page …"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import inf

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from django.test import Client as Browser
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from apps.observability import services
from apps.observability.gateways import servers
from apps.observability.gateways.metrics import metrics_page
from apps.observability.models import WorkerHeartbeat
from apps.observability.tasks import seal_audit
from apps.observability.tests.factories import make_entry
from apps.shared import telemetry
from apps.shared.telemetry import Distribution, Metric, Sample, offer_metrics

asked_in_a_thread = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 23, tzinfo=UTC)


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return the values of a page by name and labels."""
    return {
        (sample.name, *sorted(f"{name}={value}" for name, value in sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def offered() -> Iterator[Callable]:
    """Offer metrics for the length of a test."""
    before = dict(telemetry._sources)
    yield offer_metrics
    telemetry._sources.clear()
    telemetry._sources.update(before)


def page(client: Browser, **headers: str) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    return samples(answer.content.decode())


@asked_in_a_thread
def test_shows_what_a_module_offers(client: Browser, offered: Callable) -> None:
    offered(lambda at: [Metric("lamps", "Lamps that burn.", (Sample(3, {"room": 'the "hall"'}),), labels=("room",))])
    assert page(client)["lamps", 'room=the "hall"'] == 3


def test_shows_a_distribution_as_a_histogram() -> None:
    took = Distribution({0.1: 4, 1.0: 2, inf: 1}, total=9.5, labels={"step": "one"})
    text = metrics_page([Metric("took", "Seconds.", (took,), labels=("step",))]).decode()
    shown = samples(text)
    assert [shown["took_bucket", f"le={bound}", "step=one"] for bound in ("0.1", "1.0", "+Inf")] == [4, 6, 7]
    assert (shown["took_gcount", "step=one"], shown["took_gsum", "step=one"]) == (7, 9.5)


@asked_in_a_thread
def test_tells_how_long_a_worker_is_silent_and_who_serves_a_queue(client: Browser) -> None:
    for name, silence in (("alive@a", 0), ("dead@b", 3600)):
        services.report_worker(name=name, host="h", pid=1, queues=["thinking"], concurrency=1, started_at=AT)
        WorkerHeartbeat.objects.filter(name=name).update(last_seen_at=Now() - timedelta(seconds=silence))
    shown = page(client)
    assert shown["aicmo_worker_silence_seconds", "worker=dead@b"] == pytest.approx(3600, abs=60)
    assert shown["aicmo_queue_workers", "queue=thinking"] == 1
    assert shown["aicmo_queue_workers", "queue=writing"] == 0


@asked_in_a_thread
def test_tells_how_many_entries_should_have_a_seal_by_now(client: Browser) -> None:
    now = timezone.now()
    for age in (timedelta(seconds=10), timedelta(minutes=5), timedelta(minutes=6), timedelta(hours=1)):
        make_entry(occurred_at=now - age)
    assert page(client)["aicmo_unsealed_entries",] == 2
    services.seal_audit()
    assert page(client)["aicmo_unsealed_entries",] == 0


@asked_in_a_thread
def test_tells_how_many_messages_wait(client: Browser) -> None:
    before = servers.queue_lengths()["outreach"]
    for _ in range(3):
        seal_audit.apply_async(queue="outreach")
    try:
        shown = page(client)
    finally:
        with servers._redis() as redis:
            redis.ltrim("aicmo-test:outreach", 3, -1)
    assert shown["aicmo_queue_messages", "queue=outreach"] == before + 3
    assert ("aicmo_queue_messages", "queue=thinking") in shown
    assert shown["aicmo_broker_up",] == 1


@asked_in_a_thread
def test_goes_without_queues_while_redis_is_away(client: Browser, settings: object) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    shown = page(client)
    assert shown["aicmo_broker_up",] == 0
    assert not any(key[0] == "aicmo_queue_messages" for key in shown)


@asked_in_a_thread
def test_is_not_there_while_postgresql_is_away(client: Browser, offered: Callable) -> None:
    def broken(at: datetime) -> list[Metric]:
        raise OperationalError("the server closed the connection of user aicmo")

    offered(broken)
    answer = client.get("/metrics")
    assert answer.status_code == 503
    assert b"user" not in answer.content


@asked_in_a_thread
@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1"])
def test_answers_this_machine(client: Browser, address: str) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "10.0.0.9"},
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
    ids=str,
)
def test_refuses_a_stranger(client: Browser, meta: dict) -> None:
    assert client.get("/metrics", **meta).status_code == 403


@asked_in_a_thread
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("Bearer the-token-of-the-house", 200),
        ("bearer the-token-of-the-house", 200),
        ("Bearer another", 403),
        ("Basic the-token-of-the-house", 403),
        ("Bearer ünknown", 403),
        ("", 403),
    ],
)
def test_answers_from_anywhere_to_the_token_alone(client: Browser, settings: object, sent: str, status: int) -> None:
    settings.METRICS_TOKEN = "the-token-of-the-house"  # type: ignore[attr-defined]
    for address in ("127.0.0.1", "203.0.113.7"):
        assert client.get("/metrics", REMOTE_ADDR=address, HTTP_AUTHORIZATION=sent).status_code == status
