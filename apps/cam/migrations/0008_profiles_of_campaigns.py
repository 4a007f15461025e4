from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cam", "0007_ratings"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="campaign",
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("create_campaign", "Can create a campaign"),
                    ("run_campaign", "Can activate, pause, resume and complete a campaign"),
                    ("edit_profile", "Can say whom a campaign looks for"),
                ],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="profile",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Whom it looks for (rules.rulebooks.Profile)",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="scoring_asked_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when somebody waits for its new leads to be scored", null=True
            ),
        ),
    ]
