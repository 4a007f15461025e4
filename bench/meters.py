"""Reading off what work cost: CPU time of process trees, percentiles, statements in PostgreSQL's log."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psutil

STATEMENT = re.compile(r"\[(?P<session>\d+)\] LOG:  (?:statement|execute \S+): (?P<sql>.*)")
"""A line that `log_statement = all` writes, with PostgreSQL's own prefix: time, then the session's pid in brackets."""

OPENING = ("BEGIN", "START")
CLOSING = ("COMMIT", "END", "ROLLBACK", "ABORT")


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the CPU time of processes, of all their living descendants, and of descendants that have ended.

    A difference of two readings is what was spent in between, as long as the roots themselves live. An ended process is
    counted with the one that waited for it, so nothing is counted twice.
    """
    members = {process.pid: process for root in roots for process in _tree(root)}
    return sum(_spent(process) for process in members.values())


def own_cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU time of processes alone, whatever they have started."""
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(spent.user + spent.system for spent in times)


def _tree(root: int) -> list[psutil.Process]:
    process = psutil.Process(root)
    return [process, *process.children(recursive=True)]


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended since it was listed; its parent's times hold it from now on
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


def memory_megabytes(root: int) -> float:
    """Return the resident memory of a process and its descendants: of a page that many share, each its part (PSS)."""
    total = 0
    for process in _tree(root):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1024 / 1024


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of the values that at least this share of them does not exceed (nearest rank)."""
    if not values:
        raise ValueError("A percentile needs at least one value.")
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


@dataclass(frozen=True)
class Statements:
    """What was asked of PostgreSQL. Opening and closing a transaction is no statement of its own here."""

    statements: int
    transactions: int


def count_statements(lines: Iterable[str]) -> Statements:
    """Count statements and transactions in lines of PostgreSQL's log.

    A statement outside BEGIN and COMMIT is a transaction by itself. Further lines of a statement, its parameters and
    other messages are not counted.
    """
    statements = transactions = 0
    open_in: set[str] = set()
    for found in filter(None, map(STATEMENT.search, lines)):
        session, words = found["session"], found["sql"].replace(";", " ").upper().split()
        if words and words[0] in OPENING:
            open_in.add(session)
        elif words and words[0] in CLOSING and "TO" not in words[:3]:  # ROLLBACK TO SAVEPOINT closes nothing
            transactions += 1
            open_in.discard(session)
        else:
            statements += 1
            transactions += session not in open_in
    return Statements(statements, transactions)
