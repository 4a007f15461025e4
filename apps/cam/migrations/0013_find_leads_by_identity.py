from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes of a large table are made while it is used
    dependencies = [("cam", "0012_fill_identities_of_leads")]

    operations = [
        RemoveIndexConcurrently(
            model_name="lead",
            name="lead_counted",
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("merged_into", None)), fields=["campaign", "state"], name="lead_counted"
            ),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(fields=["identity_key"], name="lead_by_identity"),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("profile_key", ""), _negated=True), fields=["profile_key"], name="lead_by_profile"
            ),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("phone_key", ""), _negated=True), fields=["phone_key"], name="lead_by_phone"
            ),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("colleague_key", ""), _negated=True),
                fields=["colleague_key"],
                name="lead_by_colleague",
            ),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(condition=models.Q(("is_compared", False)), fields=["id"], name="lead_not_compared"),
        ),
        AddIndexConcurrently(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="lead_merged"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(("identity_key", ""), _negated=True), name="lead_has_an_identity"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(
                        models.Q(("merged_into", models.F("id")), _negated=True),
                        models.Q(("contactability", "OK"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lead_merged_is_not_contacted",
            ),
        ),
    ]
