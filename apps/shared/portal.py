"""What the portal's pages share: who may open one, and what a module has to say on the first page.

A module's pages are its `views.py`, named in its `urls.py` as `portal`. What it has to say on the first page are its
`cards`, named there too: functions that take the request and return cards, asked by `aicmo_site.portal`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Literal
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.shared.gateways.typst import DocumentUnavailable
from apps.shared.rest.access import Scope
from apps.shared.rest.files import as_download

log = logging.getLogger(__name__)

Section = Literal["decide", "answer", "work", "ready", "pay"]
"""Where a card stands: to decide, to tell us, what we work on, what is ready, what is to pay."""


@dataclass(frozen=True)
class Card:
    """One thing on the first page: what it is, how it stands, and the page behind it.

    `done` of `parts` draws how far a work is; `at` is when it is due, or came.
    """

    section: Section
    title: str
    text: str = ""
    url: str = ""
    at: datetime | None = None
    done: int = 0
    parts: int = 0


Cards = Callable[[HttpRequest], list[Card]]


def called(person: Any, request: HttpRequest) -> str:
    """Return what a page calls a person: the portal reads names, and e-mail addresses of nobody but who asks."""
    own = request.access.user
    return person.full_name or (str(own) if person.pk == own.pk else _("a colleague"))


def send_pdf(request: HttpRequest, row: Any, name: str, write: Callable[..., bytes]) -> HttpResponse:
    """Send the PDF that `write` makes of a row in the language of the page; or say that it cannot be sent."""
    try:
        content = write(language=get_language() or "en")
    except DocumentUnavailable:
        log.exception("A client could not be given %s", row)
        context = {"what": _("This file cannot be sent right now. We have been told; please ask your contact.")}
        return render(request, "portal/refused.html", context, status=503)
    return as_download(content, name, "application/pdf")


def page(scope: Scope = "read") -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view a page of the portal: strangers log in first, and the access needs the scope.

    The page must be rendered when it is returned (`render`, not a TemplateResponse): afterwards the request's
    transaction, and with it the sight of the client's rows, has ended.
    """

    def protect(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            access = getattr(request, "access", None)
            if access is None and not request.user.is_authenticated:
                return _to_log_in(request)
            if access is None or scope not in access.scopes:
                raise PermissionDenied
            response = view(request, *args, **options)
            response.setdefault("Cache-Control", "private, no-store")
            return response

        return answer

    return protect


def _to_log_in(request: HttpRequest) -> HttpResponse:
    address = f"{reverse('account-login')}?{urlencode({'next': request.get_full_path()})}"
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(address)
    # A part of a page asks: the log-in must not be drawn into it, and what somebody has typed beside it must stay.
    return HttpResponse(headers={"HX-Redirect": address}) if request.method == "GET" else HttpResponse(status=401)
