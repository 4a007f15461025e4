from django.db import migrations

from apps.shared.row_security import open_table


class Migration(migrations.Migration):
    dependencies = [("observability", "0003_audit_of_one_client"), ("identity", "0005_portal_role")]

    operations = [
        # What the portal does is noted like all else; the audit itself is the desk's to read.
        open_table("observability_auditentry", may="INSERT"),
    ]
