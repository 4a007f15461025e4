from django.db import migrations

from apps.shared.row_security import lock_rows, open_sequence, open_table


class Migration(migrations.Migration):
    dependencies = [("orchestration", "0011_uploads"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("orchestration_workflowrun", of_client="client_id"),
        lock_rows("orchestration_steprun", of_client="run_id -> orchestration_workflowrun"),
        # What happens in the portal is told like all else; events are read by workers.
        open_table("orchestration_outboxevent", may="INSERT"),
        open_sequence("orchestration_outbox_sequence"),
    ]
