from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_metric_files"), ("identity", "0005_portal_role")]

    operations = [lock_rows("reporting_metricpoint", of_client="client_id", may="SELECT, INSERT")]
