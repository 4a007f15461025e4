"""Runs the test-suite in two halves side by side: `make test`.

Half of the time goes into waiting for workers and browsers. Each half has a data directory, and so a PostgreSQL and a
Redis, of its own; on servers given from outside there is one test database, and the suite runs in one piece.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from aicmo_site import embedded

ROOT = Path(__file__).resolve().parents[2]
SECOND_HALF = ("apps/cam", "apps/orchestration", "apps/observability", "bench/fire")
SECOND_DATA = ROOT / ".data" / "second"
PYTEST = (sys.executable, "-m", "pytest")


def main() -> int:
    """Run everything, print both halves' words one after the other, and return what pytest exits with."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # set by our import of the site; the suite has its own
    if {"DATABASE_URL", "CELERY_BROKER_URL", "AICMO_DATA_DIR"} & os.environ.keys():
        return subprocess.call(PYTEST, cwd=ROOT)
    modules = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "apps").iterdir() if path.is_dir())
    first_half = ["aicmo_site", "bench", *(each for each in modules if each not in SECOND_HALF and "__" not in each)]
    with tempfile.TemporaryFile("w+") as words:
        environment = os.environ | {"AICMO_DATA_DIR": str(SECOND_DATA)}
        second = subprocess.Popen([*PYTEST, *SECOND_HALF], cwd=ROOT, env=environment, stdout=words, stderr=words)
        try:
            theirs = [f"--ignore={each}" for each in SECOND_HALF]
            first_code = subprocess.call([*PYTEST, *first_half, *theirs], cwd=ROOT)
            second_code = second.wait()
        finally:
            second.kill()
            embedded.stop(SECOND_DATA)
        words.seek(0)
        print(words.read())
    return first_code or second_code


if __name__ == "__main__":
    sys.exit(main())
