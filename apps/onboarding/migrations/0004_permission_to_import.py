from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_intake_attachments")]

    operations = [
        migrations.AlterModelOptions(
            name="intake",
            options={
                "ordering": ("-submitted_at",),
                "permissions": [("import_intakes", "Can import clients' intakes from a file")],
            },
        ),
    ]
