"""The portal's first page: what every module has to say to the client, arranged."""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.shared.portal import Cards, page

SECTIONS = {
    "decide": (_("Needs your decision"), _("Nothing waits for your decision.")),
    "answer": (_("Tell us"), ""),
    "work": (_("What we are working on"), _("We are not working on anything for you right now.")),
    "ready": (_("Ready for you"), _("What we finish for you will be here.")),
    "pay": (_("Invoices"), ""),
}
"""Of the sections, in their order: the heading, and what stands there when there is nothing ("" = no section then)."""

MENU = (
    ("portal-home", _("Overview"), "read"),
    ("portal-reviews", _("Reviews"), "read"),
    ("portal-strategies", _("Strategies"), "read"),
    ("portal-packages", _("Files"), "read"),
    ("portal-reports", _("Reports"), "read"),
    ("portal-intakes", _("Your answers"), "read"),
    ("portal-quotes", _("Quotes"), "billing"),
    ("portal-invoices", _("Invoices"), "billing"),
    ("tokens", _("Access"), "read"),
)
"""The pages that every page leads to: address, name, and the scope that opens it."""


def portal_frame(request: HttpRequest) -> dict[str, Any]:
    """Give the portal's pages what stands around them: the agency's name and the menu."""
    access = getattr(request, "access", None)
    if access is None:
        return {"agency": settings.AGENCY_NAME}
    entries = ({"url": reverse(name), "name": title} for name, title, scope in MENU if scope in access.scopes)
    menu = [entry | {"is_here": entry["url"] == request.path} for entry in entries]
    return {"agency": settings.AGENCY_NAME, "portal_menu": menu}


def home(sources: Iterable[Cards]) -> Callable[[HttpRequest], HttpResponse]:
    """Make the first page of the cards that modules offer."""
    asked = tuple(sources)

    @require_safe
    @page()
    def first_page(request: HttpRequest) -> HttpResponse:
        cards = list(chain.from_iterable(source(request) for source in asked))
        sections = [
            {"key": key, "title": title, "empty": empty, "cards": [card for card in cards if card.section == key]}
            for key, (title, empty) in SECTIONS.items()
        ]
        template = "portal/home_sections.html" if request.headers.get("HX-Request") else "portal/home.html"
        return render(request, template, {"sections": sections, "manager": request.access.account_manager})

    return first_page


def lead_home(request: HttpRequest) -> HttpResponse:
    """Lead whoever comes to the bare address to their first page: staff to the desk, anybody else to the portal."""
    return redirect("admin:index" if request.user.is_staff else "portal-home")
