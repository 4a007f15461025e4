"""Two subjects are compared …"""

import pytest

from apps.cam.rules.significance import compare


def test_as_a_book_has_it() -> None:
    # NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3: 0.10 and 0.05 of 200 each, z = 1.90.
    compared = compare(20, 200, 10, 200)
    assert compared.p == pytest.approx(0.0578, abs=0.0005)
    assert (compared.is_sure, compared.better) == (False, "")


def test_and_one_is_better_where_chance_is_unlikely() -> None:
    compared = compare(60, 500, 30, 500)
    assert (compared.is_sure, compared.better, compared.needs) == (True, "A", 0)
    assert compare(30, 500, 60, 500).better == "B"
    assert compared.p == pytest.approx(0.0009, abs=0.0002)


@pytest.mark.parametrize("counts", [(0, 0, 5, 10), (0, 0, 0, 0)])
def test_and_nothing_is_known_where_one_was_never_tried(counts: tuple[int, int, int, int]) -> None:
    compared = compare(*counts)
    assert (compared.is_sure, compared.needs, compared.p) == (False, None, 1.0)


def test_and_a_few_are_not_enough_however_they_come_out() -> None:
    compared = compare(4, 10, 0, 10)
    assert compared.p < 0.05, "it looks sure"
    assert not compared.is_sure
    assert compared.needs >= 1


def test_and_it_says_how_many_more_each_side_needs() -> None:
    # Fleiss, Levin and Paik, 4.14: 10 % against 15 %, two-sided 5 %, power 80 %, take 686 a side.
    assert compare(10, 100, 15, 100).needs == 686 - 100


def test_and_no_number_tells_apart_what_is_the_same() -> None:
    assert compare(10, 100, 20, 200).needs is None
    assert compare(0, 100, 0, 100).needs is None
    assert compare(100, 100, 100, 100).needs is None


def test_and_more_hits_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        compare(3, 2, 0, 1)
