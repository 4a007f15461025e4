"""Rules of the house that no import linter sees, each as a function that names what breaks it.

Every check takes what it judges as an argument, so that `test_architecture.py` can show it something that is wrong.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.db import models

from apps.shared.dtos import Dto
from apps.shared.workflow import Irreversible, RunContext, StepSpec

ROOT = Path(__file__).resolve().parents[2]

MODULE_FILES = {
    "__init__.py",
    "apps.py",
    "models",
    "rules",
    "services",
    "queries",
    "gateways",
    "tasks",
    "admin",
    "rest",
    "views",
    "urls",
    "forms",
    "api",
    "management",
    "migrations",
    "tests",
    "README.md",
}
"""What may lie in a module's folder; a name without suffix may be a file or, once it outgrew one, a package."""

OWN_FILES = {"orchestration": {"workflows", "checks.py"}, "identity": {"middleware.py"}}
API_FILES = {"__init__.py", "dtos", "ports", "events"}
SHARED_FILES = {
    "__init__.py",
    "dtos.py",
    "events.py",
    "workflow.py",
    "models.py",
    "post.py",
    "admin",
    "desk.py",
    "portal.py",
    "scope.py",
    "resilience",
    "rest",
    "row_security.py",
    "text.py",
    "statements.py",
    "telemetry.py",
    "testing.py",
    "gateways",
    "tests",
}
VAGUE_NAMES = {"utils", "helpers", "common", "managers", "misc"}
DOORS = ("admin", "views", "rest", "tasks", "forms", "management", "api.ports")
ROW_WRITES = {
    "save",
    "asave",
    "create",
    "acreate",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "delete",
    "adelete",
    "update",
    "aupdate",
}
INDIRECTIONS = {"get_model", "import_string", "import_module", "__import__"}
INDIRECTIONS_ALLOWED = {
    "apps/production/rules/sections/__init__.py": "reads the files of its own folder, so that none is forgotten",
    "aicmo_site/tests/refresh_contracts.py": "looks at every module from outside",
}
COMPENSATION_VERBS = ("withdraw_", "void_", "retract_")
MOST_FUNCTION_LINES = 60
MOST_FILE_LINES = 400


@dataclass(frozen=True)
class Source:
    """A Python file: its path below the root, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def dotted(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")


def sources(root: Path = ROOT) -> list[Source]:
    """Return the project's Python files, migrations left out."""
    files = [file for top in ("apps", "aicmo_site", "bench") for file in sorted((root / top).rglob("*.py"))]
    return [Source(str(file.relative_to(root)), file.read_text()) for file in files if "migrations" not in file.parts]


# --- tables -----------------------------------------------------------------------------------------------------------


def foreign_keys_across_modules(kinds: Iterable[type[models.Model]]) -> list[str]:
    """Only identity's Client and User may be pointed to from another module, and without a way back."""
    found = []
    for kind in kinds:
        for field in (*kind._meta.local_fields, *kind._meta.local_many_to_many):
            target = field.related_model
            if target is None or not _module_of(kind) or _module_of(target) in ("", _module_of(kind)):
                continue
            if target._meta.label not in ("identity.Client", "identity.User"):
                found.append(f"{field} points to {target._meta.label}")
            elif not field.remote_field.hidden:
                found.append(f'{field} lacks related_name="+"')
    return found


def _module_of(kind: type[models.Model]) -> str:
    parts = kind.__module__.split(".")
    return parts[1] if parts[0] == "apps" else ""


# --- code -------------------------------------------------------------------------------------------------------------


def indirect_imports(files: Iterable[Source]) -> list[str]:
    """A model or function fetched by a string is an import that neither the linter nor the reader sees."""
    judged = (file for file in files if file.path not in INDIRECTIONS_ALLOWED and "/tests/" not in file.path)
    return [f"{file.path}:{call.lineno} {_name(call)}" for file in judged for call in _calls(file, INDIRECTIONS)]


def writes_in_doors(files: Iterable[Source]) -> list[str]:
    """A door translates and calls one service; rows change in services alone."""
    doors = (file for file in files if _is_door(file))
    return [
        f"{file.path}:{call.lineno} .{_name(call)}()"
        for file in doors
        for call in _calls(file, ROW_WRITES)
        if _is_on_rows(call)
    ]


def _is_door(file: Source) -> bool:
    if not file.path.startswith("apps/") or "/tests/" in file.path:
        return False
    inside = file.dotted.split(".", 2)[2] if file.dotted.count(".") >= 2 else ""
    return any(inside == door or inside.startswith(f"{door}.") for door in DOORS)


def _is_on_rows(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    on = call.func.value
    is_service = isinstance(on, ast.Name) and on.id == "services"
    is_super = isinstance(on, ast.Call) and _name(on) == "super"
    # `seen.update(other)` is a dictionary's or a set's: rows are updated by column.
    is_collection = call.func.attr == "update" and not call.keywords
    return not (is_service or is_super or is_collection)


def _calls(file: Source, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and _name(node) in names:
            yield node


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def vague_imports(files: Iterable[Source]) -> list[str]:
    """A name that says nothing collects everything."""
    found = []
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module or ''}.{alias.name}" for alias in node.names]
            else:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = (name for name in names if name.split(".")[0] in ("apps", "aicmo_site", "bench", ""))
            found += [f"{file.path}:{node.lineno} {name}" for name in ours if VAGUE_NAMES & set(name.split("."))]
    return found


def overlong(files: Iterable[Source]) -> list[str]:
    """A function fits on a screen, a file in a head."""
    found = []
    for file in files:
        if (lines := file.text.count("\n")) > MOST_FILE_LINES:
            found.append(f"{file.path} has {lines} lines")
        for node in ast.walk(file.tree):
            # A factory's function is data: as long as the thing it stands for.
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not file.path.endswith("/factories.py"):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    found.append(f"{file.path}:{node.lineno} {node.name} has {length} lines")
    return found


# --- files ------------------------------------------------------------------------------------------------------------


def unknown_files(apps_folder: Path) -> list[str]:
    """The list of file names is closed: a new one needs a decision record first."""
    found = []
    for module in sorted(folder for folder in apps_folder.iterdir() if folder.is_dir() and folder.name[0] != "_"):
        allowed = SHARED_FILES if module.name == "shared" else MODULE_FILES | OWN_FILES.get(module.name, set())
        found += _names_outside(module, allowed, apps_folder)
        if (module / "api").is_dir():
            found += _names_outside(module / "api", API_FILES, apps_folder)
    return found


def _names_outside(folder: Path, allowed: set[str], base: Path) -> list[str]:
    entries = (entry for entry in sorted(folder.iterdir()) if entry.name != "__pycache__")
    fits = {entry: entry.name in allowed or (entry.suffix == ".py" and entry.stem in allowed) for entry in entries}
    return [str(entry.relative_to(base)) for entry, is_known in fits.items() if not is_known]


# --- ports ------------------------------------------------------------------------------------------------------------


def ports_of(module: ModuleType) -> list[Callable[..., Any]]:
    """Return the public functions a `ports` module defines."""
    functions = [value for value in vars(module).values() if inspect.isfunction(value)]
    return [each for each in functions if each.__module__ == module.__name__ and each.__name__[0] != "_"]


def misshapen(port: Callable[..., Any]) -> list[str]:
    """A port takes annotated keywords only, gives a DTO, a tuple of them or nothing, and says what it does."""
    name = f"{port.__module__}.{port.__name__}"
    signature, hints = inspect.signature(port), get_type_hints(port)
    found = [
        f"{name}: {each} is not keyword-only" for each, p in signature.parameters.items() if p.kind != p.KEYWORD_ONLY
    ]
    found += [f"{name}: {each} has no annotation" for each in signature.parameters if each not in hints]
    if "return" not in hints or not _crosses(hints["return"]):
        found.append(f"{name} returns {hints.get('return', 'what it does not say')}, not a DTO")
    if not port.__doc__:
        found.append(f"{name} does not say what it does")
    return found


def _crosses(kind: Any) -> bool:
    if kind is type(None) or (isinstance(kind, type) and issubclass(kind, Dto)):
        return True
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return len(arguments) == 2 and arguments[1] is Ellipsis and _crosses(arguments[0])
    return get_origin(kind) in (Union, UnionType) and all(map(_crosses, arguments))


def steps_without_a_way_back(specs: Iterable[StepSpec]) -> list[str]:
    """Every step can be taken back by a verb of its own module, or says why there is nothing to take back."""
    found = []
    for spec in specs:
        if spec.compensate is None:
            found += [] if spec.nothing_to_compensate.strip() else [f"{spec.name} has neither compensation nor reason"]
            continue
        name = spec.compensate.__name__
        hints = get_type_hints(spec.compensate)
        gives = hints.pop("return", None)
        if hints != {"run": RunContext} or gives not in (type(None), tuple[Irreversible, ...]):
            found.append(f"{spec.name}: {name} must take `run: RunContext` and return None, or what it had to leave")
        if not name.startswith(COMPENSATION_VERBS):
            found.append(f"{spec.name}: {name} does not begin with {', '.join(COMPENSATION_VERBS)}")
        if spec.compensate.__module__ != spec.port.__module__:
            found.append(f"{spec.name}: {name} stands in {spec.compensate.__module__}, not beside its step")
    return found
