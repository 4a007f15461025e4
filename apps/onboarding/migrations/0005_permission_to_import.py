from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0004_brief_versions")]

    operations = [
        migrations.AlterModelOptions(
            name="intake",
            options={
                "ordering": ("-submitted_at",),
                "permissions": [("import_intakes", "Can import clients' intakes from a file")],
            },
        ),
    ]
