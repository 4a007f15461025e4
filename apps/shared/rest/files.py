"""Handing files out so that a browser neither shows nor guesses nor runs what is in them."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header


def as_download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return a file as an attachment under its name."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def as_download_if_any(content: str, name: str, content_type: str) -> HttpResponse:
    """Return a text as an attachment under its name. Raises Http404 where there is none."""
    if not content:
        raise Http404
    return as_download(content.encode(), name, content_type)
