"""Pages of the desk that show no table: starting a run, importing intakes, and the vendors' breakers.

And what the portal's first page says of a client's work.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from redis import RedisError

from apps.identity.api.ports import ClientEnded
from apps.onboarding.api import ports as onboarding
from apps.onboarding.api.ports import BriefImpossible, SubmissionKeyTaken
from apps.orchestration.forms import ERROR_COLUMN, ImportForm, StartForm
from apps.orchestration.models import Upload, WorkflowRun
from apps.orchestration.queries import portal
from apps.orchestration.queries.uploads import find_upload
from apps.orchestration.services import imports
from apps.orchestration.services.breakers import close_breaker, hold_breaker
from apps.orchestration.services.imports import Line
from apps.orchestration.services.intake import UnknownPack, submit_intake
from apps.orchestration.services.start import KeyReused, WrongInputs
from apps.orchestration.services.uploads import keep_upload
from apps.shared.admin import readable, words
from apps.shared.gateways.tables import MOST_BYTES, MOST_ROWS, Table, write_csv
from apps.shared.portal import Card
from apps.shared.resilience import list_breakers
from apps.shared.rest.views import of_client

PREVIEWED = ("objectives", "audiences", "offers", "scope", "budget", "brand", "forbidden_claims", "banned_words")
"""What a person checks before the work begins."""
NOT_STARTED = (SubmissionKeyTaken, KeyReused, WrongInputs, UnknownPack, ClientEnded)

UPLOAD = "upload"
"""What an address names what was sent in by."""
Purpose = Upload.Purpose

DEEDS = {"hold": hold_breaker, "close": close_breaker}

SHOWN_WORK = 10
SHOWN_AFTER_ITS_END = timedelta(days=7)


def cards(request: HttpRequest) -> list[Card]:
    """Return how the client's work stands, for the portal's first page; what has ended is shown for a week."""
    runs = of_client(portal.shown_since(timezone.now() - SHOWN_AFTER_ITS_END), request.access.client_id)
    return [_card(portal.progress_of(run)) for run in runs[:SHOWN_WORK]]


def _card(progress: portal.Progress) -> Card:
    said = {
        portal.WAITING_FOR_YOU: _("It waits for your decision."),
        portal.DONE: _("Done."),
        portal.STOPPED: _("We have stopped this work. Your contact tells you why."),
    }
    goes_on = progress.state in (portal.IN_WORK, portal.WAITING_FOR_YOU)
    return Card(
        section="work",
        title=str(progress.title),
        text=said.get(progress.state) or str(progress.doing),
        done=progress.steps_done if goes_on else 0,
        parts=progress.steps if goes_on else 0,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Take in a client's submission, show what it would become, and start its run once that is confirmed.

    What is to be looked at is kept, and shown at an address of its own.
    """
    if not request.user.has_perm("orchestration.start_run"):
        raise PermissionDenied
    form, shown = StartForm(request.POST or None, request.FILES or None), {}
    if form.is_valid() and _is_theirs(request, form):
        shown = _preview(form)
        if "start" not in request.POST or "brief" not in shown:
            return _to_look_at(request, "start-run", Purpose.START, form.looked_at)
        if run := _submit(request, form):
            return HttpResponseRedirect(reverse("admin:orchestration_workflowrun_change", args=[run.pk]))
    elif kept := _kept(request, Purpose.START):
        sent = StartForm(kept.content)
        if sent.is_valid() and _is_theirs(request, sent):
            form, shown = StartForm(initial=sent.looked_at | {"text": ""}), _preview(sent)
        else:
            form = sent
    context = {**admin.site.each_context(request), "title": "Start a run", "form": form, **shown}
    return TemplateResponse(request, "admin/orchestration/start.html", context)


def _to_look_at(
    request: HttpRequest, page: str, purpose: Purpose, content: dict[str, Any], outcome: list[Any] | None = None
) -> HttpResponse:
    """Keep what was sent in, and lead to the address that shows it, however often that is loaded."""
    wishes = {"purpose": purpose, "by": request.user.pk, "at": timezone.now(), "outcome": outcome}
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({UPLOAD: keep_upload(content, **wishes).pk})}")


def _kept(request: HttpRequest, purpose: Purpose) -> Upload | None:
    """Return what this person sent in before, where an address names it; say so where it is not there."""
    if request.method == "POST" or UPLOAD not in request.GET:
        return None
    kept = find_upload(request.GET[UPLOAD], purpose=purpose, by=request.user.pk)
    if kept is None:
        messages.warning(request, "What you looked at is not kept any more. Send it in again.")
    return kept


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
    known = {"client": submission.client, **form.looked_at}
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
    """Take in a table of intakes, show what would become of each row, and capture the good ones on confirmation.

    What is to be looked at is kept, and so is what became of it; both are shown at an address of their own.
    """
    if not request.user.has_perm("onboarding.import_intakes"):
        raise PermissionDenied
    form, shown = ImportForm(request.POST or None, request.FILES or None), {}
    if form.is_valid():
        return _take_in(request, form.cleaned_data["table"])
    if kept := _kept(request, Purpose.IMPORT):
        shown = _taken_in(request, kept)
    limits = {"most_kilobytes": MOST_BYTES // 1000, "most_rows": MOST_ROWS}
    context = {**admin.site.each_context(request), **limits, **shown, "title": "Import intakes", "form": form}
    context["columns"] = onboarding.list_columns()
    return TemplateResponse(request, "admin/orchestration/import.html", context)


def _take_in(request: HttpRequest, table: Table) -> HttpResponse:
    """Import a table where that was confirmed, and lead to what became of it, or would; or send what is refused."""
    wishes = {"at": timezone.now(), "theirs": _theirs(request)}
    if "refused" in request.POST:
        return _download("refused-intakes.csv", *_refused_rows(table, imports.preview_intakes(table, **wishes)))
    outcome = None
    if "import" in request.POST:
        outcome = [asdict(line) for line in imports.import_intakes(table, by=request.user.pk, **wishes)]
    return _to_look_at(request, "import-intakes", Purpose.IMPORT, table.model_dump(mode="json"), outcome)


def _taken_in(request: HttpRequest, kept: Upload) -> dict[str, Any]:
    """Return what became of each row of a table that was sent in, or what would."""
    table = Table.model_validate(kept.content)
    if kept.outcome is None:
        lines = imports.preview_intakes(table, at=timezone.now(), theirs=_theirs(request))
    else:
        lines = tuple(Line(**line) for line in kept.outcome)
    return {"is_done": kept.outcome is not None, "table": table, "lines": lines, **_counts(lines)}


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
