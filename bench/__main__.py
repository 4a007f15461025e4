"""Measure the engine, its peers, its growth, the main job, leads, replies and the portal, and print what was reached.

    python -m bench [engine|peers|growth|content|leads|classify|portal ...] [--runs N] [--rows N]

Starts a PostgreSQL and a Redis of its own under the data directory and ends them again: what they spend is the bench's
alone, and nobody else's rows are near.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from aicmo_site import embedded

SECTIONS = ("engine", "peers", "content", "growth", "leads", "classify", "portal", "logins")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], default=[], help="all, unless named")
    parser.add_argument("--runs", type=int, default=300, help="runs asked for at once (default 300)")
    parser.add_argument(
        "--rows", type=int, default=1_000_000, help="finished runs, or leads, in the tables (default 1000000)"
    )
    options = parser.parse_args()
    data_dir = Path(os.environ.get("AICMO_DATA_DIR", ".data")).resolve() / "bench"
    try:
        _set_up(data_dir)
        _measure(options.sections or SECTIONS, options.runs, options.rows)
    finally:
        embedded.stop(data_dir)
    return 0


def _set_up(data_dir: Path) -> None:
    """Start the servers and point everything that reads the environment at them; before Django is imported."""
    os.environ["AICMO_DATA_DIR"] = str(data_dir)
    os.environ["DATABASE_URL"] = embedded.postgres_url(data_dir)
    os.environ["CELERY_BROKER_URL"] = embedded.redis_url(data_dir)


def _measure(sections: tuple[str, ...] | list[str], runs: int, rows: int) -> None:
    from bench import goals, stage

    figures: list[goals.Figure] = []
    for section in SECTIONS:
        if section not in sections:
            continue
        began = time.monotonic()
        print(f"\n== {section}")
        with stage.bench_database():
            figures += _figures_of(section, runs, rows)
        print(f"({time.monotonic() - began:.0f} s)")
    print(f"\n== Figures of quality, §6, on {os.cpu_count()} cores\n{goals.table(figures)}")


def _figures_of(section: str, runs: int, rows: int) -> Iterator:
    from bench import classify, content, engine, growth, leads, logins, portal
    from bench.peers import report

    match section:
        case "engine":
            yield from engine.engine_figures(runs)
        case "peers":
            yield from report.peers_figures(runs)
        case "content":
            yield from content.content_figures()
        case "growth":
            yield from growth.growth_figures(rows)
        case "portal":
            yield from portal.portal_figures()
        case "logins":
            yield from logins.login_figures()
        case "leads":
            yield from leads.leads_figures(rows)
        case "classify":
            yield from classify.classify_figures()


if __name__ == "__main__":
    sys.exit(main())
