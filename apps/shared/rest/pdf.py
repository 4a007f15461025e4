"""Documents that a program asks for: what they are sent as, and what it is told when they cannot be made."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer

from apps.shared.gateways.typst import DocumentUnavailable
from apps.shared.rest.files import as_download

log = logging.getLogger(__name__)


class Unavailable(APIException):
    """It is here, and cannot be given at the moment."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The document cannot be made at present; try again, or write to your account manager."
    default_code = "unavailable"


class PdfRenderer(JSONRenderer):
    """Lets a program accept PDFs; refusals are written as JSON all the same."""

    media_type = "application/pdf"
    format = "pdf"


PDF = extend_schema(
    responses={
        (200, "application/octet-stream"): OpenApiTypes.BINARY,
        503: OpenApiResponse(description="It cannot be made at present."),
    }
)


def send_pdf(row: Any, name: str, write: Callable[[], bytes]) -> HttpResponse:
    """Send the PDF that `write` makes of a row, under a name. Raises Unavailable."""
    try:
        content = write()
    except DocumentUnavailable as problem:
        log.exception("A client could not be given %s", row)
        raise Unavailable from problem
    return as_download(content, name, "application/pdf")
