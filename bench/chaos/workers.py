"""Real Celery workers and sweepers, each in a process group of its own."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.chaos.servers import wait_until

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A Python process with children; SIGKILL to the group is its power cut."""

    is_supervised = False

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.born = time.monotonic()
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *command],
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd=ROOT,
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def is_alive(self) -> bool:
        return self.popen.poll() is None

    def children(self) -> list[psutil.Process]:
        """Return the pool's processes, oldest first."""
        try:
            return sorted(psutil.Process(self.pid).children(), key=lambda child: child.pid)
        except psutil.NoSuchProcess:
            return []

    def signal_group(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, how)

    def cut_power(self) -> None:
        """Kill it and all its children at once; whoever supervises it starts another."""
        self.signal_group(signal.SIGKILL)
        self.popen.wait()

    def leave(self, how: signal.Signals) -> None:
        """Ask it to leave for good."""
        self.is_supervised = False
        os.kill(self.pid, how)

    def end(self) -> None:
        """Be rid of it, frozen or not."""
        self.is_supervised = False
        self.signal_group(signal.SIGCONT)
        self.cut_power()


class Worker(Process):
    """A prefork worker of all queues."""

    def __init__(self, folder: Path, environment: dict[str, str], concurrency: int) -> None:
        command = ["celery", "-A", "aicmo_site", "worker", "-P", "prefork", "-c", str(concurrency)]
        command += ["--without-gossip", "--without-mingle", "-l", "WARNING", "-n", f"chaos-{os.urandom(4).hex()}"]
        self.ready_mark = folder
        self.is_supervised = True
        self.again = lambda: Worker(folder, environment, concurrency)
        super().__init__(command, environment | {"AICMO_CHAOS_READY": str(folder)}, folder / "worker.log")

    @property
    def is_ready(self) -> bool:
        """Tell whether it takes messages."""
        return (self.ready_mark / str(self.pid)).exists()

    def wait_until_ready(self) -> None:
        """Wait until it takes messages."""
        wait_until(lambda: self.is_ready or not self.is_alive(), "a worker to be ready")
        if not self.is_alive():
            raise RuntimeError(f"a worker ended while starting; see {self.ready_mark}/worker.log")


class Sweeper(Process):
    """The sweeper that needs no broker."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.is_supervised = True
        self.again = lambda: Sweeper(folder, environment)
        super().__init__(["django", "sweep", "--loop"], environment, folder / "sweeper.log")


class Crew:
    """The workers and sweepers of one place; `crashes` are those that ended by themselves."""

    def __init__(self) -> None:
        self.processes: list[Process] = []
        self.crashes: list[str] = []

    def workers(self) -> list[Worker]:
        """Return the workers that live."""
        return [each for each in self.processes if isinstance(each, Worker) and each.is_alive()]

    def children(self) -> list[psutil.Process]:
        """Return the pool processes of all workers."""
        return [child for worker in self.workers() for child in worker.children()]

    @contextmanager
    def supervised(self) -> Iterator[None]:
        """Start workers and sweepers again that died, as systemd or a compose file would."""
        over = threading.Event()

        def supervise() -> None:
            while not over.wait(0.2):
                for number, process in enumerate(self.processes):
                    if process.is_supervised and not process.is_alive():
                        if process.popen.returncode > 0:
                            self.crashes.append(f"a {type(process).__name__.lower()} ended by itself")
                        self.processes[number] = process.again()

        thread = threading.Thread(target=supervise, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def end_processes(self) -> None:
        """Be rid of all workers and sweepers."""
        for process in self.processes:
            process.end()
        self.processes.clear()
