from django.db import migrations

from apps.shared.row_security import lock_rows, open_table


class Migration(migrations.Migration):
    dependencies = [("identity", "0005_portal_role")]

    operations = [
        lock_rows("identity_client", of_client="id"),
        lock_rows("identity_membership", of_client="client_id"),
        lock_rows("identity_apitoken", of_client="membership_id -> identity_membership", may="SELECT, INSERT, UPDATE"),
        lock_rows("identity_storedanswer", of_client="client_id", may="SELECT, INSERT, DELETE"),
        open_table("identity_user", may="SELECT"),
    ]
