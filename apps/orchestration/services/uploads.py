"""Keep what somebody sent in, so that a page of its own can show it again."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.orchestration.models import Upload
from apps.shared.models import least_key

KEPT = timedelta(days=7)


@transaction.atomic
def keep_upload(
    content: dict[str, Any], *, purpose: Upload.Purpose, by: UUID, at: datetime, outcome: list[Any] | None = None
) -> Upload:
    """Store what somebody sent in, for them alone; whatever anybody sent in more than a week ago goes."""
    Upload.objects.filter(pk__lt=least_key(at - KEPT)).delete()
    return Upload.objects.create(sent_by_id=by, purpose=purpose, content=content, outcome=outcome)
