import django.db.models.deletion
import django_fsm
import uuid_utils.compat
from django.db import migrations, models

import apps.orchestration.models.events


class Migration(migrations.Migration):
    dependencies = [
        ("orchestration", "0002_waits_rounds_commands"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE orchestration_outbox_sequence",
            reverse_sql="DROP SEQUENCE orchestration_outbox_sequence",
        ),
        migrations.CreateModel(
            name="EventReceipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("reaction", models.CharField(max_length=80)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("RETRYING", "Retrying"), ("DONE", "Done"), ("DEAD", "Dead")],
                        default="RETRYING",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
                ("trace", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [("retry_reaction", "Can have a dead letter tried again")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.RemoveIndex(
            model_name="outboxevent",
            name="outbox_undispatched",
        ),
        migrations.AddField(
            model_name="outboxevent",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="outboxevent",
            name="sequence",
            field=models.BigIntegerField(db_default=apps.orchestration.models.events.NextInOutbox(), editable=False),
        ),
        migrations.AddField(
            model_name="outboxevent",
            name="wake_at",
            field=models.DateTimeField(help_text="When its reactions are tried next, after a failure.", null=True),
        ),
        migrations.AddIndex(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("dispatched_at", None)), fields=["sequence"], name="outbox_undispatched"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("dispatched_at", None)), fields=["aggregate_id", "sequence"], name="outbox_before"
            ),
        ),
        migrations.AddField(
            model_name="eventreceipt",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="orchestration.outboxevent"
            ),
        ),
        migrations.AddIndex(
            model_name="eventreceipt",
            index=models.Index(condition=models.Q(("state", "DEAD")), fields=["-id"], name="dead_letters"),
        ),
        migrations.AddConstraint(
            model_name="eventreceipt",
            constraint=models.UniqueConstraint(fields=("event", "reaction"), name="reaction_once"),
        ),
        # What was published before there were reactions has been dealt with by whoever had to.
        migrations.RunSQL(
            sql="UPDATE orchestration_outboxevent SET dispatched_at = occurred_at WHERE dispatched_at IS NULL",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
