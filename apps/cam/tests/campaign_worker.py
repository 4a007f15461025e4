"""A worker as a process of its own that takes campaigns through their days, tick by tick.

    python -m apps.cam.tests.campaign_worker FOLDER [BUG]

For each line of its input it forks, as Celery's worker does, and says the child's process id; once the child has ended
it says how. The child goes on at the tick in FOLDER/tick and ends after the one in FOLDER/last.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
HOURS = range(7, 24, 2)
TICKS_A_WEEK = 5 * len(HOURS) + 1


def at_tick(number: int) -> datetime:
    """Return the moment of a tick: while somewhere it is day on weekdays, and once at a weekend."""
    weeks, rest = divmod(number, TICKS_A_WEEK)
    days, hours = divmod(rest, len(HOURS))
    return BEGINS + timedelta(weeks=weeks, days=days, hours=HOURS[hours])


def walk(folder: Path) -> None:
    """Do all that a cycle does, tick by tick, and write down before each which one it is."""
    from apps.cam.services import followups, inbox, processing, sending

    tick, last = folder / "tick", int((folder / "last").read_text())
    while (number := int(tick.read_text())) <= last:
        at = at_tick(number)
        sending.send_due(at=at)
        inbox.poll_all(at=at)
        processing.process_new(at=at)
        followups.queue_next(at=at)
        (folder / "next").write_text(str(number + 1))
        os.replace(folder / "next", tick)


def quicken() -> None:
    """Wait as long for mail servers as a test can; breakers rest for a moment."""
    from apps.cam.gateways import imap, smtp
    from apps.shared.resilience import breaker

    smtp.CONNECT_SECONDS, smtp.COMMAND_SECONDS, smtp.DATA_SECONDS, smtp.ANSWER_SECONDS = 2.0, 1.0, 1.0, 1.0
    imap.TIMEOUT = 1.0
    breaker.RESTS_SECONDS = 0.1


def main() -> None:
    """Fork for each line of the input."""
    import django

    django.setup()
    folder, bug = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    quicken()
    if bug:
        from apps.cam.tests import campaign_bugs

        campaign_bugs.BUGS[bug]()
    print("ready", flush=True)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                walk(folder)
            except BaseException:  # noqa: BLE001  (it must not go on as its parent does)
                import traceback

                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
