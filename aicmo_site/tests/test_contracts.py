"""A module's contract …

To change one on purpose: raise CONTRACT_VERSION in its `api/dtos.py`, then run
`python -m aicmo_site.tests.refresh_contracts MODULE`.
"""

import importlib
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import ValidationError

from aicmo_site.tests.refresh_contracts import (
    FROZEN,
    contract_of,
    differences,
    events_of,
    freeze,
    frozen_contract,
    modules,
    nouns_of,
)
from apps.shared.dtos import Dto
from apps.shared.events import Event

ALL_EVENTS = [event for module in modules() for event in events_of(module)]
ALL_NOUNS = [noun for module in modules() for noun in nouns_of(module)]


@pytest.mark.parametrize("module", modules())
def test_is_what_was_frozen(module: str) -> None:
    changed = differences(frozen_contract(module), contract_of(module))
    assert changed == [], f"raise CONTRACT_VERSION and run `python -m aicmo_site.tests.refresh_contracts {module}`"


def test_is_frozen_for_modules_that_exist_and_no_others() -> None:
    assert sorted(file.stem for file in FROZEN.glob("*.json")) == modules()


@pytest.mark.parametrize("module", modules())
def test_has_a_version(module: str) -> None:
    major, minor = importlib.import_module(f"apps.{module}.api.dtos").CONTRACT_VERSION.split(".")
    assert (int(major), int(minor)) >= (1, 0)


@pytest.mark.parametrize("kind", [*ALL_NOUNS, *ALL_EVENTS], ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_holds_values_that_do_not_change_and_take_no_unknown_fields(kind: type[Dto]) -> None:
    assert kind.model_config.get("frozen") is True
    assert kind.model_config.get("extra") == "forbid"


@pytest.mark.parametrize("event", ALL_EVENTS, ids=lambda event: event.__name__)
def test_says_whose_table_an_event_is_about(event: type[Event]) -> None:
    assert event.__module__.split(".")[1] == event.aggregate.split(".")[0]


def test_gives_every_event_a_name_of_its_own() -> None:
    names = [event.__name__ for event in ALL_EVENTS]
    assert len(names) == len(set(names))


def test_of_a_changed_module_is_told_apart(tmp_path: Path) -> None:
    freeze("qc", tmp_path)
    frozen = frozen_contract("qc", tmp_path)
    current = contract_of("qc")
    assert frozen is not None
    assert differences(frozen, current) == []
    del frozen["types"]["QcFinding"]
    frozen["types"]["QcReport"]["properties"]["score"]["type"] = "number"
    frozen["types"]["QcShelved"] = {}
    frozen["aggregates"]["QcPassed"] = "qc.elsewhere"
    frozen["version"] = "0.9"
    told = ["version 0.9 → 1.0", "QcFinding added", "QcReport changed", "QcShelved removed", "QcPassed changed"]
    assert differences(frozen, current | {"version": "1.0"}) == told
    assert differences(frozen_contract("nobody", tmp_path), current) == ["never frozen"]


def test_refuses_to_be_changed_in_place() -> None:
    class Moved(Event):
        aggregate: ClassVar[str] = "probe.thing"

    event = Moved(aggregate_id="019a0000-0000-7000-8000-000000000000")
    with pytest.raises(ValidationError, match="frozen"):
        event.run_id = None
