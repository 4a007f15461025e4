from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_metric_points_and_reports"), ("identity", "0005_portal_role")]

    operations = [lock_rows("reporting_report", of_client="client_id")]
