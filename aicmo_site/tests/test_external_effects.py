"""What could be noticed outside the house …

A gateway that reaches out is entered here, so that nobody adds one without having thought of proof mode.
"""

import ast

import pytest

from aicmo_site.tests.architecture import Source, sources

OUTSIDE = {
    "apps/shared/gateways/http.py": {
        "checked_url": "only reads an address",
        "is_public": "only judges an address",
        "fetch": "only reads, as a browser would, or what a gateway sends that asked for proof mode itself",
    },
    "apps/shared/gateways/cards.py": {
        "is_configured": "only says whether",
        "say_what_is_missing": "only looks",
        "in_units": "only reckons",
        "of_units": "only reckons",
        "read_event": "only reads what came in",
    },
    "apps/delivery/gateways/folder.py": {
        "root": "only says where",
        "list_files": "only looks",
        "remove": "takes back what was really brought there, whatever the mode",
        "remove_abandoned": "removes what no client ever saw",
    },
    "apps/shared/gateways/email.py": {},
    "apps/shared/gateways/llm.py": {
        "ask": "only asks what a text means: nothing out there is another than before",
        "is_configured": "only says whether",
        "say_what_is_missing": "only looks",
    },
    "apps/onboarding/gateways/scanner.py": {"scan": "only asks what a file is"},
    "apps/cam/gateways/imap.py": {
        "open_folder": "only reads: nothing is marked, moved or removed",
        "is_configured": "only says whether",
    },
    "apps/cam/gateways/smtp.py": {
        "server_of": "only says where",
        "try_login": "logs in and goes again: no mail is touched",
    },
}
"""Gateways with effects on the outside, and the public functions of theirs that need not ask for proof mode."""

NETWORK = {"socket", "http", "urllib.request", "httpx", "httpx2", "openai", "requests", "smtplib", "imaplib", "boto3"}
NETWORK |= {"ftplib", "aiohttp", "stripe"}


def gateways(files: list[Source]) -> list[Source]:
    """Return the gateways of all modules."""
    found = [file for file in files if "/gateways/" in file.path or file.path.endswith("/gateways.py")]
    return [file for file in found if "/tests/" not in file.path and not file.path.endswith("__init__.py")]


def forgotten(files: list[Source]) -> list[str]:
    """Name the gateways that talk over a network and are not entered, and the entries that name no gateway."""
    there = {file.path for file in gateways(files)}
    silent = {file.path for file in gateways(files) if file.path not in OUTSIDE and reaching_out(file)}
    return sorted(silent | (OUTSIDE.keys() - there))


def unasked(file: Source, exempt: dict[str, str]) -> list[str]:
    """Name the public functions that never ask whether proof mode is on, and the exemptions of none."""
    public = [each for each in file.tree.body if isinstance(each, ast.FunctionDef) and each.name[0] != "_"]
    silent = {each.name for each in public if "is_proof_mode" not in _called(each)}
    return sorted(silent ^ exempt.keys())


def reaching_out(file: Source) -> list[str]:
    """Name what a gateway imports to talk over a network."""
    imported = [name.name for each in ast.walk(file.tree) if isinstance(each, ast.Import) for name in each.names]
    imported += [each.module or "" for each in ast.walk(file.tree) if isinstance(each, ast.ImportFrom)]
    return [name for name in imported if name in NETWORK or name.split(".")[0] in NETWORK]


def _called(function: ast.FunctionDef) -> set[str]:
    calls = [each.func for each in ast.walk(function) if isinstance(each, ast.Call)]
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def test_is_entered_gateway_by_gateway() -> None:
    assert forgotten(sources()) == [], "enter the gateway above, and let it ask for proof mode"


def test_asks_for_proof_mode_before_it_happens() -> None:
    entered = [file for file in gateways(sources()) if file.path in OUTSIDE]
    assert [name for file in entered for name in unasked(file, OUTSIDE[file.path])] == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("post(mail)", ["send"]),
        ("if proof.is_proof_mode():\n        return prove(mail)\n    return post(mail)", []),
        ("if is_proof_mode():\n        return prove(mail)\n    return post(mail)", []),
    ],
)
def test_would_be_told_when_it_does_not_ask(body: str, told: list[str]) -> None:
    assert unasked(Source("apps/cam/gateways/mail.py", f"def send(mail):\n    {body}\n"), {}) == told


@pytest.mark.parametrize("line", ["import smtplib", "from http.client import HTTPConnection", "from httpx import post"])
def test_would_be_told_in_a_new_gateway(line: str) -> None:
    new = Source("apps/cam/gateways/mail.py", line)
    assert forgotten([*sources(), new]) == [new.path]
