from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0002_renewals_whose_day_comes_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="signal",
            name="currency",
            field=models.CharField(blank=True, default="", help_text="Of a value that is money", max_length=3),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="signal",
            name="value",
            field=models.DecimalField(decimal_places=4, max_digits=18, null=True),
        ),
    ]
