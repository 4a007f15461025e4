"""Pages of the desk that show no table."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from redis import RedisError

from apps.orchestration.services.breakers import close_breaker, hold_breaker
from apps.shared.resilience import list_breakers

DEEDS = {"hold": hold_breaker, "close": close_breaker}


class BreakerForm(forms.Form):
    """Which breaker to set, how, and why."""

    breaker = forms.ChoiceField()
    deed = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS])
    reason = forms.CharField(max_length=200, error_messages={"required": "Say why."})

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["breaker"].choices = [(report.name, report.name) for report in list_breakers()]


@require_http_methods(["GET", "HEAD", "POST"])
def breakers(request: HttpRequest) -> HttpResponse:
    """Show how the vendors' breakers stand; hold one open or close it, with a reason."""
    if not request.user.has_perm("orchestration.view_controlflag"):
        raise PermissionDenied
    may_set = request.user.has_perm("orchestration.set_control_flag")
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied
        _set(request)
        return HttpResponseRedirect(reverse("breakers"))
    context = {
        **admin.site.each_context(request),
        "title": "Breakers",
        "reports": list_breakers(),
        "may_set": may_set,
    }
    return TemplateResponse(request, "admin/orchestration/breakers.html", context)


def _set(request: HttpRequest) -> None:
    form = BreakerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(message for errors in form.errors.values() for message in errors))
        return
    name, deed = form.cleaned_data["breaker"], form.cleaned_data["deed"]
    try:
        DEEDS[deed](name, by=request.user.pk, reason=form.cleaned_data["reason"], at=timezone.now())
    except RedisError:
        messages.error(request, "Redis does not answer, so nothing was changed. Try again when it does.")
    else:
        messages.success(request, f"The breaker of {name} is {'held open' if deed == 'hold' else 'closed'}.")
