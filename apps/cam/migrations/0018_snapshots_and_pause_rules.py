import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0017_cycles"),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignSnapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("contacted", models.PositiveIntegerField(default=0)),
                ("bounced_hard", models.PositiveIntegerField(default=0)),
                ("bounced_soft", models.PositiveIntegerField(default=0)),
                ("replied", models.PositiveIntegerField(default=0)),
                ("positive", models.PositiveIntegerField(default=0)),
                ("negative", models.PositiveIntegerField(default=0)),
                ("neutral", models.PositiveIntegerField(default=0)),
                ("out_of_office", models.PositiveIntegerField(default=0)),
                ("unsubscribed", models.PositiveIntegerField(default=0)),
                ("day", models.DateField(help_text="In UTC")),
                ("complaints", models.PositiveIntegerField(default=0)),
                (
                    "opted_out",
                    models.PositiveIntegerField(default=0, help_text="Leads that were written to, and want no more"),
                ),
                (
                    "qualified",
                    models.PositiveIntegerField(default=0, help_text="Leads that ever were worth writing to, at dawn"),
                ),
                ("meetings", models.PositiveIntegerField(default=0, help_text="Leads that are at a meeting or beyond")),
                ("won", models.PositiveIntegerField(default=0)),
                ("lost", models.PositiveIntegerField(default=0)),
                ("counted_at", models.DateTimeField()),
                ("mark", models.UUIDField(editable=False)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="cam.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ("-day", "campaign"),
            },
        ),
        migrations.CreateModel(
            name="PauseRule",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("BOUNCES", "Too many mails bounce"),
                            ("COMPLAINTS", "Too many call it spam"),
                            ("FEW_REPLIES", "Too few answer"),
                            ("POSITIVE_TARGET", "Its target of positive replies is reached"),
                            ("MEETING_TARGET", "Its target of meetings is reached"),
                            ("LOST", "Too many leads are lost"),
                            ("NOBODY_NEW", "No lead has qualified for long"),
                        ],
                        max_length=16,
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                (
                    "limit",
                    models.DecimalField(
                        decimal_places=4,
                        help_text="A share (0.05), a number of meetings or positive replies, or days",
                        max_digits=8,
                    ),
                ),
                ("after", models.PositiveIntegerField(default=0, help_text="Mails, or leads, before it is looked at")),
                ("fired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fired_on",
                    models.JSONField(
                        default=dict, help_text="The counts it fired on: they are not held against it again"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pause_rules",
                        to="cam.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ("campaign", "kind"),
                "permissions": [("set_pause_rule", "Can set what pauses a campaign by itself")],
            },
        ),
        migrations.CreateModel(
            name="VariantSnapshot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("contacted", models.PositiveIntegerField(default=0)),
                ("bounced_hard", models.PositiveIntegerField(default=0)),
                ("bounced_soft", models.PositiveIntegerField(default=0)),
                ("replied", models.PositiveIntegerField(default=0)),
                ("positive", models.PositiveIntegerField(default=0)),
                ("negative", models.PositiveIntegerField(default=0)),
                ("neutral", models.PositiveIntegerField(default=0)),
                ("out_of_office", models.PositiveIntegerField(default=0)),
                ("unsubscribed", models.PositiveIntegerField(default=0)),
                ("variant", models.CharField(max_length=1)),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="cam.campaignsnapshot",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cam.sequencestep",
                    ),
                ),
            ],
            options={
                "ordering": ("snapshot", "step", "variant"),
            },
        ),
        migrations.AddConstraint(
            model_name="campaignsnapshot",
            constraint=models.UniqueConstraint(fields=("campaign", "day"), name="snapshot_once_per_day"),
        ),
        migrations.AddConstraint(
            model_name="pauserule",
            constraint=models.UniqueConstraint(fields=("campaign", "kind"), name="pause_rule_once"),
        ),
        migrations.AddConstraint(
            model_name="pauserule",
            constraint=models.CheckConstraint(condition=models.Q(("limit__gt", 0)), name="pause_rule_has_a_limit"),
        ),
        migrations.AddConstraint(
            model_name="variantsnapshot",
            constraint=models.UniqueConstraint(
                fields=("snapshot", "step", "variant"), name="variant_once_per_snapshot"
            ),
        ),
    ]
