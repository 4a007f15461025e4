from django.db import migrations


class Migration(migrations.Migration):
    """What words are compared by when one is written wrongly: as pg_trgm does, which not every server has."""

    dependencies = [("learning", "0004_judged_sections_and_lessons")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION learning_trigrams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
                SELECT ARRAY(
                    SELECT DISTINCT substr(padded, place, 3)
                    FROM (SELECT '  ' || lower(word) || ' ' AS padded) of_word,
                        generate_series(1, length(padded) - 2) AS place
                )
            $$
            """,
            "DROP FUNCTION learning_trigrams(text)",
        ),
    ]
