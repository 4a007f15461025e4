from django.db import migrations

from apps.shared.row_security import ROLE, lock_rows


class Migration(migrations.Migration):
    """Of people the portal reads names, and of those alone who belong to its client: it read everybody's everything."""

    dependencies = [("identity", "0009_deal_of_a_client")]

    operations = [
        migrations.RunSQL(
            f"REVOKE SELECT ON identity_user FROM {ROLE};",  # noqa: S608
            f"GRANT SELECT ON identity_user TO {ROLE};",
        ),
        lock_rows(
            "identity_user", of_client="id <- identity_membership.user_id", may="SELECT (id, full_name, is_active)"
        ),
    ]
