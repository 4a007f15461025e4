import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0010_portal_sees_names")]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("read", "Read"),
                        ("review", "Decide and comment"),
                        ("intake", "Send intakes"),
                        ("billing", "Invoices"),
                        ("metrics", "Send measured values"),
                    ],
                    max_length=8,
                ),
                size=None,
            ),
        ),
    ]
