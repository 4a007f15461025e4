from django.db import migrations

from apps.shared.row_security import ROLE

# A role belongs to the server, not to the database: another database of the server may have made it. Where the
# project's user may not make roles, an administrator makes it once (docs/scaling.md).
MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN NOINHERIT;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- made by another database's migration this very moment
END $$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        GRANT {ROLE} TO CURRENT_USER;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_tokens_links_and_answers")]

    operations = [migrations.RunSQL(MAKE_ROLE, f"REVOKE USAGE ON SCHEMA public FROM {ROLE};")]
