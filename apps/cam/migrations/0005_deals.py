import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0004_replies_are_processed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("value", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(help_text="ISO 4217, three letters", max_length=3)),
                ("probability", models.PositiveSmallIntegerField(blank=True, help_text="In percent", null=True)),
                ("expected_close_date", models.DateField(blank=True, null=True)),
                (
                    "deposit_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Of the value, to be paid before work begins",
                        max_digits=5,
                        null=True,
                    ),
                ),
                (
                    "deposit_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="To be paid before work begins",
                        max_digits=14,
                        null=True,
                    ),
                ),
                ("included_revision_rounds", models.PositiveSmallIntegerField(default=2)),
                ("contract_start_date", models.DateField(blank=True, null=True)),
                ("contract_end_date", models.DateField(blank=True, null=True)),
                ("company", models.CharField(blank=True, max_length=200)),
                ("contact_name", models.CharField(blank=True, max_length=150)),
                ("contact_email", models.CharField(blank=True, max_length=254)),
                (
                    "country",
                    models.CharField(blank=True, help_text="ISO 3166, empty where it is unknown", max_length=2),
                ),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                (
                    "language",
                    models.CharField(default="en", help_text="In which we write to the contact", max_length=8),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("OPEN", "Open"), ("WON", "Won"), ("LOST", "Lost")],
                        default="OPEN",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was lost, or what was said when it was won")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="deals", to="cam.lead"),
                ),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("open_deal", "Can open a deal with a lead"),
                    ("win_deal", "Can win a deal, which makes a client"),
                    ("lose_deal", "Can give a deal up"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "OPEN")), fields=["expected_close_date", "id"], name="deal_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")), fields=("lead",), name="deal_open_once_per_lead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "WON", "LOST"])), name="deal_state_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("value__gt", 0)), name="deal_has_a_value"),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="deal_currency_is_a_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__isnull", True), ("probability__lte", 100), _connector="OR"),
                        name="deal_probability_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deposit_percent__isnull", True),
                            models.Q(("deposit_percent__gte", 0), ("deposit_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="deal_deposit_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deposit_amount__isnull", True),
                            models.Q(
                                ("deposit_amount__gte", 0),
                                ("deposit_amount__lte", models.F("value")),
                                ("deposit_percent__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_deposit_is_a_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_start_date__isnull", True),
                            ("contract_end_date__isnull", True),
                            ("contract_end_date__gte", models.F("contract_start_date")),
                            _connector="OR",
                        ),
                        name="deal_contract_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("state", "OPEN")),
                            models.Q(models.Q(("state", "OPEN"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="deal_closed_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "LOST"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="deal_lost_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "WON"), _negated=True),
                            models.Q(
                                models.Q(("company", ""), _negated=True),
                                models.Q(("contact_email", ""), _negated=True),
                                models.Q(("country", ""), _negated=True),
                                models.Q(("time_zone", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_won_names_its_client",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deal",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_stays_as_it_is",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'OPEN' AND (OLD.state IS DISTINCT FROM NEW.state OR OLD.value IS DISTINCT FROM NEW.value OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.deposit_percent IS DISTINCT FROM NEW.deposit_percent OR OLD.deposit_amount IS DISTINCT FROM NEW.deposit_amount OR OLD.included_revision_rounds IS DISTINCT FROM NEW.included_revision_rounds OR OLD.company IS DISTINCT FROM NEW.company OR OLD.contract_start_date IS DISTINCT FROM NEW.contract_start_date OR OLD.contract_end_date IS DISTINCT FROM NEW.contract_end_date OR OLD.contact_name IS DISTINCT FROM NEW.contact_name OR OLD.contact_email IS DISTINCT FROM NEW.contact_email OR OLD.country IS DISTINCT FROM NEW.country OR OLD.time_zone IS DISTINCT FROM NEW.time_zone OR OLD.language IS DISTINCT FROM NEW.language OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.closed_at IS DISTINCT FROM NEW.closed_at OR OLD.closed_by_id IS DISTINCT FROM NEW.closed_by_id))",
                    func="\n    RAISE EXCEPTION 'Deal % is % and does not change.', OLD.id, OLD.state\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'deal_closed_stays_as_it_is';\n",
                    hash="b53fbb57ca58c9f634eecf35138891f09113df66",
                    operation="UPDATE",
                    pgid="pgtrigger_closed_stays_as_it_is_5fe68",
                    table="cam_deal",
                    when="BEFORE",
                ),
            ),
        ),
    ]
