"""Serve what is asked for of data: one request after the other, each in one worker at a time."""

import logging
from datetime import datetime

from apps.identity.api import ports as identity
from apps.identity.api.dtos import DataRequest
from apps.orchestration.queries import personal
from apps.orchestration.services.erasing import erase
from apps.orchestration.services.exporting import export

log = logging.getLogger(__name__)


def serve_data_requests(*, at: datetime) -> int:
    """Serve every request that waits for a worker and return how many; one that fails is tried again later."""
    served = 0
    for listed in identity.list_data_requests(at=at):
        request = identity.claim_data_request(request_id=listed.id, at=at)
        if request is None:
            continue
        try:
            _serve(request, at=at)
            served += 1
        except Exception as problem:
            log.exception("The data request %s failed.", request.id)
            identity.note_request_failure(request_id=request.id, problem=f"{type(problem).__name__}: {problem}", at=at)
    return served


def _serve(request: DataRequest, *, at: datetime) -> None:
    if request.kind == "EXPORT":
        export(request, at=at)
    elif request.state == "CONFIRMED":
        erase(request, at=at)
    else:
        preview = personal.preview_of(personal.subject_of(request))
        identity.note_preview(request_id=request.id, preview=preview, at=at)
