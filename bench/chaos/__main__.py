"""Torment the engine and count what it promised.

    python -m bench.chaos [--fault F7,F14] [--runs FACTOR] [--seed N] [--seeded] [--quick]

Exit 1 unless every fault fired and bit, nothing was lost, doubled or left behind, and all had ended a minute after the
last fault.
"""

import argparse
import os
import signal
import sys

from bench.chaos.stage import opened


def main() -> None:
    options = _parse()
    os.environ.pop("AICMO_SEEDED_BUG", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all servers are ended
    with opened() as stage:
        from bench.chaos.campaign import run_faults
        from bench.chaos.seeded import run_seeded

        if options.seeded:
            code = run_seeded(stage, names=options.fault, seed=options.seed)
        else:
            code = run_faults(
                stage, names=options.fault, factor=options.runs, seed=options.seed, is_quick=options.quick
            )
        if code:
            print(f"What the servers and workers said: {stage.folder}")
        sys.exit(code)  # an error keeps the folder


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", default="", help="only these, separated by commas")
    parser.add_argument("--runs", type=float, default=1.0, help="how many times the usual number of runs")
    parser.add_argument("--seed", type=int, default=1, help="what random choices begin with")
    parser.add_argument("--seeded", action="store_true", help="seed bugs, and see that each is caught")
    parser.add_argument("--quick", action="store_true", help="the variant of 90 seconds")
    return parser.parse_args()


if __name__ == "__main__":
    main()
