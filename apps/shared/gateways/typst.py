"""Documents set by typst, each in a process of its own with limits of time and memory.

What a template prints comes as data, never as markup, and the same data gives the same bytes.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apps.shared.gateways.typst_process import TYPST_ERROR_STATUS
from apps.shared.text import breakable, without_pictographs
from apps.shared.workflow import StepRefused, TransientFailure

SECONDS = 30
SECONDS_AT_A_PAGE = 10
MEMORY_BYTES = 1_500_000_000

_PROCESS = Path(__file__).with_name("typst_process.py")


class DocumentUnavailable(Exception):
    """The document cannot be made right now; the message, which says why, is the agency's affair."""


class NotSet(StepRefused, DocumentUnavailable):
    """typst refuses the document."""


def typeset(
    name: str,
    template: Path,
    inputs: Mapping[str, Any],
    *,
    at: datetime,
    seconds: int = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
    standard: str = "",
) -> bytes:
    """Return a template, filled with data, as PDF bytes. `name` is the file's in refusals, `at` its date.

    The template reads each input as JSON, and no file outside its own folder. `standard` is one that the PDF must meet,
    such as `a-3b`. Raises StepRefused when it cannot be set within the limits, NotSet where typst itself refuses it (of
    a standard, also for a letter without a glyph), TransientFailure when the process was killed from outside and a
    second try may help.
    """
    job = {
        "template": str(template),
        "root": str(template.parent),
        "font_folders": [_font_folder()],
        "inputs": dict(inputs),
        "timestamp": int(at.timestamp()),
        "standards": [standard] if standard else [],
        "memory_bytes": memory_bytes,
        "cpu_seconds": seconds,
    }
    done = _run(name, json.dumps(job, ensure_ascii=False).encode(), seconds)
    if done.returncode == 0 and done.stdout.startswith(b"%PDF"):
        return done.stdout
    complaint = done.stderr.decode(errors="replace").strip()[-500:]
    if done.returncode == -9 and not complaint:
        raise TransientFailure(f"{name}: the typesetting process was killed; it will be tried again.")
    refusal = NotSet if done.returncode == TYPST_ERROR_STATUS else StepRefused
    raise refusal(
        f"{name}: typesetting failed within {seconds} s and {memory_bytes // 1_000_000} MB "
        f"(status {done.returncode}). Shorten its text or repair the template. {complaint}"
    )


def typeset_for_page(
    name: str, template: Path, inputs: Mapping[str, Any], *, at: datetime, standard: str = ""
) -> bytes:
    """Return a template, filled with data, as PDF bytes, while somebody waits for it at a page.

    Raises DocumentUnavailable when it cannot be set in that time; where typst itself refuses it, that is a NotSet.
    """
    try:
        return typeset(name, template, inputs, at=at, seconds=SECONDS_AT_A_PAGE, standard=standard)
    except NotSet:
        raise
    except (StepRefused, TransientFailure) as failure:
        raise DocumentUnavailable(str(failure)) from failure


def fit_for_print(value: Any) -> Any:
    """Return data with every text in it made fit for the page, addresses (`url`) untouched."""
    match value:
        case str():
            return breakable(without_pictographs(value))
        case dict():
            return {key: part if key == "url" else fit_for_print(part) for key, part in value.items()}
        case list() | tuple():
            return [fit_for_print(part) for part in value]
        case _:
            return value


def _run(name: str, job: bytes, seconds: int) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [sys.executable, "-I", str(_PROCESS)],
            input=job,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"RAYON_NUM_THREADS": "1"},
            cwd="/",
        )
    except subprocess.TimeoutExpired as late:
        raise StepRefused(f"{name}: typesetting took more than {seconds} s; shorten its tables.") from late


def _font_folder() -> str:
    package = find_spec("font_source_sans_pro")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package font-source-sans-pro is missing; run pip install -r requirements.txt.")
    return str(Path(package.submodule_search_locations[0]) / "files")
