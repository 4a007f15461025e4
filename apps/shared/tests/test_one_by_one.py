"""Rows that are done one by one …"""

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from apps.shared.resilience import OneByOne, TookTooLong, time_limit
from apps.shared.resilience.rows import MOST_NAMED

KEYS = [uuid7() for _ in range(3)]


def test_give_what_each_gave() -> None:
    with OneByOne() as rows:
        assert rows.do(str, KEYS) == [str(key) for key in KEYS]
        assert rows.do(str, []) == []


def test_are_done_though_one_breaks_and_it_is_named_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    done: list[UUID] = []

    def work() -> None:
        with OneByOne() as rows:
            done.extend(rows.do({KEYS[1]: KEYS[1]}.__getitem__, KEYS))
            rows.do(done.append, KEYS)

    with pytest.raises(ExceptionGroup) as caught:
        work()
    assert done == [KEYS[1], *KEYS]
    assert f"2 broke: {KEYS[0]}: KeyError: " in str(caught.value)
    assert f"; {KEYS[2]}: KeyError: " in str(caught.value)
    assert [type(error) for error in caught.value.exceptions] == [KeyError, KeyError]
    assert [record.args for record in caplog.records if record.exc_info] == [(KEYS[0],), (KEYS[2],)]


def test_are_named_up_to_some_number() -> None:
    keys = [uuid7() for _ in range(MOST_NAMED + 1)]
    with pytest.raises(ExceptionGroup) as caught, OneByOne() as rows:
        rows.do({}.__getitem__, keys)
    assert caught.value.message.startswith(f"{MOST_NAMED + 1} broke: ")
    assert caught.value.message.count(": KeyError: ") == MOST_NAMED
    assert len(caught.value.exceptions) == len(keys)


def test_stop_at_once_where_the_time_is_over() -> None:
    def endless(key: UUID) -> None:
        while True:
            pass

    with pytest.raises(TookTooLong), time_limit(0.2), OneByOne() as rows:
        rows.do(endless, KEYS)
