from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAMES = ("PAUSE", "KILL", "PROOF")


def add_flags(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the flags that nobody has switched yet, so that each has its page at the desk."""
    flags = apps.get_model("orchestration", "ControlFlag").objects
    for name in NAMES:
        flags.get_or_create(name=name)


def remove_unused_flags(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the flags that were never switched; the others are history."""
    apps.get_model("orchestration", "ControlFlag").objects.filter(set_at=None, is_on=False).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("orchestration", "0005_archived_runs"),
    ]

    operations = [
        migrations.RunPython(add_flags, remove_unused_flags),
    ]
