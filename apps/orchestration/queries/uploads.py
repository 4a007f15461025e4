"""What somebody sent in, found again."""

from uuid import UUID

from apps.orchestration.models import Upload


def find_upload(upload_id: str, *, purpose: Upload.Purpose, by: UUID) -> Upload | None:
    """Return what a person sent in for a purpose; None for anybody else's, and for an id that is none."""
    try:
        wanted = UUID(upload_id)
    except ValueError:
        return None
    return Upload.objects.filter(pk=wanted, purpose=purpose, sent_by=by).first()
