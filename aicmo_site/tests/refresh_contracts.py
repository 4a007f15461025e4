"""What a module promises to others, as one JSON document: the schema of every noun and every fact of its `api`.

`python -m aicmo_site.tests.refresh_contracts [MODULE ...]` writes them anew. A changed one is a changed contract: raise
CONTRACT_VERSION in the module's `api/dtos.py` and let the diff be read.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from pydantic.json_schema import models_json_schema

from apps.shared.dtos import Dto
from apps.shared.events import Event

APPS = Path(__file__).resolve().parents[2] / "apps"
FROZEN = Path(__file__).parent / "contracts"


def modules() -> list[str]:
    """Return the names of the modules: the folders under apps/ with an api."""
    return sorted(folder.parent.name for folder in APPS.glob("*/api"))


def nouns_of(module: str) -> list[type[Dto]]:
    """Return the DTOs a module defines, those it takes from others left out."""
    return _defined_in(importlib.import_module(f"apps.{module}.api.dtos"), Dto)


def events_of(module: str) -> list[type[Event]]:
    """Return the events a module defines."""
    return _defined_in(importlib.import_module(f"apps.{module}.api.events"), Event)


def contract_of(module: str) -> dict[str, Any]:
    """Return a module's contract, ready to be compared and stored."""
    events = events_of(module)
    _, schema = models_json_schema([(kind, "validation") for kind in (*nouns_of(module), *events)])
    return {
        "version": importlib.import_module(f"apps.{module}.api.dtos").CONTRACT_VERSION,
        "types": schema.get("$defs", {}),
        "aggregates": {event.__name__: event.aggregate for event in events},
    }


def frozen_contract(module: str, folder: Path = FROZEN) -> dict[str, Any] | None:
    """Return the contract as it was frozen, None where it never was."""
    file = folder / f"{module}.json"
    return json.loads(file.read_text()) if file.exists() else None


def freeze(module: str, folder: Path = FROZEN) -> None:
    """Write a module's contract down as it is now."""
    text = json.dumps(contract_of(module), indent=1, sort_keys=True, ensure_ascii=False)
    (folder / f"{module}.json").write_text(text + "\n")


def differences(frozen: dict[str, Any] | None, current: dict[str, Any]) -> list[str]:
    """Name what was added, removed or changed between two contracts; empty when they are one."""
    if frozen is None:
        return ["never frozen"]
    found = [] if frozen["version"] == current["version"] else [f"version {frozen['version']} → {current['version']}"]
    for family in ("types", "aggregates"):
        was, now = frozen[family], current[family]
        for name in sorted(was.keys() | now.keys()):
            if was.get(name) != now.get(name):
                kind = "added" if name not in was else "removed" if name not in now else "changed"
                found.append(f"{name} {kind}")
    return found


def _defined_in(module: ModuleType, base: type) -> list[type]:
    """Return the kinds that a module defines, or the files of one that is a package."""
    kinds = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, base)]
    own = [kind for kind in kinds if f"{kind.__module__}.".startswith(f"{module.__name__}.")]
    return sorted(own, key=lambda kind: kind.__name__)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aicmo_site.settings_test")
    django.setup()
    for module in sys.argv[1:] or modules():
        changed = differences(frozen_contract(module), contract_of(module))
        freeze(module)
        print(f"{module}: {', '.join(changed) or 'as it was'}")


if __name__ == "__main__":
    main()
