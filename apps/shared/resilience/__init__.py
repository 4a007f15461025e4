"""Failing well: back-off, time limits, breakers, rows one by one, and the fault points by which tests make us fail."""

import os
import random
import signal
import time
from pathlib import Path

from apps.shared.resilience.breaker import BreakerOpen, BreakerReport, VendorIll, list_breakers
from apps.shared.resilience.limits import TookTooLong, time_limit
from apps.shared.resilience.rows import OneByOne
from apps.shared.resilience.vendors import outside, refuse_inside_a_transaction
from apps.shared.workflow import RetryPolicy, StepRefused, TransientFailure

__all__ = [
    "BreakerOpen",
    "BreakerReport",
    "OneByOne",
    "TookTooLong",
    "VendorIll",
    "fault_point",
    "list_breakers",
    "outside",
    "pause_before_attempt",
    "refuse_inside_a_transaction",
    "time_limit",
]

FAULTS_DIR = os.environ.get("AICMO_FAULTS_DIR")
"""Where tests plan faults. Unset in production: then a fault point is one comparison with None."""


def pause_before_attempt(policy: RetryPolicy, attempt: int) -> float:
    """Return the seconds to wait before attempt number `attempt` (2 and up): exponential, with full jitter above half.

    Jitter keeps runs that failed together from coming back together.
    """
    longest = min(policy.most_seconds, policy.first_seconds * 2 ** (attempt - 2))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  (no secret)


def fault_point(name: str, key: object) -> None:
    """Do nothing; in a test that planned a fault for this name and key, do that instead, once.

    A plan is a file `<name>@<key>` in AICMO_FAULTS_DIR whose text is `kill`, `transient`, `error`, `refuse` or
    `sleep:SECONDS`. Taking a plan is an atomic rename, so that of several processes exactly one is hit. A plan for the
    key `any` hits the first that passes.
    """
    if FAULTS_DIR is None:
        return
    for plan in (Path(FAULTS_DIR) / f"{name}@{key}", Path(FAULTS_DIR) / f"{name}@any"):
        taken = plan.with_name(f"fired-{plan.name}-{os.getpid()}-{time.monotonic_ns()}")
        try:
            plan.rename(taken)
        except FileNotFoundError:
            continue
        _act(taken.read_text().strip(), name)
        return


def _act(fault: str, name: str) -> None:
    kind, _, argument = fault.partition(":")
    match kind:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(float(argument))
        case "transient":
            raise TransientFailure(f"planned at {name}")
        case "refuse":
            raise StepRefused(f"planned at {name}")
        case "error":
            raise RuntimeError(f"planned at {name}")
        case _:
            raise ValueError(f"unknown planned fault {fault!r} at {name}")
