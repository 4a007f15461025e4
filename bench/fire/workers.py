"""The workers that send the campaign: Celery's, with their pools, killed one process, one worker or all at a time."""

import re
from pathlib import Path

import psutil

from apps.orchestration.models import WorkflowRun
from apps.orchestration.tests.conftest import worker_environment
from bench.chaos.workers import Crew, Worker

COUNT, POOL = 2, 2
HOW = ("child",) * 14 + ("worker",) * 5 + ("all",)
"""What is killed in turn: a process of a pool, its whole worker, or all workers at once."""
_IS_ERROR = re.compile(r"\b(ERROR|CRITICAL)\b")
_OF_A_KILL = "signal 9 (SIGKILL)"


class Workers(Crew):
    """Two workers on the test's database and broker."""

    def __init__(self, folder: Path, clock: Path, bug: str, urls: dict[str, str]) -> None:
        super().__init__()
        told = {
            "DJANGO_SETTINGS_MODULE": "bench.fire.settings",
            "AICMO_DATA_DIR": str(folder),
            "AICMO_MEDIA_ROOT": str(folder / "media"),
            "AICMO_LOG_LEVEL": "ERROR",
            "AICMO_LEASE_SECONDS": "2",
            "AICMO_FIRE_CLOCK": str(clock),
            "AICMO_FIRE_BUG": bug,
        }
        self.processes += [Worker(folder, worker_environment() | told | urls, POOL) for _ in range(COUNT)]
        self._log = folder / "worker.log"

    def wait_until_ready(self) -> None:
        """Wait until all of them take messages."""
        for worker in self.workers():
            worker.wait_until_ready()

    def talking_to(self, port: int) -> psutil.Process | None:
        """Return the pool process that has a line to a port of this machine."""
        return next((child for child in self.children() if _talks_to(child, port)), None)

    def working(self) -> psutil.Process | None:
        """Return the pool process that has a run in hand, else any; none of a worker that starts: it would give up."""
        owners = WorkflowRun.objects.filter(state="RUNNING").values_list("lease_owner", flat=True)
        pids = {int(owner.split(":")[1]) for owner in owners if owner}
        children = [child for worker in self.workers() if worker.is_ready for child in worker.children()]
        return next((child for child in children if child.pid in pids), children[0] if children else None)

    def kill(self, victim: psutil.Process, how: str) -> bool:
        """End a pool process where it stands, with its whole worker or with all of them; tell whether it lived."""
        try:
            found = [worker for worker in self.workers() if how == "all" or victim in worker.children()]
            if how == "child":
                victim.kill()
            else:
                for worker in found:
                    worker.cut_power()
        except psutil.NoSuchProcess:
            return False
        return bool(found)

    def errors(self) -> list[str]:
        """Return the errors in the workers' log, without those that say that a process was killed."""
        records = (line for line in self._log.read_text().splitlines() if _IS_ERROR.search(line))
        return [line for line in records if _OF_A_KILL not in line]


def _talks_to(process: psutil.Process, port: int) -> bool:
    try:
        lines = process.net_connections("tcp4")
    except psutil.Error:
        return False
    return any(line.status == psutil.CONN_ESTABLISHED and line.raddr and line.raddr.port == port for line in lines)
