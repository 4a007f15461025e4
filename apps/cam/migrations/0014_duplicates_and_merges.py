import django.db.models.deletion
import django_fsm
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cam", "0013_find_leads_by_identity")]

    operations = [
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("reasons", models.JSONField(help_text="What they share")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("OPEN", "Open"), ("MERGED", "Merged"), ("DISMISSED", "Two people")],
                        default="OPEN",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "suspected duplicate",
                "ordering": ("-id",),
                "permissions": [("merge_leads", "Can merge leads, take that back, and say that two are two people")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.CreateModel(
            name="LeadMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("chosen", models.JSONField(help_text="Of which lead the survivor has each field")),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("moved", models.JSONField(help_text="The keys of the rows that went over to the survivor, by table")),
                ("reason", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "merge",
                "ordering": ("-id",),
            },
        ),
        migrations.AddField(
            model_name="duplicatepair",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="duplicatepair",
            name="lead",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cam.lead"
            ),
        ),
        migrations.AddField(
            model_name="duplicatepair",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cam.lead"),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="merged",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cam.lead"),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="merged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="survivor",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cam.lead"),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="duplicatepair",
            index=models.Index(condition=models.Q(("state", "OPEN")), fields=["id"], name="duplicate_open"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.UniqueConstraint(fields=("lead", "other"), name="duplicate_suspected_once"),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.CheckConstraint(
                condition=models.Q(("lead__lt", models.F("other"))), name="duplicate_pair_has_one_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="duplicatepair",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["OPEN", "MERGED", "DISMISSED"])), name="duplicate_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmerge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("merged",), name="lead_merged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leadmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("survivor", models.F("merged")), _negated=True),
                name="lead_is_not_merged_into_itself",
            ),
        ),
    ]
