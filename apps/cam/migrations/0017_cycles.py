import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0016_looking_for_leads"),
    ]

    operations = [
        migrations.CreateModel(
            name="CycleRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("failed_count", models.PositiveSmallIntegerField(help_text="Steps that failed")),
            ],
            options={
                "verbose_name": "cycle",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="CycleStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=80)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("OK", "OK"), ("FAILED", "Failed"), ("SKIPPED", "Skipped")], max_length=8
                    ),
                ),
                ("items", models.PositiveIntegerField(default=0, help_text="Rows it handled")),
                ("counts", models.JSONField(default=dict, help_text="How many of what")),
                (
                    "notes",
                    models.JSONField(default=list, help_text="What people should know, such as which mailbox is ill"),
                ),
                ("error", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="cam.cyclerun",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["name", "-id"], name="cycle_step_by_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "position"), name="cycle_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["OK", "FAILED", "SKIPPED"])),
                        name="cycle_step_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "FAILED"), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cycle_step_says_why_it_failed",
                    ),
                ],
            },
        ),
    ]
