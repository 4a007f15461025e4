import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0009_deal_of_a_client"),
        ("onboarding", "0008_portal_writes_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="IntakeInvitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("deal_id", models.UUIDField(editable=False, unique=True)),
                (
                    "intake_id",
                    models.UUIDField(help_text="Of the draft it leads to, and of the intake that becomes of it"),
                ),
                ("email", models.EmailField(max_length=254)),
                ("full_name", models.CharField(blank=True, max_length=150)),
                ("language", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waiting"),
                            ("SENDING", "Sending"),
                            ("SENT", "Sent"),
                            ("PROOF", "Proof"),
                            ("UNKNOWN", "Unknown"),
                            ("REFUSED", "Refused"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="WAITING",
                        max_length=8,
                    ),
                ),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.client"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [("send_intakeinvitation", "Can send an intake invitation again")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("WAITING", "SENDING"))),
                        fields=["id"],
                        name="invitation_to_send",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("UNKNOWN", "REFUSED"))),
                        fields=["id"],
                        name="invitation_in_doubt",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["WAITING", "SENDING", "SENT", "PROOF", "UNKNOWN", "REFUSED", "DROPPED"])
                        ),
                        name="invitation_state_is_known",
                    )
                ],
            },
        ),
    ]
