from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    """A client begins payments by card and sees how they stand; that one was paid is not the portal's to say."""

    dependencies = [("billing", "0007_cards"), ("identity", "0010_portal_sees_names")]

    operations = [
        lock_rows("billing_checkout", of_client="client_id", may="SELECT, INSERT, UPDATE (state, updated_at)"),
    ]
