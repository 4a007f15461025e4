from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("identity", "0013_data_requests_of_the_portal")]

    operations = [lock_rows("identity_datarequest", of_client="asked_in_id", may="SELECT, INSERT")]
