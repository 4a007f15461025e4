import json
from uuid import UUID

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from apps.cam.rules.identity import identity_of

_SLICE = 2_000
_UPDATE = """
    UPDATE cam_lead SET (identity_key, profile_key, phone_key, colleague_key)
        = (made.identity_key, made.profile_key, made.phone_key, made.colleague_key)
    FROM json_to_recordset(%s) AS made
        (id uuid, identity_key text, profile_key text, phone_key text, colleague_key text)
    WHERE cam_lead.id = made.id AND cam_lead.identity_key = ''
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tell every lead who it is, a slice a transaction: killed on the way, the next try goes on."""
    rows = apps.get_model("cam", "Lead").objects.filter(identity_key="").order_by("pk")
    traits = ("email", "full_name", "linkedin_url", "phone", "country")
    last = UUID(int=0)
    while leads := list(rows.filter(pk__gt=last).values("id", *traits)[:_SLICE]):
        last = leads[-1]["id"]
        made = [
            vars(identity_of(**{name: lead[name] for name in traits}, key=settings.IDENTITY_KEY))
            | {"id": str(lead["id"])}
            for lead in leads
        ]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_UPDATE, [json.dumps(made)])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cam", "0011_identities_of_leads")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
