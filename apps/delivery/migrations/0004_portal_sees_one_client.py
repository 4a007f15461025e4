from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("delivery", "0003_find_publications_not_out"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("delivery_package", of_client="client_id"),
        lock_rows("delivery_artifact", of_client="package_id -> delivery_package"),
    ]
