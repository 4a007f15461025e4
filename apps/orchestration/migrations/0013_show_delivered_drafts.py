from django.db import migrations

# From here on the reaction `show_delivered_draft` does it.
SHOW = """
UPDATE production_draft AS draft SET shown_at = package.created_at
FROM delivery_package AS package WHERE package.draft_id = draft.id AND draft.shown_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orchestration", "0012_portal_sees_one_client"),
        ("production", "0006_drafts_shown_to_clients"),
        ("delivery", "0004_portal_sees_one_client"),
    ]

    operations = [migrations.RunSQL(SHOW, migrations.RunSQL.noop)]
