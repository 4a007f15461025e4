"""Torment the engine and count what it promised.

    python -m bench.chaos [--fault F7,F14] [--runs N] [--seed N] [--seeded] [--quick]

Exit 1 unless every fault fired and bit, nothing was lost, doubled or left behind, and all had ended a minute after the
last fault. The fault MAIL is a campaign's own (`bench.campaign`), with RUNS leads.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from bench.chaos.lanes import Report, hold_in_lanes
from bench.chaos.stage import Stage, opened

LANES = 2
CAMPAIGN = "MAIL"


def main() -> None:
    options = _parse()
    os.environ.pop("AICMO_SEEDED_BUG", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all servers are ended
    if options.fault.strip().upper() == CAMPAIGN:
        sys.exit(_hold_campaign(options))
    if options.lane is None and not options.fault:
        report = hold_in_lanes(LANES, sys.argv[1:])
        report.print()
        code = 0 if options.quick or options.runs else _hold_campaign(options)
        sys.exit(code or not report.is_clean)
    with opened() as stage:
        report = _hold(stage, options)
        if options.report:
            report.save(options.report)
        else:
            report.print()
        if not report.is_clean:
            print(f"What the servers and workers said: {stage.folder}")
            sys.exit(1)


def _hold_campaign(options: argparse.Namespace) -> int:
    """Send a campaign through the fire, and return 1 where something was wrong."""
    command = [sys.executable, "-m", "bench.campaign", "--seed", str(options.seed)]
    command += ["--seeded"] if options.seeded else []
    command += ["--leads", str(options.runs)] if options.runs else []
    return subprocess.call(command)


def _hold(stage: Stage, options: argparse.Namespace) -> Report:
    from bench.chaos.campaign import Options, UnknownFault, run_faults
    from bench.chaos.seeded import run_seeded

    lane, lanes = map(int, (options.lane or "0/1").split("/"))
    how = Options(options.fault, options.runs, options.seed, options.quick, lane, lanes)
    try:
        return run_seeded(stage, how) if options.seeded else run_faults(stage, how)
    except UnknownFault as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("RUNS must be 1 or more.")
    return count


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", default="", help="only these, separated by commas")
    parser.add_argument("--runs", type=_count, help="how many runs each fault hits, where not its usual number")
    parser.add_argument("--seed", type=int, default=1, help="what random choices begin with")
    parser.add_argument("--seeded", action="store_true", help="seed bugs, and see that each is caught")
    parser.add_argument("--quick", action="store_true", help="the variant of 90 seconds")
    parser.add_argument("--lane", help=argparse.SUPPRESS)
    parser.add_argument("--report", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
