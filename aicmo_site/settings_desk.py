"""How the desk looks; nothing of it differs from one machine to another."""

from django.templatetags.static import static
from django.urls import reverse_lazy

UNFOLD = {
    "SITE_TITLE": "AICMO",
    "SITE_HEADER": "AICMO",
    "SITE_SUBHEADER": "The agency's desk",
    "SITE_SYMBOL": "campaign",
    "SHOW_HISTORY": False,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("favicon.svg")}],
    "STYLES": [lambda request: static("desk.css")],
    "SCRIPTS": [lambda request: static("desk.js")],
    "ACCOUNT": {"navigation": [{"title": "Account and second factor", "link": reverse_lazy("account")}]},
    "SIDEBAR": {"show_search": True, "command_search": True},
}
