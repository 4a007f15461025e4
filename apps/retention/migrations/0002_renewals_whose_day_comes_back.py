import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0010_portal_sees_names"),
        ("retention", "0001_lifecycles_scores_renewals_surveys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="renewal",
            name="renewal_once_per_end",
        ),
        migrations.AlterField(
            model_name="renewal",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.client"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "DROPPED"), _negated=True),
                fields=("client", "contract_end_date"),
                name="renewal_once_per_end",
            ),
        ),
    ]
