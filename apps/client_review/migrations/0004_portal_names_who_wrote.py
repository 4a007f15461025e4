from django.db import migrations

from apps.shared.row_security import widen_rows


class Migration(migrations.Migration):
    """Who wrote to a client, or decided for it, is named to it: staff, and those who have left."""

    dependencies = [("client_review", "0003_notices"), ("identity", "0010_portal_sees_names")]

    operations = [
        widen_rows(
            "identity_user",
            before=("id <- identity_membership.user_id",),
            by=("id <- client_review_comment.author_id", "id <- client_review_review.decided_by_id"),
        ),
    ]
