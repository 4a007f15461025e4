from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("orchestration", "0014_webhooks"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("orchestration_webhookendpoint", of_client="client_id", may="SELECT, INSERT, UPDATE, DELETE"),
        lock_rows(
            "orchestration_webhookdelivery",
            of_client="endpoint_id -> orchestration_webhookendpoint",
            may="SELECT, INSERT, UPDATE, DELETE",
        ),
    ]
