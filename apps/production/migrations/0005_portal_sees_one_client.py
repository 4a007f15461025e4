from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("production", "0004_checks_of_revisions"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("production_draft", of_client="client_id"),
        lock_rows("production_draftsection", of_client="draft_id -> production_draft"),
        lock_rows("production_calendaritem", of_client="draft_id -> production_draft"),
    ]
