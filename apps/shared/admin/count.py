"""How many rows a table holds, without reading all of it."""

from typing import Any

from django.db import connection, models

from apps.shared.scope import in_scope, path_to_client

MOST_EXACT = 1000
"""Rows that are counted one by one; of more the table's own statistics know well enough how many there are."""
_ASK = """
SELECT known.reltuples,
       CASE WHEN known.reltuples <= %s THEN (SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT %s) AS few) END
FROM pg_class AS known WHERE known.oid = %s::regclass
"""


def count_of_rows(model: type[models.Model], user: Any) -> str:
    """Return how many rows of a table a person may see, in words (`17`, `about 1.2 M`), by one query of few rows."""
    if path_to_client(model) is not None and not user.sees_every_client:
        rows = in_scope(model._default_manager.order_by(), user)
        return _in_words(rows[: MOST_EXACT + 1].count(), 0)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_ASK.format(table=table), [MOST_EXACT * 2, MOST_EXACT + 1, table])
        estimate, counted = cursor.fetchone()
    return _in_words(MOST_EXACT + 1 if counted is None else counted, estimate)


def _in_words(counted: int, estimate: float) -> str:
    if counted <= MOST_EXACT:
        return str(counted)
    if estimate <= MOST_EXACT:  # never analysed, or hidden: all that is known is that there are many
        return f"more than {MOST_EXACT}"
    for unit, name in ((1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")):
        if estimate >= unit:
            return f"about {estimate / unit:.1f} {name}".replace(".0 ", " ")
    raise AssertionError("an estimate that is not over a thousand was sorted out before")
