import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0002_staff_roles"),
        ("orchestration", "0001_runs_steps_outbox"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="workflowrun",
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("retry_compensation", "Can send a stuck run back to its compensation"),
                    ("retry_step", "Can give a step all its attempts anew"),
                    ("resume_run", "Can make a parked run look again"),
                    ("cancel_run", "Can cancel a run: what it did is taken back"),
                    ("compensate_run", "Can take a completed run back"),
                    ("skip_step", "Can let a run go on without a step"),
                    ("rerun_run", "Can start an ended run again from the same inputs"),
                    ("decide_round", "Can decide what follows the last round"),
                ],
            },
        ),
        migrations.RemoveIndex(
            model_name="workflowrun",
            name="run_due",
        ),
        migrations.AddField(
            model_name="steprun",
            name="irreversible",
            field=models.JSONField(help_text="What taking back left, and what to do.", null=True),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="instruction",
            field=models.TextField(
                blank=True, db_default="", default="", help_text="What a person asked for in the present round."
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="is_cancelled",
            field=models.BooleanField(
                db_default=False, default=False, help_text="A person asked for it to be taken back."
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="parked",
            field=models.TextField(
                blank=True, db_default="", default="", help_text="Why nobody can move it at present."
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="rerun_of",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reruns",
                to="orchestration.workflowrun",
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="retried",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="round",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="traceparent",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="The W3C trace its steps belong to.", max_length=55
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="wait_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="waiting_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="waiting_on",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="workflowrun",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("PENDING", "Pending"),
                    ("RUNNING", "Running"),
                    ("WAITING", "Waiting"),
                    ("COMPLETED", "Completed"),
                    ("COMPENSATING", "Compensating"),
                    ("COMPENSATED", "Compensated"),
                    ("CANCELLED", "Cancelled"),
                    ("STUCK", "Stuck"),
                    ("FAILED", "Failed"),
                ],
                default="PENDING",
                max_length=50,
                protected=True,
            ),
        ),
        migrations.AddIndex(
            model_name="workflowrun",
            index=models.Index(
                condition=models.Q(("state__in", ("PENDING", "RUNNING", "WAITING", "COMPENSATING"))),
                fields=["wake_at"],
                name="run_due",
            ),
        ),
        migrations.AddIndex(
            model_name="workflowrun",
            index=models.Index(condition=models.Q(("state", "WAITING")), fields=["waiting_on"], name="run_waiting_on"),
        ),
        migrations.AddIndex(
            model_name="workflowrun",
            index=models.Index(condition=models.Q(("rerun_of__isnull", False)), fields=["rerun_of"], name="run_again"),
        ),
    ]
