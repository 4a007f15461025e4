"""Pages of the desk that show no table: starting a run, importing intakes, and the vendors' breakers."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods
from redis import RedisError

from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.ports import BriefImpossible, SubmissionKeyTaken
from apps.orchestration.forms import ERROR_COLUMN, ImportForm, StartForm
from apps.orchestration.models import WorkflowRun
from apps.orchestration.services import imports
from apps.orchestration.services.breakers import close_breaker, hold_breaker
from apps.orchestration.services.imports import Line
from apps.orchestration.services.intake import UnknownPack, submit_intake
from apps.orchestration.services.start import KeyReused, WrongInputs
from apps.shared.admin import readable, words
from apps.shared.gateways.tables import MOST_BYTES, MOST_ROWS, Table, write_csv
from apps.shared.resilience import list_breakers

PREVIEWED = ("objectives", "audiences", "offers", "scope", "budget", "brand", "forbidden_claims", "banned_words")
"""What a person checks before the work begins."""
NOT_STARTED = (SubmissionKeyTaken, KeyReused, WrongInputs, UnknownPack)

DEEDS = {"hold": hold_breaker, "close": close_breaker}


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Take in a client's submission, show what it would become, and start its run once that is confirmed."""
    if not request.user.has_perm("orchestration.start_run"):
        raise PermissionDenied
    form = StartForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {}
    if form.is_valid() and _is_theirs(request, form):
        shown = _preview(form)
        if "start" in request.POST and "brief" in shown and (run := _submit(request, form)):
            return HttpResponseRedirect(reverse("admin:orchestration_workflowrun_change", args=[run.pk]))
    context = {**admin.site.each_context(request), "title": "Start a run", "form": form, **shown}
    return TemplateResponse(request, "admin/orchestration/start.html", context)


def _is_theirs(request: HttpRequest, form: StartForm) -> bool:
    """Tell whether a person may work for the client of a submission; say so on the page where not."""
    name = form.cleaned_data["submission"].client.name
    if request.user.sees_every_client or request.user.visible_clients().filter(name__iexact=name).exists():
        return True
    form.add_error(None, f"{name} is no client of yours. Ask whoever opens clients to make you its account manager.")
    return False


def _preview(form: StartForm) -> dict[str, Any]:
    """Return what a submission would become, or why it cannot become anything."""
    submission = form.cleaned_data["submission"]
    known = {"client": submission.client, "text": form.cleaned_data["text"]}
    try:
        brief = onboarding.preview_brief(submission=submission, at=timezone.now())
    except BriefImpossible as impossible:
        return {**known, "impossible": str(impossible)}
    said = brief.model_dump(mode="json")
    facts = {words(name): readable(said[name]) for name in PREVIEWED if said[name]}
    return {**known, "brief": brief, "facts": facts}


def _submit(request: HttpRequest, form: StartForm) -> WorkflowRun | None:
    """Start the run, or say on the page why it was not."""
    wishes = {name: form.cleaned_data[name] for name in ("workflow", "pack")} | {"key": form.key}
    try:
        run = submit_intake(form.cleaned_data["submission"], **wishes, at=timezone.now(), by=request.user.pk)
    except NOT_STARTED as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "The run has begun. This page follows it.")
    return run


@require_http_methods(["GET", "HEAD", "POST"])
def import_intakes(request: HttpRequest) -> HttpResponse:
    """Take in a table of intakes, show what would become of each row, and capture the good ones on confirmation."""
    if not request.user.has_perm("onboarding.import_intakes"):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {}
    if form.is_valid():
        table = form.cleaned_data["table"]
        is_confirmed = "import" in request.POST
        if is_confirmed:
            lines = imports.import_intakes(table, at=timezone.now(), by=request.user.pk, theirs=_theirs(request))
        else:
            lines = imports.preview_intakes(table, at=timezone.now(), theirs=_theirs(request))
        if "refused" in request.POST:
            return _download("refused-intakes.csv", *_refused_rows(table, lines))
        shown = {"is_done": is_confirmed, "table": table, "lines": lines, **_counts(lines)}
    limits = {"most_kilobytes": MOST_BYTES // 1000, "most_rows": MOST_ROWS}
    context = {**admin.site.each_context(request), **limits, **shown, "title": "Import intakes", "form": form}
    context["columns"] = onboarding.list_columns()
    return TemplateResponse(request, "admin/orchestration/import.html", context)


def _theirs(request: HttpRequest) -> set[UUID] | None:
    """Return the clients a person is limited to, None for whoever sees every client."""
    if request.user.sees_every_client:
        return None
    return set(request.user.visible_clients().values_list("pk", flat=True))


@require_http_methods(["GET", "HEAD"])
def import_template(request: HttpRequest) -> HttpResponse:
    """Send an empty table with the columns of the intake form."""
    if not request.user.has_perm("onboarding.import_intakes"):
        raise PermissionDenied
    return _download("intakes.csv", [column.name for column in onboarding.list_columns()], [])


def _counts(lines: tuple[Line, ...]) -> dict[str, int]:
    outcomes = [line.outcome for line in lines]
    return {f"{outcome.lower()}_count": outcomes.count(outcome) for outcome in ("NEW", "KNOWN", "REFUSED")}


def _refused_rows(table: Table, lines: tuple[Line, ...]) -> tuple[list[str], list[list[str]]]:
    """Return the refused rows as they came, each with what is wrong with it in a column of its own."""
    wrong = {line.number: line.problems for line in lines if line.problems}
    rows = [
        [*table.rows[number], "; ".join(f"{column} {problem}" for column, problem in problems.items())]
        for number, problems in wrong.items()
    ]
    return [*table.headers, ERROR_COLUMN], rows


def _download(name: str, headers: list[str], rows: list[list[str]]) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        write_csv(headers, rows), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


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
