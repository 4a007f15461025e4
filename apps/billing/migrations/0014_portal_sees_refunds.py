from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    """What a client has in credit is less by what went back to it: who reads its payments reads that of them, too."""

    dependencies = [("billing", "0013_bank_statements"), ("identity", "0010_portal_sees_names")]

    operations = [
        lock_rows("billing_refund", of_client="payment_id -> billing_payment"),
    ]
