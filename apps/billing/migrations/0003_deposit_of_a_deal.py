from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0002_portal_sees_one_client"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="deal_id",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="Of the deal whose deposit it asks for, once",
                null=True,
                unique=True,
            ),
        ),
    ]
