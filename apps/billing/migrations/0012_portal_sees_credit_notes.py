from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    """A client reads its credit notes line by line, its documents as they were issued, and says where they are to go."""

    dependencies = [("billing", "0011_issued_documents"), ("identity", "0010_portal_sees_names")]

    operations = [
        lock_rows("billing_creditnoteline", of_client="credit_note_id -> billing_creditnote"),
        lock_rows("billing_issueddocument", of_client="client_id"),
        lock_rows("billing_billingaddress", of_client="client_id", may="SELECT, INSERT, UPDATE"),
    ]
