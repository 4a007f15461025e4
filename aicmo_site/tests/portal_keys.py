"""A walk over the operations of the portal's API, as its schema describes them, those added later included.

`python -m aicmo_site.tests.portal_keys` writes `portal_keys.json` anew: who may call what, and which keys are told.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from drf_spectacular.generators import SchemaGenerator
from uuid_utils.compat import uuid7

from apps.identity.rules import scopes_of

PREFIX = "/api/v1"
TOLD = Path(__file__).with_name("portal_keys.json")


@dataclass(frozen=True)
class Operation:
    """One operation that the schema of the API describes."""

    path: str
    method: str
    described: dict[str, Any]
    schema: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix(PREFIX)}"

    def filled(self, ids: dict[str, Any]) -> str:
        """Return the path with ids in it; a KeyError tells that `work_of` lacks a row for a new address."""
        resource = self.path.split("/")[3]
        known = {"id": ids.get(resource, uuid7()), "signed": "x", **ids}
        return re.sub(r"{(\w+)}", lambda found: str(known[found[1]]), self.path)

    @property
    def parameters(self) -> list[str]:
        return [each["name"] for each in self.described.get("parameters", ()) if each["in"] == "query"]

    @property
    def headers(self) -> list[str]:
        return [each["name"] for each in self.described.get("parameters", ()) if each["in"] == "header"]

    @property
    def is_list(self) -> bool:
        return "cursor" in self.parameters

    @property
    def takes_json(self) -> bool:
        is_form = "multipart/form-data" in self.described.get("requestBody", {}).get("content", {})
        return self.method in ("POST", "PUT", "PATCH") and not is_form

    @property
    def fields(self) -> dict[str, Any]:
        """What its body may have."""
        content = self.described.get("requestBody", {}).get("content", {}).get("application/json", {"schema": {}})
        return self._resolved(content["schema"]).get("properties", {})

    @property
    def roles(self) -> list[str]:
        """Who may call it, by the scope that its description names."""
        scope = re.search(r"Needs the `(\w+)` scope", self.described.get("description", ""))
        return [role for role in ("APPROVER", "VIEWER") if not scope or scope[1] in scopes_of(role)]

    @property
    def answer(self) -> dict[str, Any] | None:
        """The schema of what it answers when all is well, None where that is no JSON."""
        for status in ("200", "201", "202"):
            content = self.described["responses"].get(status, {}).get("content", {})
            if "application/json" in content:
                return content["application/json"]["schema"]
        return None

    def keys(self) -> list[str]:
        """Return the paths of all keys that its answer may have."""
        return sorted(set(self._keys(self.answer, ""))) if self.answer else []

    def _keys(self, schema: dict[str, Any], path: str) -> Iterator[str]:
        schema = self._resolved(schema)
        for name, inner in schema.get("properties", {}).items():
            yield f"{path}{name}"
            yield from self._keys(inner, f"{path}{name}.")
        for one_of in (*schema.get("oneOf", ()), *schema.get("allOf", ()), *schema.get("anyOf", ())):
            yield from self._keys(one_of, path)
        if "items" in schema:
            yield from self._keys(schema["items"], path)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.schema["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema


def operations() -> list[Operation]:
    """Return all operations of the API, those added later included."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [
        Operation(path, method.upper(), described, schema)
        for path, methods in schema["paths"].items()
        for method, described in methods.items()
    ]


def keys_of(value: Any, path: str = "") -> set[str]:
    """Return the paths of all keys in an answer."""
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each, path)}
    if not isinstance(value, dict):
        return set()
    return {f"{path}{name}" for name in value} | {
        key for name, inner in value.items() for key in keys_of(inner, f"{path}{name}.")
    }


def told() -> dict[str, Any]:
    """Return who may call each operation, and which keys its answer may have."""
    return {str(each): {"roles": each.roles, "keys": each.keys()} for each in operations()}


def main() -> None:
    """Write down what the API tells, for the difference to be read: no key gets out that nobody looked at."""
    TOLD.write_text(json.dumps(told(), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aicmo_site.settings_test")
    django.setup()
    main()
