from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


class ProductionConfig(AppConfig):
    name = "apps.production"
    verbose_name = "Production"

    def ready(self) -> None:
        register(check_packs, Tags.database)


def check_packs(*, databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Report sections of packs that could not be written. Reads the packs, hence only with `--database`."""
    from apps.production import queries
    from apps.production.models import Pack

    is_readable = (
        "default" in (databases or ()) and Pack._meta.db_table in connections["default"].introspection.table_names()
    )
    if not is_readable:
        return []
    problems = queries.list_pack_problems(Pack.objects.filter(is_active=True).prefetch_related("sections"))
    return [Error(f"Pack section {problem}.", id="production.E001") for problem in problems]
