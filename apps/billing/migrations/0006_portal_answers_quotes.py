from django.db import migrations

from apps.shared.row_security import lock_rows

ANSWER = "state, decided_at, decided_by_id, signed_name, reason, updated_at"


class Migration(migrations.Migration):
    """A client reads its quotes, and of one writes its answer alone."""

    dependencies = [("billing", "0005_quotes"), ("identity", "0010_portal_sees_names")]

    operations = [
        lock_rows("billing_quote", of_client="client_id", may=f"SELECT, UPDATE ({ANSWER})"),
        lock_rows("billing_quoteline", of_client="quote_id -> billing_quote"),
    ]
