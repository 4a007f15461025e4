import django.db.models.deletion
import django_fsm
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0018_snapshots_and_pause_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("key", models.CharField(help_text="What it is about, once", max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("POSITIVE_REPLY", "Positive Reply"),
                            ("CAMPAIGN_PAUSED", "Campaign Paused"),
                            ("STEP_FAILING", "Step Failing"),
                            ("MAIL_UNKNOWN", "Mail Unknown"),
                            ("MAILBOX_ILL", "Mailbox Ill"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("message", models.TextField()),
                (
                    "subject_id",
                    models.UUIDField(blank=True, help_text="The row it is about, of whatever kind", null=True),
                ),
                ("recipients", models.JSONField(default=list)),
                ("told", models.JSONField(default=list)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("PENDING", "Pending"), ("SENT", "Sent"), ("FAILED", "Failed")],
                        default="PENDING",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(help_text="When it is sent (again); while it is being sent, a lease")),
                ("error", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [("see_alert", "Can say that an alert was seen, and have it sent again")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(
                condition=models.Q(("classification", "POSITIVE")), fields=["-id"], name="mail_positive"
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="campaign",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cam.campaign"
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="lead",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="cam.lead"
            ),
        ),
        migrations.AddField(
            model_name="alert",
            name="seen_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(condition=models.Q(("state", "PENDING")), fields=["next_at"], name="alert_due"),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(condition=models.Q(("seen_at", None)), fields=["id"], name="alert_unseen"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["PENDING", "SENT", "FAILED"])), name="alert_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "SENT"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="alert_sent_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "FAILED"), _negated=True),
                    models.Q(("error", ""), _negated=True),
                    _connector="OR",
                ),
                name="alert_failed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen_at", None), ("seen_by", None)),
                    models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                    _connector="OR",
                ),
                name="alert_seen_names_who_and_when",
            ),
        ),
    ]
