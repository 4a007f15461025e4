"""Eight processes that reach for each run at the same moment: `… -m bench.chaos.rivals POSITION|back FILE RUN …`."""

import multiprocessing
import sys
from multiprocessing.synchronize import Barrier
from uuid import UUID

import django

django.setup()

from apps.orchestration.services import advance, compensate
from bench.chaos import ledger

RIVALS = 8


def reach(what: str, path: str, runs: list[str], barrier: Barrier) -> None:
    """Reach for each run once all others are there too, and note what came of it."""
    for run in runs:
        barrier.wait(30)
        if what == "back":
            compensate.take_back(UUID(run))
            result = "BACK"
        else:
            result = advance.run_link(UUID(run), int(what)).name
        ledger.note(path, run=run, result=result)


def main() -> int:
    what, path, *runs = sys.argv[1:]
    barrier = multiprocessing.Barrier(RIVALS)
    rivals = [multiprocessing.Process(target=reach, args=(what, path, runs, barrier)) for _ in range(RIVALS)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    return max(rival.exitcode or 0 for rival in rivals)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    sys.exit(main())
