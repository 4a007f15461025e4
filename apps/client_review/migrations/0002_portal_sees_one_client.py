from django.db import migrations

from apps.shared.row_security import lock_rows


class Migration(migrations.Migration):
    dependencies = [("client_review", "0001_reviews"), ("identity", "0005_portal_role")]

    operations = [
        lock_rows("client_review_review", of_client="client_id", may="SELECT, UPDATE"),
        lock_rows("client_review_comment", of_client="review_id -> client_review_review", may="SELECT, INSERT"),
        lock_rows("client_review_revisionrequest", of_client="review_id -> client_review_review", may="SELECT, INSERT"),
        lock_rows("client_review_revisionplan", of_client="review_id -> client_review_review"),
    ]
