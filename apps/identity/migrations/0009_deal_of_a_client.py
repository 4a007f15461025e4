from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0008_ways_to_log_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="deal_id",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="Of the deal it was won by: one deal, one client",
                null=True,
                unique=True,
            ),
        ),
    ]
