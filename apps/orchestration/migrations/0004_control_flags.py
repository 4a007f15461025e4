import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orchestration", "0003_reactions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlFlag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "name",
                    models.CharField(
                        choices=[
                            (
                                "PAUSE",
                                "Pause: no run and no step begins; what runs finishes its step, taking back goes on",
                            ),
                            ("KILL", "Kill: everything stops after the step it is in, taking back and reactions too"),
                            ("PROOF", "Proof mode: what would leave the house is written to files instead"),
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("is_on", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
                ("set_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("name",),
                "permissions": [("set_control_flag", "Can pause, kill and put into proof mode")],
            },
        ),
        migrations.AddField(
            model_name="controlflag",
            name="set_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
