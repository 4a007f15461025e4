"""`make demo` does what the README says."""

import os
import subprocess
from pathlib import Path

import pytest

from aicmo_site import embedded

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.demo
def test_makes_a_package_from_nothing_and_exits_0(tmp_path: Path) -> None:
    servers = ("DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in servers}
    environment["AICMO_DATA_DIR"] = str(tmp_path / "data")
    try:
        demo = subprocess.run(
            ["make", "demo", "SERVE=0"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    finally:
        embedded.stop(tmp_path / "data")
    assert demo.returncode == 0, demo.stderr
    assert " COMPLETED" in demo.stdout
    for step in ("normalize_brief", "generate_strategy", "generate_draft", "evaluate_draft", "create_package"):
        assert f"{step:<20} SUCCEEDED" in demo.stdout
    for name in ("strategy-report.pdf", "strategy-report.docx", "strategy-deck.pptx", "package.zip"):
        assert list((tmp_path / "data" / "media").rglob(name)), f"{name} was not made"
    assert "owner@aicmo.test" in demo.stdout
