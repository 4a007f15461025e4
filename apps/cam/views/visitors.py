"""Pages for strangers: web forms, and the one button that ends all mails."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from apps.cam import queries
from apps.cam.forms import VisitorForm
from apps.cam.models import LeadForm
from apps.cam.services import doors, wishes
from apps.shared.rest import limits as limit


@csrf_exempt  # it heeds no session: what a forged page could send, anybody may send (docs/decisions/0013)
@xframe_options_exempt  # which sites may frame it stands in the policy
@require_http_methods(["GET", "HEAD", "POST"])
def visit_form(request: HttpRequest, token: str) -> HttpResponse:
    """Show a web form to whoever has its address, and take in what they send; every address is answered the same."""
    form = get_object_or_404(LeadForm.objects.select_related("campaign"), token=token)
    if not form.is_open:
        return _for_visitors(request, form, {"problem": "closed"}, status=410)
    if request.method != "POST":
        return _for_visitors(request, form, {"form": VisitorForm(form)})
    if not _comes_from(request, form):
        return _for_visitors(request, form, {"problem": "foreign"}, status=403)
    limits, whence = settings.FORM_LIMITS, limit.address_of(request)
    is_within = limit.is_within(f"form-from:{whence}", limits["address"])
    if not (is_within and limit.is_within(f"form:{form.pk}", limits["form"])):  # who floods uses up nobody else's
        answer = _for_visitors(request, form, {"problem": "busy"}, status=429)
        answer["Retry-After"] = str(limit.WINDOW)
        return answer
    filled = VisitorForm(form, request.POST)
    if not filled.is_valid():
        return _for_visitors(request, form, {"form": filled}, status=422)
    if not filled.is_of_a_machine:
        doors.submit_form(form, filled.sent(get_language() or ""), at=timezone.now())
    return HttpResponseRedirect(reverse("lead-form-thanks", args=[token]))


@xframe_options_exempt
@require_safe
def thank_visitor(request: HttpRequest, token: str) -> HttpResponse:
    """Thank whoever sent a web form."""
    form = get_object_or_404(LeadForm.objects.select_related("campaign"), token=token)
    return _for_visitors(request, form, {"is_sent": True})


def _comes_from(request: HttpRequest, form: LeadForm) -> bool:
    """Tell whether a page of ours or of a site that the form names sent this; browsers say so, machines need not."""
    origin = request.headers.get("Origin")
    return origin is None or origin in (f"{request.scheme}://{request.get_host()}", *form.origins)


def _for_visitors(request: HttpRequest, form: LeadForm, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = {"lead_form": form, "agency": settings.AGENCY_NAME, **context}
    answer = render(request, "forms/form.html", shown, status=status)
    answer.framed_by = form.origins  # read by aicmo_site.middleware.content_security
    answer["Cache-Control"] = "no-store"
    return answer


@csrf_exempt  # a mail program presses the button (RFC 8058): it has no cookie, and no page that it read before
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the one button and change nothing; a POST takes the wish down at once, whatever stands in it.

    A token that is nobody's is answered alike: the page tells nobody who had a mail of ours.
    """
    if request.method == "POST" and (mail := queries.find_by_token(token)):
        wishes.unsubscribe_by_message(mail, at=timezone.now(), note=f"By the link in the message “{mail}”")
    return render(request, "cam/unsubscribe.html", {"is_done": request.method == "POST"})
