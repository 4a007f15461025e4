"""The fake vendor …"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from apps.shared.workflow import StepRefused, TransientFailure
from bench.chaos import ledger
from bench.chaos.vendor import Vendor
from bench.probe.outside import call_vendor


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with Vendor(tmp_path / "ledger") as vendor:
        monkeypatch.setenv("AICMO_PROBE_VENDOR", vendor.url)
        yield vendor


def test_does_a_thing_once_however_often_it_is_asked(vendor: Vendor) -> None:
    key = uuid4().hex
    assert [call_vendor("do", key)["call"] for _ in range(3)] == [1, 2, 3]
    assert [fact["effect"] for fact in ledger.read(vendor.path)] == [True, False, False]


def test_undoes_a_thing_and_does_not_do_it_afterwards(vendor: Vendor) -> None:
    call_vendor("do", "a")
    call_vendor("cancel", "a")
    call_vendor("cancel", "b")
    call_vendor("do", "b")
    assert [(fact["asked"], fact["effect"]) for fact in ledger.read(vendor.path)] == [
        ("do", True),
        ("cancel", True),
        ("cancel", False),
        ("do", False),
    ]


@pytest.mark.parametrize("mode", ["hang", "drip", "429", "500", "529", "cut", "mute", "empty", "garbled", "huge"])
def test_fails_its_callers_in_a_way_that_they_try_again(vendor: Vendor, mode: str) -> None:
    vendor.behaviour = lambda key, call: mode
    with pytest.raises(TransientFailure):
        call_vendor("do", "a")


def test_says_no_for_good(vendor: Vendor) -> None:
    vendor.behaviour = lambda key, call: "refuse"
    with pytest.raises(StepRefused):
        call_vendor("do", "a")


def test_behaves_differently_from_call_to_call(vendor: Vendor) -> None:
    vendor.behaviour = lambda key, call: "" if call > 1 else "500"
    with pytest.raises(TransientFailure):
        call_vendor("do", "a")
    assert call_vendor("do", "a")["call"] == 2
