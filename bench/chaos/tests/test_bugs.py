"""Seeded bugs …"""

import pytest

from bench.chaos import bugs
from bench.chaos.campaign import FAULTS, QUICK, choose
from bench.chaos.seeded import PLAN


def test_are_refused_when_they_do_not_exist() -> None:
    with pytest.raises(KeyError, match="no_such_bug"):
        bugs.load("no_such_bug")


def test_are_all_planned_for_a_fault_that_exists() -> None:
    seeded = {part for names, _ in PLAN for part in names.split("+")}
    assert seeded == {*bugs.BUGS, *bugs.CONSTRAINTS}
    assert {fault for _, fault in PLAN} <= {fault.name for fault in FAULTS}


def test_are_out_of_reach_of_the_sites_own_settings() -> None:
    from aicmo_site import settings

    assert not [app for app in settings.INSTALLED_APPS if app.startswith("bench")]


@pytest.mark.parametrize("names, count", [("f7", 1), ("F10", 2), ("F7, F14", 2), ("", len(FAULTS))])
def test_faults_are_chosen_by_name_and_by_number(names: str, count: int) -> None:
    assert len(choose(names)) == count


def test_unknown_faults_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no fault F99\. Known: F1, "):
        choose("F99")


def test_the_quick_variant_holds_faults_that_exist() -> None:
    assert set(QUICK) <= {fault.name for fault in FAULTS}
