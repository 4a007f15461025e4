"""The second lock on clients' rows: PostgreSQL itself shows the portal one client's rows, whatever the code asks for.

The portal's requests run under a role of their own (`apps.identity.middleware`), which may touch the tables named in
migrations and no others, and of these the rows of the client set for the transaction. Without one it sees none. Staff,
workers and migrations work as the owner of the tables, whom policies do not bind: a policy of `staff OR client` would
cost every list a scan of its table.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, migrations, transaction
from django.db.models import Model

ROLE = "aicmo_portal"
SETTING = "aicmo.client"
OF_CLIENT = f"nullif(current_setting('{SETTING}', true), '')::uuid"
"""The client of the transaction; a pooled connection has '' where an earlier transaction had set it."""


def act_for(client_id: object) -> None:
    """Let the rest of the transaction see this client's rows alone. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("A role that no transaction ends would stay with the connection.")
    _set(ROLE, str(client_id))


def act_as_owner() -> None:
    """End what `act_for` began before its transaction ends: tests wrap a request in one of their own."""
    _set("none", "")


@contextmanager
def acting_for(client_id: object) -> Iterator[None]:
    """Open a transaction that sees one client's rows; one that is open already goes on as it was before."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role'), coalesce(current_setting(%s, true), '')", [SETTING])
            before = cursor.fetchone()
        act_for(client_id)
        yield  # an exception takes the settings back along with everything else
        _set(*before)


def _set(role: str, client_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config(%s, %s, true)",
            [role, SETTING, client_id],
        )


def lock_rows(table: str, *, of_client: str, may: str = "SELECT") -> migrations.RunSQL:
    """Make the operation of a migration that shows the portal a client's rows of a table.

    `of_client` is the column that holds the client's id, or `column -> parent_table` for rows that belong to a locked
    row of another table, or `column <- child_table.column` for rows that a locked row of another table names. `may` is
    what the portal does with them: SELECT, INSERT, UPDATE, DELETE; with columns in brackets, of these alone.
    """
    condition = _condition(table, of_client)
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY of_client ON {table} TO {ROLE} USING ({condition}) WITH CHECK ({condition});
        GRANT {may} ON {table} TO {ROLE};
        """,
        f"""
        REVOKE ALL ON {table} FROM {ROLE};
        DROP POLICY of_client ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def widen_rows(table: str, *, before: tuple[str, ...], by: tuple[str, ...]) -> migrations.RunSQL:
    """Make the operation of a migration that shows the portal more rows of a locked table.

    `before` is what its policy shows until then, and `by` what comes to it, each said as to `lock_rows`. The one policy
    is changed: a second one would be nobody's to read beside it.
    """
    forth, back = (" OR ".join(_condition(table, each) for each in ways) for ways in (before + by, before))
    alter = f"ALTER POLICY of_client ON {table}"
    return migrations.RunSQL(*(f"{alter} USING ({shown}) WITH CHECK ({shown});" for shown in (forth, back)))


def _condition(table: str, of_client: str) -> str:
    if "->" in of_client:
        column, parent = (part.strip() for part in of_client.split("->"))
        return f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = {table}.{column})"  # noqa: S608
    if "<-" in of_client:
        column, child = (part.strip() for part in of_client.split("<-"))
        child, naming = child.split(".")
        return f"EXISTS (SELECT 1 FROM {child} AS child WHERE child.{naming} = {table}.{column})"  # noqa: S608
    return f"{of_client} = {OF_CLIENT}"


def open_table(table: str, *, may: str) -> migrations.RunSQL:
    """Make the operation of a migration that lets the portal use a table whose rows belong to no client."""
    return migrations.RunSQL(f"GRANT {may} ON {table} TO {ROLE};", f"REVOKE ALL ON {table} FROM {ROLE};")


def open_sequence(sequence: str) -> migrations.RunSQL:
    """Make the operation of a migration that lets the portal draw numbers from a sequence."""
    return migrations.RunSQL(
        f"GRANT USAGE ON SEQUENCE {sequence} TO {ROLE};", f"REVOKE ALL ON SEQUENCE {sequence} FROM {ROLE};"
    )


def lift_triggers(*kinds: type[Model]) -> None:
    """Let the transaction that is open, and no other, change rows of these tables that triggers protect.

    By pgtrigger's own switch, a setting that ends with the transaction. Only an erasure does this, and tells the audit.
    """
    names = {trigger.get_pgid(kind) for kind in kinds for trigger in getattr(kind._meta, "triggers", ())}
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        lifted = {name for name in (cursor.fetchone()[0] or "").strip("{}").split(",") if name}
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(sorted(names | lifted)) + "}"]
        )
