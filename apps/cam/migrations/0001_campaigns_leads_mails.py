import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import apps.cam.models.leads


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120)),
                ("niche", models.TextField(help_text="Whom it looks for")),
                ("goal", models.TextField(help_text="What it should lead to")),
                (
                    "mode",
                    models.CharField(choices=[("LIVE", "Live"), ("PROOF", "Proof")], default="PROOF", max_length=8),
                ),
                ("daily_cap", models.PositiveIntegerField(help_text="Messages a day at most")),
                ("window_opens", models.TimeField(help_text="In the campaign's time zone")),
                ("window_closes", models.TimeField()),
                ("time_zone", models.CharField(max_length=64)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("ACTIVE", "Active"),
                            ("PAUSED", "Paused"),
                            ("COMPLETED", "Completed"),
                        ],
                        default="DRAFT",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("pause_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("create_campaign", "Can create a campaign"),
                    ("run_campaign", "Can activate, pause, resume and complete a campaign"),
                ],
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("name"), name="campaign_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["LIVE", "PROOF"])), name="campaign_mode_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "ACTIVE", "PAUSED", "COMPLETED"])),
                        name="campaign_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("daily_cap__gte", 1), ("daily_cap__lte", 500)),
                        name="campaign_cap_within_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("window_closes__gt", models.F("window_opens"))),
                        name="campaign_window_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "PAUSED"), models.Q(("pause_reason", ""), _negated=True)),
                            models.Q(models.Q(("state", "PAUSED"), _negated=True), ("pause_reason", "")),
                            _connector="OR",
                        ),
                        name="campaign_pause_has_a_reason",
                    ),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("sha256", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=200)),
                ("headers", models.JSONField(help_text="The file's column names")),
                ("mapping", models.JSONField(help_text="The place of each field's column")),
                ("rows_total", models.PositiveIntegerField()),
                ("rows", models.PositiveIntegerField(default=0, help_text="Read so far")),
                ("created", models.PositiveIntegerField(default=0)),
                ("duplicates", models.PositiveIntegerField(default=0, help_text="Rows of leads the campaign had")),
                ("refused", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("RUNNING", "Running"), ("COMPLETED", "Completed"), ("FAILED", "Failed")],
                        default="RUNNING",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("touched_at", models.DateTimeField(blank=True, help_text="When somebody last read on", null=True)),
                ("error", models.TextField(blank=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="cam.campaign",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "ordering": ("-id",),
                "permissions": [("import_leads", "Can import leads from a file")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ImportRefusal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row", models.PositiveIntegerField(help_text="Counted from 1 below the column names")),
                ("cells", models.JSONField()),
                ("problems", models.JSONField()),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refusals",
                        to="cam.importbatch",
                    ),
                ),
            ],
            options={
                "ordering": ("row",),
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("email", models.CharField(max_length=254)),
                (
                    "email_key",
                    models.CharField(help_text="The address in small letters: once in a campaign", max_length=254),
                ),
                ("full_name", models.CharField(blank=True, max_length=200)),
                ("company", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("linkedin_url", models.CharField(blank=True, max_length=500)),
                (
                    "country",
                    models.CharField(blank=True, help_text="ISO 3166, empty where it is unknown", max_length=2),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("CSV", "File"),
                            ("DISCOVERY", "Discovery"),
                            ("MANUAL", "Manual"),
                            ("REFERRAL", "Referral"),
                            ("OTHER", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("raw", models.JSONField(default=dict, help_text="What the source said and no field has a place for")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("NEW", "NEW"),
                            ("ENRICHED", "ENRICHED"),
                            ("SCORED", "SCORED"),
                            ("MANUAL_REVIEW", "MANUAL_REVIEW"),
                            ("QUALIFIED", "QUALIFIED"),
                            ("ROUTED", "ROUTED"),
                            ("CONTACTED", "CONTACTED"),
                            ("REPLIED", "REPLIED"),
                            ("MEETING", "MEETING"),
                            ("PROPOSAL", "PROPOSAL"),
                            ("WON", "WON"),
                            ("LOST", "LOST"),
                            ("DISQUALIFIED", "DISQUALIFIED"),
                        ],
                        default="NEW",
                        max_length=50,
                        protected=True,
                    ),
                ),
                (
                    "contactability",
                    models.CharField(
                        choices=[
                            ("OK", "OK"),
                            ("UNSUBSCRIBED", "Unsubscribed"),
                            ("SUPPRESSED", "Suppressed"),
                            ("BOUNCED", "Bounced"),
                            ("DO_NOT_CONTACT", "Do Not Contact"),
                        ],
                        default="OK",
                        max_length=16,
                    ),
                ),
                (
                    "score",
                    models.DecimalField(blank=True, decimal_places=3, help_text="0 to 1", max_digits=4, null=True),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D"), ("E", "E"), ("F", "F")],
                        max_length=1,
                    ),
                ),
                ("reasons", models.JSONField(blank=True, help_text="Why it was scored so", null=True)),
                ("next_action_at", models.DateTimeField(blank=True, null=True)),
                ("run_id", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="cam.campaign",
                    ),
                ),
                (
                    "import_batch",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="cam.importbatch",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("advance_lead", "Can move a lead on"),
                    ("stop_contact", "Can say that a lead must not be contacted"),
                ],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="InboundEmail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("mailbox", models.CharField(max_length=254)),
                ("provider_uid", models.CharField(max_length=255)),
                ("message_id", models.CharField(blank=True, max_length=255)),
                (
                    "references",
                    models.JSONField(default=list, help_text="Message-IDs it answers, from In-Reply-To and References"),
                ),
                (
                    "matched_by",
                    models.CharField(
                        choices=[
                            ("REFERENCE", "What it answers"),
                            ("ADDRESS", "Its sender's address"),
                            ("PERSON", "A person"),
                            ("NOTHING", "Nothing"),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_address", models.CharField(max_length=254)),
                ("from_name", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("sent_at", models.DateTimeField(blank=True, help_text="As the sender says", null=True)),
                ("headers", models.JSONField(help_text="All headers as they came, in their order")),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("classification", models.CharField(blank=True, max_length=16, null=True)),
                ("confidence", models.DecimalField(blank=True, decimal_places=3, max_digits=4, null=True)),
                ("reason", models.TextField(blank=True, help_text="Why it was classified so")),
                (
                    "answer",
                    models.CharField(
                        blank=True, choices=[("ANSWERED", "Answered"), ("NOT_NEEDED", "Not Needed")], max_length=12
                    ),
                ),
                (
                    "answer_note",
                    models.TextField(blank=True, help_text="How it was answered, or why it needs no answer"),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
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
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="cam.lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply",
                "verbose_name_plural": "replies",
                "ordering": ("-id",),
                "permissions": [
                    ("receive_reply", "Can add a reply from a file"),
                    ("answer_reply", "Can say what was done about a reply"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="importbatch",
            index=models.Index(condition=models.Q(("state", "RUNNING")), fields=["id"], name="import_unfinished"),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(fields=("campaign", "sha256"), name="import_once_per_campaign"),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rows",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("created"), "+", models.F("duplicates")
                            ),
                            "+",
                            models.F("refused"),
                        ),
                    )
                ),
                name="import_counts_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("rows__lte", models.F("rows_total"))), name="import_reads_its_rows_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "FAILED"), _negated=True),
                    models.Q(("error", ""), _negated=True),
                    _connector="OR",
                ),
                name="import_failure_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrefusal",
            constraint=models.UniqueConstraint(fields=("batch", "row"), name="import_refuses_a_row_once"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                models.F("campaign"),
                models.F("state"),
                models.OrderBy(models.F("next_action_at"), nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="lead_board",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["campaign", "state"], name="lead_counted"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["state", "id"], name="lead_by_state"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("grade", ""), _negated=True), fields=["grade", "id"], name="lead_by_grade"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("contactability", "OK"), _negated=True),
                fields=["contactability", "id"],
                name="lead_not_to_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(condition=models.Q(("run_id__isnull", False)), fields=["run_id"], name="lead_of_run"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=django.contrib.postgres.indexes.GinIndex(
                apps.cam.models.leads.Words("email_key", "full_name", "company"), name="lead_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.UniqueConstraint(fields=("email_key", "campaign"), name="lead_once_per_campaign"),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "NEW",
                            "ENRICHED",
                            "SCORED",
                            "MANUAL_REVIEW",
                            "QUALIFIED",
                            "ROUTED",
                            "CONTACTED",
                            "REPLIED",
                            "MEETING",
                            "PROPOSAL",
                            "WON",
                            "LOST",
                            "DISQUALIFIED",
                        ),
                    )
                ),
                name="lead_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contactability__in", ["OK", "UNSUBSCRIBED", "SUPPRESSED", "BOUNCED", "DO_NOT_CONTACT"])
                ),
                name="lead_contactability_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score__isnull", True), models.Q(("score__gte", 0), ("score__lte", 1)), _connector="OR"
                ),
                name="lead_score_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("email_key__regex", "^[^@[:space:][:cntrl:],;<>]+@[^@[:space:][:cntrl:],;<>]+$")),
                name="lead_has_one_address",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="legal_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\n    IF (OLD.state, NEW.state) NOT IN (('NEW', 'ENRICHED'), ('ENRICHED', 'SCORED'), ('SCORED', 'MANUAL_REVIEW'), ('SCORED', 'QUALIFIED'), ('MANUAL_REVIEW', 'QUALIFIED'), ('SCORED', 'DISQUALIFIED'), ('MANUAL_REVIEW', 'DISQUALIFIED'), ('QUALIFIED', 'ROUTED'), ('ROUTED', 'CONTACTED'), ('CONTACTED', 'REPLIED'), ('REPLIED', 'MEETING'), ('MEETING', 'PROPOSAL'), ('PROPOSAL', 'WON'), ('CONTACTED', 'LOST'), ('REPLIED', 'LOST'), ('MEETING', 'LOST'), ('PROPOSAL', 'LOST')) THEN\n        RAISE EXCEPTION 'Lead % cannot go from % to %.', OLD.id, OLD.state, NEW.state\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_moves_legally';\n    END IF;\n    IF NEW.contactability IS DISTINCT FROM OLD.contactability THEN\n        RAISE EXCEPTION 'Lead % cannot change its contactability by a move.', OLD.id\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_move_leaves_contactability';\n    END IF;\n    IF NEW.state IN ('ROUTED', 'CONTACTED') AND NEW.contactability <> 'OK' THEN\n        RAISE EXCEPTION 'Lead % is % and must not be contacted.', OLD.id, NEW.contactability\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_is_contactable';\n    END IF;\n    RETURN NEW;\n",
                    hash="c70d4f2f4f9f10cba9aedac15b60832a062345e4",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_legal_moves_1aed5",
                    table="cam_lead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(condition=models.Q(("answered_at", None)), fields=["id"], name="mail_unanswered"),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(fields=["lead", "-id"], name="mail_of_lead"),
        ),
        migrations.AddIndex(
            model_name="inboundemail",
            index=models.Index(
                condition=models.Q(("message_id", ""), _negated=True), fields=["message_id"], name="mail_by_message_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundemail",
            constraint=models.UniqueConstraint(fields=("mailbox", "provider_uid"), name="mail_once_per_mailbox"),
        ),
        migrations.AddConstraint(
            model_name="inboundemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                    models.Q(
                        ("answer__in", ["ANSWERED", "NOT_NEEDED"]),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mail_answer_names_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="inboundemail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lead", None), ("matched_by", "NOTHING")),
                    models.Q(("lead__isnull", False), models.Q(("matched_by", "NOTHING"), _negated=True)),
                    _connector="OR",
                ),
                name="mail_says_how_its_lead_is_known",
            ),
        ),
    ]
