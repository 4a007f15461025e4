"""A pytest plugin that migrates a database once, and makes the test database of every later run a copy of it.

Hundreds of migrations take the greater part of a minute, a copy takes a second. The copy is of the same migrations:
its name is a digest of their files and of the pinned packages, so that one changed line makes a database anew.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "aicmo_migrated_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tell Django, before it makes the test database, what to copy; on servers given from outside, nothing."""
    if "DATABASE_URL" not in os.environ:
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = _migrated()


def _migrated() -> str:
    """Return the name of a database with today's migrations, having made it where there is none."""
    name = PREFIX + _digest()
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        known = {row[0] for row in found}
        if name in known:
            return name
        for each in (*known, "aicmo_migrating"):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(each)))
        connection.execute("CREATE DATABASE aicmo_migrating")
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        words = os.environ | {"DJANGO_SETTINGS_MODULE": "aicmo_site.settings_test"}
        subprocess.run(migrate, cwd=ROOT, check=True, env=words | {"DATABASE_URL": _address("aicmo_migrating")})
        connection.execute(sql.SQL("ALTER DATABASE aicmo_migrating RENAME TO {}").format(sql.Identifier(name)))
    return name


def _address(database: str) -> str:
    server = settings.DATABASES["default"]
    return f"postgresql://{server['USER']}@/{database}?host={server['HOST']}"


def _digest() -> str:
    """Return what the migrated tables depend on: the migrations of all modules, and what the packages bring."""
    migrations = (ROOT / part for part in ("apps", "bench"))
    files = [path for part in migrations for path in part.rglob("migrations/*.py")]
    said = hashlib.sha256()
    for each in sorted([*files, ROOT / "constraints.txt", ROOT / "aicmo_site/settings_test.py"]):
        said.update(str(each.relative_to(ROOT)).encode() + each.read_bytes())
    return said.hexdigest()[:16]
