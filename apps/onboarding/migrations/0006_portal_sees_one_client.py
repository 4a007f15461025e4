from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0005_permission_to_import"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("onboarding_intake", of_client="client_id", may="SELECT, INSERT, UPDATE"),
        lock_rows("onboarding_discoverynote", of_client="intake_id -> onboarding_intake", may="SELECT, INSERT"),
        lock_rows(
            "onboarding_intakeattachment",
            of_client="intake_id -> onboarding_intake",
            may="SELECT, INSERT, UPDATE, DELETE",
        ),
        lock_rows("onboarding_brief", of_client="client_id"),
        lock_rows("onboarding_workspace", of_client="client_id"),
    ]
