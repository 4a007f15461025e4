import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_staff_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("table", models.CharField(help_text="Of the row, such as strategy.strategy", max_length=100)),
                ("object_id", models.UUIDField()),
                ("is_assigned", models.BooleanField(default=False)),
                ("snoozed_until", models.DateTimeField(null=True)),
                (
                    "client",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="identity.client"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("object_id", "table", "person"), name="attention_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_assigned", True)),
                        fields=("object_id", "table"),
                        name="attention_one_assignee",
                    ),
                ],
            },
        ),
    ]
