import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.meters import count_statements, cpu_seconds, memory_megabytes, own_cpu_seconds, percentile

BURN = "import time\nwhile time.process_time() < 0.3: pass"
"""A program that costs three tenths of a second of CPU."""


def log(session: int, words: str) -> str:
    return f"2026-11-23 17:05:34.032 UTC [{session}] LOG:  {words}"


@contextmanager
def child(program: str) -> Iterator[subprocess.Popen]:
    """A Python process that says when its program is through, and then lives until the block ends."""
    command = [sys.executable, "-c", program + "\nprint('through', flush=True)\ninput()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process
        process.communicate(b"\n")


def test_cpu_counts_a_child_that_lives_and_one_that_has_ended():
    before = cpu_seconds([os.getpid()])
    subprocess.run([sys.executable, "-c", BURN], check=True)
    with child(BURN):
        assert 0.55 < cpu_seconds([os.getpid()]) - before < 2


def test_cpu_counts_a_process_below_two_roots_once():
    with child(BURN) as process:
        whole = cpu_seconds([os.getpid()])
        assert cpu_seconds([os.getpid(), process.pid]) < whole + 0.2


def test_own_cpu_leaves_children_out():
    before = own_cpu_seconds([os.getpid()])
    with child(BURN) as process:
        assert own_cpu_seconds([os.getpid()]) - before < 0.2
        assert own_cpu_seconds([process.pid]) > 0.25


def test_memory_sees_what_a_child_holds():
    with child("held = bytearray(60_000_000)") as process:
        assert 60 < memory_megabytes(process.pid) < 120


@pytest.mark.parametrize(("share", "value"), [(0.5, 20), (0.51, 30), (0.95, 40), (0.25, 10), (0.0, 10), (1.0, 40)])
def test_percentile_is_a_value_that_was_measured(share: float, value: float):
    assert percentile([40, 10, 30, 20], share) == value


def test_percentile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 0.5)


def test_statements_of_a_transaction_count_without_its_borders():
    lines = [
        log(1, "statement: BEGIN"),
        log(1, "execute _pg3_0: INSERT INTO probe VALUES ($1)"),
        log(1, "statement: UPDATE probe"),
        "\tSET step = 1",
        log(1, "statement: COMMIT"),
    ]
    counted = count_statements(lines)
    assert (counted.statements, counted.transactions) == (2, 1)


def test_a_statement_by_itself_is_a_transaction_beside_another_session_in_one():
    lines = [
        log(1, "statement: BEGIN ISOLATION LEVEL SERIALIZABLE"),
        log(2, "execute <unnamed>: SELECT 1"),
        log(1, "statement: SELECT 2"),
        log(1, "statement: ROLLBACK TO SAVEPOINT a"),
        log(1, "statement: SELECT 3"),
        log(1, "statement: ROLLBACK;"),
        log(1, "statement: SELECT 4"),
    ]
    counted = count_statements(lines)
    assert (counted.statements, counted.transactions) == (5, 3)


def test_other_lines_of_the_log_are_not_counted():
    lines = [log(1, "checkpoint starting: time"), "2026-11-23 UTC [1] DETAIL:  Parameters: $1 = 'statement: x'", ""]
    counted = count_statements(lines)
    assert (counted.statements, counted.transactions) == (0, 0)
