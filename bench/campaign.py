"""Send a campaign through the fire: its workers killed, its mail servers refusing, hanging and dropping the line.

    python -m bench.campaign [--leads N] [--kills N] [--seed N] [--seeded]

Prints what was done to it and what came of it; exit 1 where anybody was written to twice or against a wish, a reply was
lost, a message's state says what is not so, or a run did not come to its end. With --seeded bugs are planted in the
workers, and each must be caught.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aicmo_site import embedded
from bench.chaos.table import markdown

if TYPE_CHECKING:
    from bench.fire.campaign import Fire, Plan

SEEDED_LEADS = 80
HEAD = ("bug", "result", "breaches", "the most telling of them")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.campaign", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leads", type=int, help=f"500, or {SEEDED_LEADS} with --seeded, where not given")
    parser.add_argument("--kills", type=int, default=20, help="how often workers are killed (default 20)")
    parser.add_argument("--seed", type=int, default=1, help="what random choices begin with (default 1)")
    parser.add_argument("--seeded", action="store_true", help="seed bugs, and see that each is caught")
    parser.add_argument("--bug", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    data_dir = Path(os.environ.get("AICMO_DATA_DIR", ".data")).resolve() / "bench"
    os.environ["AICMO_DATA_DIR"] = str(data_dir)
    os.environ["DATABASE_URL"] = embedded.postgres_url(data_dir)
    os.environ["CELERY_BROKER_URL"] = embedded.redis_url(data_dir)
    try:
        from django.test.utils import setup_test_environment

        from bench import stage  # noqa: F401  (sets Django up)

        setup_test_environment()  # people's browsers are Django's
        is_clean = _run_seeded(options) if options.seeded else _run_once(options)
    finally:
        embedded.stop(data_dir)
    return 0 if is_clean else 1


def _run_once(options: argparse.Namespace) -> bool:
    began = time.monotonic()
    fire, breaches = _hold(_plan(options, leads=options.leads or 500, bug=options.bug))
    _print(fire, time.monotonic() - began)
    for words in breaches:
        print(f"BREACH {words}")
    print("Nobody was written to twice or against a wish." if not breaches else f"{len(breaches)} breaches")
    return not breaches


def _run_seeded(options: argparse.Namespace) -> bool:
    from bench.fire.bugs import BUGS

    rows, is_clean = [], True
    for bug in ("", *([options.bug] if options.bug else BUGS)):
        _, breaches = _hold(_plan(options, leads=options.leads or SEEDED_LEADS, bug=bug))
        is_caught = bool(breaches)
        is_clean &= is_caught == bool(bug)
        result = {True: "caught", False: "NOT CAUGHT"}[is_caught] if bug else ("FAILED" if breaches else "clean")
        rows.append((bug or "none", result, str(len(breaches)), _in_short(breaches)))
        print(" | ".join(rows[-1]), flush=True)
    print(f"\n{markdown([HEAD, *rows])}")
    return is_clean


def _plan(options: argparse.Namespace, *, leads: int, bug: str) -> "Plan":
    from bench.fire.campaign import Plan

    return Plan(leads, kills=options.kills, seed=options.seed, bug=bug)


def _hold(plan: "Plan") -> tuple["Fire", list[str]]:
    from bench.fire.oracle import hold
    from bench.stage import bench_database

    with tempfile.TemporaryDirectory(prefix="aicmo-fire-") as folder, bench_database():
        return hold(plan, Path(folder))


def _print(fire: "Fire", seconds: float) -> None:
    plan = fire.plan
    print(
        f"{plan.leads} leads, 3 messages, seed {plan.seed}: {len(fire.office.received)} mails came in, {seconds:.0f} s"
    )
    for title, counts in (
        ("what happened", fire.happened),
        ("what the mail server did", fire.office.did),
        ("replies", fire.postman.injected),
        ("messages in the end", fire.states),
    ):
        print(f"{title}: " + ", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    print(f"lines to the replies' server cut: {fire.line.cut}")


def _in_short(breaches: list[str]) -> str:
    """Return the most telling breach in words that stay the same from run to run."""
    order = ("never_twice", "against_a_wish", "replies", "states", "caps")
    told = sorted(breaches, key=lambda words: next((n for n, kind in enumerate(order) if words.startswith(kind)), 9))
    words = told[0].split() if told else []
    return " ".join("…" if "<" in word or word.count("-") >= 4 else word for word in words)[:90]


if __name__ == "__main__":
    sys.exit(main())
