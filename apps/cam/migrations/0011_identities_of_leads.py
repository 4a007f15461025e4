import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cam", "0010_first_rule_book")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="colleague_key",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="lead",
            name="identity_key",
            field=models.CharField(
                default="", editable=False, help_text="Its address, hashed: `rules.identity`", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="lead",
            name="is_compared",
            field=models.BooleanField(default=False, editable=False, help_text="With all others, for duplicates"),
        ),
        migrations.AddField(
            model_name="lead",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cam.lead",
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="phone_key",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="lead",
            name="profile_key",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="lead",
            name="source",
            field=models.CharField(
                choices=[
                    ("CSV", "File"),
                    ("DISCOVERY", "Discovery"),
                    ("MANUAL", "Manual"),
                    ("REFERRAL", "Referral"),
                    ("FORM", "Web form"),
                    ("API", "API"),
                    ("OTHER", "Other"),
                ],
                max_length=12,
            ),
        ),
    ]
