"""The settings."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from aicmo_site.policies import mail_server, mailbox_urls, passwords_in
from aicmo_site.settings import BASE_DIR, Environment
from aicmo_site.tests.architecture import Source, sources
from apps.shared.gateways.email import DEADLINE


def _database(**environment: str) -> dict[str, Any]:
    return _setting("DATABASES", **environment)["default"]


def _setting(name: str, **environment: str) -> Any:
    """Return a setting as a process with this environment has it."""
    url = "postgresql://aicmo@db.example/aicmo?application_name=desk"
    command = [sys.executable, "-c", f"import json; from aicmo_site.settings import {name}; print(json.dumps({name}))"]
    printed = subprocess.run(
        command, env=os.environ | {"DATABASE_URL": url} | environment, cwd=BASE_DIR, check=True, capture_output=True
    )
    return json.loads(printed.stdout)


def test_tell_an_example_of_every_variable_that_is_read() -> None:
    example = (BASE_DIR / ".env.example").read_text()
    names = {str(field.validation_alias or name.upper()) for name, field in Environment.model_fields.items()}
    assert {name for name in names if f"# {name}=" not in example} == set()


PRODUCTION = {
    "AICMO_PRODUCTION": "1",
    "DATABASE_URL": "postgresql://aicmo@db.example/aicmo",
    "CELERY_BROKER_URL": "redis://broker.example:6379/0",
    "SECRET_KEY": "kX9-vT2_mQ7+bL4=zR8.wN5/hJ3*cF6!pY1?sD0@gA:uE7;oI2,xC5",
    "AICMO_ALLOWED_HOSTS": '["desk.agency.example"]',
    "AICMO_BASE_URL": "https://desk.agency.example",
    "AICMO_EMAIL_URL": "smtp://desk:secret@mail.example:587/?tls=1",
    "AICMO_EMAIL_FROM": "Agency <desk@agency.example>",
}

AGENCY = {
    "AICMO_AGENCY_COUNTRY": "IE",
    "AICMO_AGENCY_STREET": "Quay 1",
    "AICMO_AGENCY_CITY": "Dublin",
    "AICMO_AGENCY_VAT_ID": "IE6388047V",
    "AICMO_AGENCY_IBAN": "IE29 AIBK 9311 5212 3456 78",
    "AICMO_AGENCY_EMAIL": "books@agency.example",
}
"""What e-invoices are made of."""


def test_of_production_pass_django_s_own_judgement() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    scanned = os.environ | PRODUCTION | AGENCY | {"AICMO_CLAMD_URL": "tcp://clamd:3310"}
    judged = subprocess.run(command, env=scanned, cwd=BASE_DIR, capture_output=True, text=True)
    assert (judged.returncode, judged.stderr) == (0, "")
    judged = subprocess.run(command, env=os.environ | PRODUCTION, cwd=BASE_DIR, capture_output=True, text=True)
    assert (judged.returncode, "without a look for viruses" in judged.stderr) == (0, True), (
        "said, and no reason to stop"
    )


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"AICMO_PRODUCTION", "AICMO_ALLOWED_HOSTS"}))
def test_of_production_make_nothing_up(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(missing)
    with pytest.raises(ValueError, match=f"needs {missing}"):
        Environment(_env_file=None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SESSION_COOKIE_NAME", "__Host-sessionid"),
        ("CSRF_COOKIE_NAME", "__Host-csrftoken"),
        ("SESSION_COOKIE_SECURE", True),
        ("CSRF_COOKIE_SECURE", True),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("CSRF_COOKIE_HTTPONLY", True),
        ("SESSION_COOKIE_SAMESITE", "Lax"),
        ("CSRF_COOKIE_SAMESITE", "Lax"),
        ("SESSION_COOKIE_AGE", 43_200),
        ("PROXIES", 1),
        ("EMAIL_USE_TLS", True),
    ],
)
def test_of_production_are_safe_beyond_what_django_judges(production: dict[str, Any], name: str, value: Any) -> None:
    assert production[name] == value


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """What a process in production has of the settings that fit into JSON."""
    script = (
        "import json; from aicmo_site import settings; print(json.dumps("
        "{k: v for k, v in vars(settings).items() if k.isupper() and isinstance(v, (str, int))}))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | PRODUCTION, cwd=BASE_DIR, check=True, capture_output=True
    )
    return json.loads(printed.stdout)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statement_timeout", "1min"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("jit", "off"),
    ],
)
def test_limit_every_connection(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        assert cursor.fetchone() == (value,)


def test_take_limits_from_the_environment_and_keep_those_of_the_url() -> None:
    options = _database(
        DATABASE_URL="postgresql://aicmo@db.example/aicmo?options=-c%20search_path%3Ddesk",
        AICMO_STATEMENT_SECONDS="0",
        AICMO_LOCK_SECONDS="3",
    )["OPTIONS"]["options"]
    assert "-c statement_timeout=0s -c lock_timeout=3s " in options
    assert options.endswith("-c search_path=desk")


def test_send_nothing_to_pgbouncer_that_it_refuses_or_forgets() -> None:
    database = _database(AICMO_PGBOUNCER="1")
    assert "options" not in database["OPTIONS"]
    assert database["OPTIONS"]["prepare_threshold"] is None
    assert database["OPTIONS"]["application_name"] == "desk"
    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert _setting("PREPARES_STATEMENTS", AICMO_PGBOUNCER="1") is False


def test_pool_connections_where_they_are_told_to() -> None:
    database = _database(AICMO_DB_POOL_SIZE="7")
    assert (database["OPTIONS"]["pool"]["max_size"], database["CONN_MAX_AGE"]) == (7, 0)


def test_let_no_webhook_into_our_own_network_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    assert Environment(_env_file=None).webhook_private is False
    with pytest.raises(ValueError, match="AICMO_WEBHOOK_PRIVATE cannot be on"):
        Environment(_env_file=None, AICMO_WEBHOOK_PRIVATE="1")


def test_take_money_by_card_only_where_we_hear_of_it() -> None:
    with pytest.raises(ValueError, match="AICMO_STRIPE_KEY needs AICMO_STRIPE_WEBHOOK_SECRETS"):
        Environment(_env_file=None, AICMO_STRIPE_KEY="rk_live_1")
    for wrong in (["short"], ["whsec_" + "x" * 32] * 3):
        with pytest.raises(ValueError, match="AICMO_STRIPE_WEBHOOK_SECRETS"):
            Environment(_env_file=None, AICMO_STRIPE_WEBHOOK_SECRETS=wrong)
    secrets = '["whsec_one_of_them", "whsec_another_one"]'
    told = _setting("KNOWN_SECRETS", AICMO_STRIPE_KEY="rk_live_1", AICMO_STRIPE_WEBHOOK_SECRETS=secrets)
    assert {"rk_live_1", "whsec_one_of_them", "whsec_another_one"} <= set(told)


SESSION_STATE = re.compile(
    r"pg_(try_)?advisory_(un)?lock(_all|_shared)?\b"
    r"|(?:\A|;)\s*(UN)?LISTEN\s"
    r"|(?:\A|;)\s*CREATE\s+(LOCAL\s+|GLOBAL\s+)?TEMP"
    r"|(?:\A|;)\s*(RE)?SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)[a-z_.]+\s*(=|TO\b)"
    r"|(?:\A|;)\s*SET\s+SESSION\b"
    r"|set_config\([^)]*\bfalse\)"
    r"|(?:\A|;)\s*(PREPARE|DEALLOCATE)\s"
    r"|\bWITH HOLD\b",
)


def _session_state(files: list[Source]) -> list[str]:
    """What PgBouncer would leave on a server connection, where the next transaction of somebody else meets it."""
    texts = (
        (file.path, node.lineno, node.value)
        for file in files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return [f"{path}:{line}" for path, line, text in texts if SESSION_STATE.search(text)]


PREPARES = "apps/shared/statements.py"
"""It prepares statements, except behind PgBouncer (PREPARES_STATEMENTS)."""


def test_need_no_session_of_their_own_in_any_module() -> None:
    modules = [file for file in sources() if file.path.startswith("apps/") and "/tests/" not in file.path]
    assert _session_state([file for file in modules if file.path != PREPARES]) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(%s)",
        "LISTEN runs",
        "CREATE TEMPORARY TABLE seen (id uuid)",
        "SET statement_timeout = 0",
        "SET search_path TO desk",
        "SELECT set_config('app.client', %s, false)",
        "PREPARE fetch AS SELECT 1",
        "DECLARE runs CURSOR WITH HOLD FOR SELECT 1",
    ],
)
def test_would_tell_a_session_s_state(statement: str) -> None:
    assert _session_state([Source("apps/x/services.py", f"cursor.execute({statement!r})")]) == ["apps/x/services.py:1"]


@pytest.mark.parametrize(
    "statement",
    ["SELECT pg_try_advisory_xact_lock(1)", "SET LOCAL statement_timeout = 0", "UPDATE runs\nSET state = 'DONE'"],
)
def test_allow_what_ends_with_the_transaction(statement: str) -> None:
    assert _session_state([Source("apps/x/services.py", f"cursor.execute({statement!r})")]) == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://u:p%40@mail.example:2525/?tls=1", ("mail.example", 2525, "u", "p@", False, True)),
        ("smtps://u:p@mail.example", ("mail.example", 465, "u", "p", True, False)),
        ("smtp://mail.example", ("mail.example", 587, "", "", False, False)),
    ],
)
def test_take_the_mail_server_from_its_address(url: str, expected: tuple) -> None:
    found = mail_server(url, Path())
    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_SSL", "USE_TLS")
    assert tuple(found[f"EMAIL_{name}"] for name in names) == expected
    assert found["EMAIL_TIMEOUT"] < DEADLINE


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://mail.example/?ssl=1", "mail.example"])
def test_take_no_mail_server_that_cannot_be(url: str) -> None:
    with pytest.raises(ValueError, match="AICMO_EMAIL_URL"):
        mail_server(url, Path())


def test_take_the_servers_of_mailboxes_from_the_environment_and_keep_their_passwords_out_of_the_log() -> None:
    urls = mailbox_urls(
        {
            "AICMO_MAILBOX_NORA_SMTP_URL": "smtp://nora:p%40ss@mail.example",
            "AICMO_MAILBOX_NORA_2_IMAP_URL": "imaps://mail.example",
            "AICMO_MAILBOX_TOM_SMTP_URL": None,
            "AICMO_MAILBOX_SMTP_URL": "smtp://x",
        }
    )
    assert sorted(urls) == ["AICMO_MAILBOX_NORA_2_IMAP_URL", "AICMO_MAILBOX_NORA_SMTP_URL"]
    assert sorted(passwords_in(urls.values())) == ["p%40ss", "p@ss"]
    secrets = _setting("KNOWN_SECRETS", AICMO_MAILBOX_NORA_SMTP_URL="smtp://nora:geheim@mail.example")
    assert "geheim" in secrets
