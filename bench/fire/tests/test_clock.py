"""The campaign's clock …"""

from pathlib import Path

import pytest

from apps.orchestration import tasks
from apps.orchestration.services import advance, failure, progress
from bench.fire.clock import HOURS, TICKS_A_WEEK, at_tick, go_by, put_forward


def test_passes_its_weekdays_hour_by_hour_and_looks_in_once_at_a_weekend() -> None:
    moments = [at_tick(tick) for tick in range(TICKS_A_WEEK + 1)]
    assert [moment.isoweekday() for moment in moments] == [day for day in range(1, 6) for _ in HOURS] + [6, 1]
    assert moments == sorted(set(moments))


def test_is_what_the_engine_takes_for_the_present(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    takers = (tasks, advance, failure, progress)
    for module in takers:
        monkeypatch.setattr(module, "timezone", module.timezone)  # put back afterwards
    go_by(tmp_path / "clock")
    for tick in (3, 4):
        put_forward(tmp_path / "clock", at_tick(tick))
        assert {module.timezone.now() for module in takers} == {at_tick(tick)}
