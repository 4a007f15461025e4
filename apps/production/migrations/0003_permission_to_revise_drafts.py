from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("production", "0002_shipped_packs")]

    operations = [
        migrations.AlterModelOptions(
            name="draft",
            options={
                "ordering": ("-created_at",),
                "permissions": [("revise_draft", "Can write sections of drafts anew")],
            },
        ),
    ]
