"""The import contracts of pyproject.toml …"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("apps", "aicmo_site", "bench")

VIOLATIONS = {
    "A module is private except its api": ("apps/qc/rules/reach.py", "import apps.production.models"),
    "Modules know only what lies upstream": ("apps/onboarding/queries.py", "import apps.strategy.api.dtos"),
    "Verbs of other modules are called by workflows alone": (
        "apps/delivery/services.py",
        "import apps.strategy.api.ports",
    ),
    "Inside a module calls go down": ("apps/identity/queries.py", "import apps.identity.services"),
    "Nouns, facts and rules are plain Python": ("apps/identity/rules.py", "import django.conf"),
    "Celery only in tasks, the engine and the site": ("apps/identity/services.py", "import celery"),
    "Vendors only in gateways": ("apps/identity/services.py", "import smtplib"),
}


def lint(root: Path) -> str:
    """Run the linter as CI does and return what it prints, line by line, without colours."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=150).stdout


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the tree with one violation of every contract, and a file of a new name."""
    root = tmp_path_factory.mktemp("seeded")
    shutil.copy(ROOT / "pyproject.toml", root)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    for path, statement in VIOLATIONS.values():
        file = root / path
        file.parent.mkdir(exist_ok=True)
        before = file.read_text() if file.exists() else '"""A file."""\n'
        file.write_text(f"{before}\n{statement}\n")
    (root / "apps/cam/helpers.py").write_text('"""A name that is not on the list."""\n')
    return lint(root)


def test_are_kept() -> None:
    assert "Contracts: 7 kept, 0 broken." in lint(ROOT)


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_can_fail(seeded: str, contract: str) -> None:
    assert f"{contract} BROKEN" in seeded


def test_refuse_a_file_of_a_new_name(seeded: str) -> None:
    assert "cam.helpers" in seeded
