"""What the site says when it cannot answer: what happened, whether anything was changed, what to do, and an error id.

The id is that of the request, which stands on every line that the request logs (`apps.shared.telemetry`). These pages
ask nobody: not the database, which may be what failed.
"""

import logging
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.shared import telemetry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A page that says why there is no other."""

    status: int
    title: str | Promise
    happened: str | Promise
    changed: str | Promise
    todo: str | Promise
    way_out: tuple[str, str | Promise] = ("admin:index", "Go to the desk")
    template: str = "admin/failure.html"

    def answer(self) -> HttpResponse:
        """Return the page; in plain words where even that cannot be drawn."""
        error_id = telemetry.facts().get("request_id", "")
        context = {"failure": self, "error_id": error_id, "agency": settings.AGENCY_NAME}
        try:
            page = render_to_string(self.template, context)
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


def _for_clients(status: int, title: Promise, happened: Promise, changed: Promise, todo: Promise) -> Failure:
    way_out = ("portal-home", _("To the overview"))
    return Failure(status, title, happened, changed, todo, way_out, "portal/failure.html")


CLIENTS = {
    FORBIDDEN: _for_clients(
        403,
        _("You may not do this"),
        _("Your access does not allow it."),
        _("Nothing was changed."),
        _("Ask your contact at the agency for the right, if you need it."),
    ),
    MISSING: _for_clients(
        404,
        _("There is nothing here"),
        _("The address is wrong, or what was there has been taken back."),
        _("Nothing was changed."),
        _("Your overview leads to all that is there."),
    ),
    BROKEN: _for_clients(
        500,
        _("Something went wrong here"),
        _("It is our fault, not yours."),
        _("What you sent was done wholly or not at all: look before you send it again."),
        _("If it happens again, tell your contact the error id."),
    ),
    TOO_OLD: _for_clients(
        403,
        _("This page is too old"),
        _(
            "It was open for too long, or you have logged in again since, or your browser keeps no cookies for "
            "this site."
        ),
        _("Nothing was changed."),
        _("Go back, reload the page, and send it again."),
    ),
}
"""What clients are told instead, in their language."""


def _for_visitors(failure: Failure) -> Failure:
    clients = CLIENTS[failure]
    todo = _("Go back to where you came from, and try it from there.")
    said = (clients.status, clients.title, clients.happened, clients.changed, todo)
    return Failure(*said, template="forms/failure.html")


VISITORS = {failure: _for_visitors(failure) for failure in CLIENTS}
"""What visitors of web forms and surveys are told: they have no overview to go to."""

NO_CLIENT = Failure(
    403,
    _("The portal is for clients"),
    _("You work at the agency, and act for no client here."),
    "",
    _("Everything about clients is at the desk."),
    ("admin:index", _("Go to the desk")),
    "portal/failure.html",
)


BARE = "portal/nowhere.html"
"""What a page is drawn from where nothing may be loaded: outside of the desk and the portal (`aicmo_site.policies`)."""
ELSEWHERE = {failure: replace(told, template=BARE) for failure, told in CLIENTS.items()}
ELSEWHERE[MISSING] = replace(ELSEWHERE[MISSING], todo=_("One of these leads to what you are looking for:"))


def _told(request: HttpRequest, failure: Failure) -> HttpResponse:
    if request.path_info.startswith(("/forms/", "/survey/")):
        return VISITORS[failure].answer()
    if request.path_info.startswith(("/portal/", "/account/")):
        return CLIENTS[failure].answer()
    if request.path_info.startswith("/admin/"):
        return failure.answer()
    with translation.override(translation.get_language_from_request(request)):  # whoever it is: as their browser asks
        return ELSEWHERE[failure].answer()


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    is_lost = request.path_info.startswith("/portal/") and getattr(request, "access", None) is None
    return NO_CLIENT.answer() if is_lost and request.user.is_staff else _told(request, FORBIDDEN)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, MISSING)


def broken(request: HttpRequest) -> HttpResponse:
    return _told(request, BROKEN)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer what was sent from a page that the site does not recognise as its own."""
    return _told(request, TOO_OLD)
