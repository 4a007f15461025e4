from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    """Of a payment that was reversed nothing is in credit: who reads its payments reads that of them, too."""

    dependencies = [("billing", "0015_reversals"), ("identity", "0010_portal_sees_names")]

    operations = [
        lock_rows("billing_reversal", of_client="payment_id -> billing_payment"),
    ]
