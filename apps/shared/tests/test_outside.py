"""A guarded call to a vendor."""

import threading
import time
from typing import Any

import pytest
from django.db import transaction

from apps.shared.resilience import TookTooLong, VendorIll, outside
from apps.shared.tests.conftest import Vendor
from apps.shared.workflow import RetryPolicy

QUICK = RetryPolicy(attempts=3, first_seconds=0.01, most_seconds=0.02)


@pytest.fixture
def _retries(settings: Any) -> None:
    settings.VENDOR_RETRIES = True


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, none of which is made."""
    made: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", made.append)
    return made


@pytest.mark.usefixtures("_retries")
def test_is_tried_again_when_the_vendor_is_ill(vendor: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    vendor.fail(TimeoutError())
    with pytest.raises(VendorIll, match="does not answer: TimeoutError"):
        vendor.guarded(retry=QUICK)()
    assert vendor.calls == 3
    assert f"{vendor.name} does not answer" in caplog.text


@pytest.mark.usefixtures("_retries")
def test_gives_the_answer_of_a_later_try(vendor: Vendor) -> None:
    answers = iter([ConnectionResetError(), VendorIll("503"), "well"])

    def behave() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    vendor.behaviour = behave
    assert vendor.guarded(retry=QUICK)() == "well"


@pytest.mark.usefixtures("_retries")
def test_is_not_tried_again_when_the_vendor_refuses(vendor: Vendor) -> None:
    vendor.fail(PermissionError("wrong key"))
    with pytest.raises(PermissionError):
        vendor.guarded(retry=QUICK)()
    assert vendor.calls == 1


@pytest.mark.usefixtures("_retries")
def test_is_tried_again_on_what_the_gateway_calls_ill(vendor: Vendor) -> None:
    vendor.fail(KeyError("the vendor's own exception"))
    with pytest.raises(VendorIll):
        vendor.guarded(retry=QUICK, ill=(KeyError,))()
    assert vendor.calls == 3


@pytest.mark.usefixtures("_retries")
def test_stops_trying_once_the_breaker_is_open(vendor: Vendor) -> None:
    vendor.fail(TimeoutError())
    with pytest.raises(VendorIll, match="left alone"):
        vendor.guarded(retry=RetryPolicy(attempts=20, first_seconds=0.001, most_seconds=0.002))()
    assert vendor.calls == 5


@pytest.mark.usefixtures("_retries")
def test_waits_as_long_as_the_vendor_asks(vendor: Vendor, pauses: list[float]) -> None:
    vendor.fail(VendorIll("429", retry_after=7))
    with pytest.raises(VendorIll):
        vendor.guarded(retry=QUICK)()
    assert pauses == [7, 7]


@pytest.mark.usefixtures("_retries")
def test_leaves_a_wait_beyond_the_deadline_to_the_engine(vendor: Vendor, pauses: list[float]) -> None:
    vendor.fail(VendorIll("429", retry_after=3600))
    with pytest.raises(VendorIll) as failed:
        vendor.guarded(retry=QUICK)()
    assert (vendor.calls, pauses, failed.value.retry_after) == (1, [], 3600)


def test_is_tried_once_where_retries_are_off(vendor: Vendor) -> None:
    vendor.fail(TimeoutError())
    with pytest.raises(VendorIll):
        vendor.guarded(retry=QUICK)()
    assert vendor.calls == 1


@pytest.mark.usefixtures("_retries")
def test_ends_at_its_deadline_all_tries_and_pauses_together(vendor: Vendor) -> None:
    vendor.fail(TimeoutError())
    with pytest.raises(TookTooLong):
        vendor.guarded(deadline=0.2, retry=RetryPolicy(attempts=3, first_seconds=30, most_seconds=30))()
    assert vendor.calls == 1


def test_is_refused_inside_a_transaction(vendor: Vendor, transactional_db: None) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="Call it in the `prepare` of the step"):
        vendor.guarded()()
    assert vendor.calls == 0


def test_is_refused_when_as_many_threads_as_may_wait_already(vendor: Vendor) -> None:
    release, entered = threading.Event(), threading.Semaphore(0)

    def behave() -> None:
        entered.release()
        release.wait()

    vendor.behaviour = behave
    call = vendor.guarded(at_once=2)
    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
        entered.acquire()
    with pytest.raises(VendorIll, match="As many threads as may"):
        call()
    release.set()
    for thread in threads:
        thread.join()
    vendor.behaviour = time.time
    assert call()


def test_keeps_the_name_and_the_words_of_the_gateways_function() -> None:
    @outside("named", deadline=1)
    def complete() -> None:
        """Answer."""

    assert (complete.__name__, complete.__doc__) == ("complete", "Answer.")
