"""A breaker."""

import os
import subprocess
import sys
import textwrap
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from apps.shared.resilience import BreakerOpen, VendorIll, breaker, list_breakers
from apps.shared.tests.conftest import Vendor


class Refused(Exception):
    """What a vendor that is well says to a wrong request."""


def _fail(vendor: Vendor, times: int, **options: object) -> None:
    vendor.fail(ConnectionRefusedError())
    call = vendor.guarded(**options)
    for _ in range(times):
        with pytest.raises(VendorIll):
            call()


def _let_rest_pass(vendor: Vendor) -> None:
    """Age what Redis knows of the opening by more than the rest."""
    breaker._client().decrby(f"{vendor.breaker._key('')}:pybreaker:opened_at", int(breaker.RESTS_SECONDS) + 1)


def test_keeps_calls_from_a_vendor_that_failed_five_times_running(vendor: Vendor) -> None:
    _fail(vendor, 5)
    with pytest.raises(BreakerOpen, match=r"left alone for another (59|60) s") as refused:
        vendor.guarded()()
    assert vendor.calls == 5
    assert 55 < refused.value.retry_after <= 60


def test_counts_failures_in_a_row_alone(vendor: Vendor) -> None:
    _fail(vendor, 4)
    vendor.behaviour = lambda: "well"
    vendor.guarded()()
    _fail(vendor, 4)
    assert vendor.breaker.report().state == "closed"


def test_does_not_count_refusals(vendor: Vendor) -> None:
    vendor.fail(Refused())
    call = vendor.guarded()
    for _ in range(10):
        with pytest.raises(Refused):
            call()
    assert vendor.breaker.report().failures == 0


def test_counts_calls_that_were_interrupted_at_their_deadline(vendor: Vendor) -> None:
    vendor.behaviour = lambda: time.sleep(30)
    call = vendor.guarded(deadline=0.05)
    for _ in range(5):
        with pytest.raises(Exception, match="longer than its limit"):
            call()
    assert vendor.breaker.report().state == "open"


def test_closes_when_the_vendor_is_well_after_its_rest(vendor: Vendor) -> None:
    _fail(vendor, 5)
    _let_rest_pass(vendor)
    vendor.behaviour = lambda: "well"
    assert vendor.guarded()() == "well"
    assert vendor.breaker.report().state == "closed"


def test_opens_again_when_the_vendor_is_still_ill_after_its_rest(vendor: Vendor) -> None:
    _fail(vendor, 5)
    _let_rest_pass(vendor)
    _fail(vendor, 1)
    with pytest.raises(BreakerOpen):
        vendor.guarded()()
    assert vendor.calls == 6


def test_is_closed_after_redis_was_emptied(vendor: Vendor) -> None:
    _fail(vendor, 5)
    redis = breaker._client()
    redis.delete(*redis.keys(f"{vendor.breaker._key('')}*"))
    vendor.behaviour = lambda: "well"
    assert vendor.guarded()() == "well"
    assert vendor.breaker.report().failures == 0


@pytest.mark.usefixtures("without_redis")
def test_goes_by_this_process_where_redis_is_away(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(vendor, 5)
    with pytest.raises(BreakerOpen):
        vendor.guarded()()
    report = vendor.breaker.report()
    assert (report.state, report.is_shared) == ("open", False)
    monkeypatch.undo()
    vendor.behaviour = lambda: "well"
    assert vendor.guarded()() == "well"  # Redis is back, and knows nothing bad


def test_is_not_shut_for_long_by_a_process_whose_clock_is_ahead(vendor: Vendor) -> None:
    _fail(vendor, 1)
    vendor.breaker._shared._state_storage.opened_at = timezone.now() + timedelta(hours=1)
    assert vendor.breaker._shared._state_storage.opened_at <= timezone.now()


def test_is_held_open_by_hand_until_it_is_closed_by_hand(vendor: Vendor) -> None:
    call = vendor.guarded()
    vendor.breaker.hold("the bill is disputed")
    with pytest.raises(BreakerOpen, match="held back by hand: the bill is disputed"):
        call()
    assert vendor.breaker.report().level == 2
    vendor.breaker.close()
    assert call() == "well"


def test_is_listed(vendor: Vendor) -> None:
    _fail(vendor, 5)
    [report] = [report for report in list_breakers() if report.name == vendor.name]
    assert (report.state, report.level, report.failures, report.is_shared) == ("open", 2, 5, True)
    assert report.since is not None


PROBE = """
    import sys
    import time
    from django.conf import settings
    settings.configure(CELERY_BROKER_URL=sys.argv[1], VENDOR_RETRIES=False,
        CELERY_BROKER_TRANSPORT_OPTIONS={"global_keyprefix": "aicmo-test:"})
    from apps.shared.resilience import BreakerOpen, outside

    @outside(sys.argv[2], deadline=30)
    def call():
        with open(sys.argv[3], "a") as ledger:
            ledger.write("called\\n")
        while sys.stdin.readline():  # until the test closes our standard input
            pass

    print("ready", flush=True)
    sys.stdin.readline()
    try:
        call()
        print("called")
    except BreakerOpen:
        print("refused", flush=True)
"""


def test_lets_one_of_many_processes_try_a_vendor_after_its_rest(vendor: Vendor, tmp_path: Path) -> None:
    _fail(vendor, 5)
    _let_rest_pass(vendor)
    ledger = tmp_path / "calls"
    command = [sys.executable, "-c", textwrap.dedent(PROBE), settings.CELERY_BROKER_URL, vendor.name, str(ledger)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": settings.BASE_DIR}
    processes = [subprocess.Popen(command, env=os.environ, **pipes) for _ in range(8)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    deadline = time.monotonic() + 30
    while sum(process.poll() is not None for process in processes) < 7:  # the eighth waits for its answer
        assert time.monotonic() < deadline, f"called: {ledger.read_text().split()}"
        time.sleep(0.05)
    answers = [process.communicate()[0] for process in processes]
    assert (answers.count("refused\n"), answers.count("called\n"), ledger.read_text()) == (7, 1, "called\n")
    assert vendor.breaker.report().state == "closed"
