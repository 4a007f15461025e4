from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = ("Owner", "Account manager", "Strategist", "Producer", "QC reviewer", "Sales", "Finance")


def add_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the groups; what each may do follows when the permissions exist (identity.services.grant_role_permissions)."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


def remove_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_people_and_clients"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(add_roles, remove_roles)]
