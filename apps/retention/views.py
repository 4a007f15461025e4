"""The page behind the link of a survey."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.retention import queries, services
from apps.retention.forms import SurveyForm
from apps.retention.models import Survey


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question and change nothing, for scanners of mail follow links; a POST answers it, once.

    A link that is nobody's, one that is used up and one that is too old are answered alike.
    """
    asked = queries.find_survey(services.hash_of(token))
    with translation.override((asked and asked.language) or translation.get_language()):
        if asked is None or not asked.is_open(timezone.now()):
            return _page(request, asked, {"is_over": True}, status=410)
        if request.method != "POST":
            return _page(request, asked, {"form": SurveyForm()})
        form = SurveyForm(request.POST)
        if not form.is_valid():
            return _page(request, asked, {"form": form}, status=422)
        try:
            services.answer_survey(asked, **form.cleaned_data, at=timezone.now())
        except services.SurveyRefused:
            return _page(request, asked, {"is_over": True}, status=410)
        return _page(request, asked, {"is_done": True})


def _page(request: HttpRequest, asked: Survey | None, context: dict, status: int = 200) -> HttpResponse:
    shown = {"survey": asked, "agency": settings.AGENCY_NAME, **context}
    return render(request, "retention/survey.html", shown, status=status)
