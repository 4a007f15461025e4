from django.db import migrations

from apps.shared.row_security import lock_rows

ALL = "SELECT, INSERT, UPDATE, DELETE"


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0007_intake_drafts"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("onboarding_intakedraft", of_client="client_id", may=ALL),
        lock_rows("onboarding_draftattachment", of_client="draft_id -> onboarding_intakedraft", may=ALL),
    ]
