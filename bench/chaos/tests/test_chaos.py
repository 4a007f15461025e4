"""The engine …"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.worker
@pytest.mark.timeout(420)
def test_loses_doubles_and_leaves_nothing_under_the_faults_of_the_quick_variant() -> None:
    command = [sys.executable, "-m", "bench.chaos", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
