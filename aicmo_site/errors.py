"""What the site says when it cannot answer: what happened, whether anything was changed, what to do, and an error id.

The id is that of the request, which stands on every line that the request logs (`apps.shared.telemetry`). These pages
ask nobody: not the database, which may be what failed.
"""

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.shared import telemetry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A page that says why there is no other."""

    status: int
    title: str
    happened: str
    changed: str
    todo: str

    def answer(self) -> HttpResponse:
        """Return the page; in plain words where even that cannot be drawn."""
        error_id = telemetry.facts().get("request_id", "")
        try:
            page = render_to_string("admin/failure.html", {"failure": self, "error_id": error_id})
        except Exception:
            log.exception("The page that says what failed could not be drawn.")
            page = f"{self.title}. {self.happened} {self.changed} {self.todo} Error id: {error_id}"
        return HttpResponse(page, status=self.status)


FORBIDDEN = Failure(
    403,
    "You may not do this",
    "Your role does not allow it, or what you asked for belongs to somebody else.",
    "Nothing was changed.",
    "Ask the owner for the right, if your work needs it.",
)
MISSING = Failure(
    404,
    "There is nothing here",
    "The address is wrong, or what was there has been taken back or archived.",
    "Nothing was changed.",
    "Look for it by its name or id: the search finds clients, runs and packages.",
)
BROKEN = Failure(
    500,
    "Something went wrong here",
    "The desk met something it was not made for; it is our fault, not yours.",
    "What you sent was done wholly or not at all: look before you send it again.",
    "If it happens again, tell whoever runs the site the error id.",
)
TOO_OLD = Failure(
    403,
    "This page is too old",
    "It was open for too long, or you have logged in again since, or your browser keeps no cookies for this site.",
    "Nothing was changed.",
    "Go back, reload the page, and send it again.",
)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return FORBIDDEN.answer()


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return MISSING.answer()


def broken(request: HttpRequest) -> HttpResponse:
    return BROKEN.answer()


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer what was sent from a page that the site does not recognise as its own."""
    return TOO_OLD.answer()
