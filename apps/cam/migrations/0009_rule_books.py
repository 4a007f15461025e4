import django.db.models.deletion
import django_fsm
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0008_profiles_of_campaigns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleBook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(default="scoring", max_length=40)),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("DRAFT", "Draft"), ("LIVE", "Live"), ("RETIRED", "Retired")],
                        default="DRAFT",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("content", models.JSONField()),
                ("reason", models.TextField(blank=True, help_text="Why it differs from the version before")),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [("edit_rulebook", "Can write rule books and put them live")],
            },
            bases=(django_fsm.ConcurrentTransitionMixin, models.Model),
        ),
        migrations.AddField(
            model_name="rulebook",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rulebook",
            name="based_on",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cam.rulebook"
            ),
        ),
        migrations.AddConstraint(
            model_name="rulebook",
            constraint=models.UniqueConstraint(fields=("name", "version"), name="rulebook_version_once"),
        ),
        migrations.AddConstraint(
            model_name="rulebook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "LIVE")), fields=("name",), name="rulebook_one_is_live"
            ),
        ),
        migrations.AddConstraint(
            model_name="rulebook",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["DRAFT", "LIVE", "RETIRED"])), name="rulebook_state_is_known"
            ),
        ),
    ]
