from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0006_firmographics"),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="rated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="rating",
            field=models.JSONField(blank=True, help_text="What each factor counted", null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="route_name",
            field=models.CharField(blank=True, db_default="", help_text="The sequence that suits it", max_length=40),
        ),
        migrations.AddField(
            model_name="lead",
            name="rule_version",
            field=models.PositiveIntegerField(blank=True, help_text="Of the rule book it was scored by", null=True),
        ),
    ]
