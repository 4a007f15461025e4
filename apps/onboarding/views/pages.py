"""The list of intakes, the form of one that is still written, and what was sent."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.onboarding import forms, queries, services
from apps.onboarding.models import Attachment, DraftAttachment, Intake, IntakeAttachment, IntakeDraft
from apps.onboarding.rules import AttachmentRefused, BriefImpossible, ScannerAway
from apps.onboarding.rules.attachments import MOST_BYTES, MOST_FILES, download_name
from apps.onboarding.rules.brief import WHAT_TO_ANSWER
from apps.onboarding.views.questions import GROUPS, QUESTIONS, Box, boxes_of
from apps.shared.portal import Card, page
from apps.shared.rest.files import as_download
from apps.shared.rest.views import of_client

ON_A_PAGE = 50
TRIES = 5
"""How often a save begins anew when somebody else saves other answers in the same moment."""


def cards(request: HttpRequest) -> list[Card]:
    """Return what the client still has to tell, for the portal's first page."""
    if not _may_write(request):
        return []
    begun = [
        Card(section="answer", title=_title(draft), text=_answered(draft), url=_url(draft.pk), at=draft.updated_at)
        for draft in _drafts(request)
    ]
    if begun or of_client(Intake.objects.all(), request.access.client_id).exists():
        return begun
    text = _("Some questions, so that we know what to write. You can stop and go on at any time.")
    return [Card(section="answer", title=_("Tell us about your business"), text=text, url=reverse("portal-intakes"))]


def _drafts(request: HttpRequest) -> QuerySet[IntakeDraft]:
    return of_client(IntakeDraft.objects.select_related("client"), request.access.client_id)


def _intakes(request: HttpRequest) -> QuerySet[Intake]:
    return of_client(Intake.objects.all(), request.access.client_id)


def _title(draft: IntakeDraft) -> str:
    begun = date_format(timezone.localtime(draft.created_at), "DATE_FORMAT")
    return _("Your answers, begun on %(date)s") % {"date": begun}


def _answered(draft: IntakeDraft) -> str:
    counts = {"done": len(draft.answers.keys() & QUESTIONS.keys()), "all": len(QUESTIONS)}
    return _("%(done)s of %(all)s questions are answered.") % counts


@require_safe
@page()
def intakes(request: HttpRequest) -> HttpResponse:
    """List what is under way and what was sent, the newest first."""
    begun = [{"row": draft, "title": _title(draft), "answered": _answered(draft)} for draft in _drafts(request)]
    sent = _intakes(request).defer("answers")[:ON_A_PAGE]
    shown = {"begun": begun, "sent": sent, "may_write": _may_write(request)}
    return render(request, "portal/intakes.html", shown)


@require_POST
@page("intake")
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an intake and lead to its questions."""
    access = request.access
    answers = {"client_name": access.client_name}
    try:
        draft = services.open_draft(client_id=access.client_id, answers=answers, by=access.user.pk)
    except services.DraftRefused:
        what = _("There are too many answers under way already. Send or discard one of them first.")
        return render(request, "portal/refused.html", {"what": what}, status=409)
    return HttpResponseRedirect(_url(draft.pk))


@require_safe
@page()
def intake(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Show the questions of an intake that is still written; of one that was sent, and to viewers, what it says."""
    draft = _drafts(request).filter(pk=intake_id).first()
    if draft is None:
        return _sent(request, intake_id)
    return _form(request, draft) if _may_write(request) else _read(request, draft)


def _may_write(request: HttpRequest) -> bool:
    return "intake" in request.access.scopes


def _form(
    request: HttpRequest,
    draft: IntakeDraft,
    boxes: Mapping[str, Box] | None = None,
    *,
    problems: Iterable[str] = (),
    file_problem: str = "",
    status: int = 200,
) -> HttpResponse:
    boxes = boxes or boxes_of(draft.answers, {})
    missing = queries.list_unanswered(draft, at=timezone.now())
    for name, box in boxes.items():
        box.is_needed, box.is_missing = name in WHAT_TO_ANSWER, bool(problems) and name in missing
    context = _completeness(draft, missing) | {
        "draft": draft,
        "title": _title(draft),
        "groups": [(group, [boxes[each.name] for each in group.questions]) for group in GROUPS],
        "files": _files(draft.attachments.defer("extracted_text"), draft.pk),
        "most_files": MOST_FILES,
        "most_bytes": MOST_BYTES,
        "problems": problems,
        "file_problem": file_problem,
    }
    return render(request, "portal/intake.html", context, status=status)


def _completeness(draft: IntakeDraft, missing: Iterable[str]) -> dict[str, Any]:
    answered = len(draft.answers.keys() & QUESTIONS.keys())
    return {"answered": answered, "of": len(QUESTIONS), "missing": [QUESTIONS[name] for name in missing]}


def _files(rows: Iterable[Attachment], intake_id: UUID) -> list[dict[str, Any]]:
    return [{"row": row, "url": reverse("portal-intake-file", args=[intake_id, row.pk])} for row in rows]


def _sent(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    files = Prefetch("attachments", IntakeAttachment.objects.defer("extracted_text"))
    found = get_object_or_404(_intakes(request).prefetch_related(files), pk=intake_id)
    context = {"intake": found, "groups": _said(found.answers), "files": _files(found.attachments.all(), found.pk)}
    return render(request, "portal/intake_sent.html", context)


def _read(request: HttpRequest, draft: IntakeDraft) -> HttpResponse:
    files = _files(draft.attachments.defer("extracted_text"), draft.pk)
    context = {"title": _title(draft), "groups": _said(draft.answers), "files": files}
    return render(request, "portal/intake_sent.html", context)


def _said(answers: Mapping[str, Any]) -> list[tuple[Any, list[Box]]]:
    """Return what was answered, by group; groups without an answer are not there."""
    boxes = boxes_of(answers, {})
    said = [(group, [boxes[each.name] for each in group.questions if boxes[each.name].stored]) for group in GROUPS]
    return [each for each in said if each[1]]


@require_POST
@page("intake")
def save(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Save the answers that were changed, and send them where the button says so.

    What somebody else has changed meanwhile is not overwritten: it is shown beside what was typed, which stays in its
    box, and saving again stores it.
    """
    draft, boxes = _store(request, intake_id)
    if draft is None:
        return _sent_meanwhile(request, intake_id)
    contested = [box for box in boxes.values() if box.is_contested]
    if name := request.headers.get("HX-Request") and request.POST.get("question"):
        return _told(request, draft, boxes.get(name))
    if any(box.is_changed and not box.is_contested for box in boxes.values()):
        what = _("Your answers are too long to be saved. Shorten them, or attach a file instead.")
        return _form(request, draft, boxes, problems=[what], status=400)
    if contested:
        what = _("Somebody else has changed some answers meanwhile. Yours are kept below, where it says so.")
        return _form(request, draft, boxes, problems=[what])
    return _send(request, draft) if "send" in request.POST else _saved(request, draft)


def _store(request: HttpRequest, intake_id: UUID) -> tuple[IntakeDraft | None, dict[str, Box]]:
    """Store what was changed and nobody else has; begin anew while others save in the same moment."""
    for _try in range(TRIES):
        draft = _drafts(request).filter(pk=intake_id).first()
        if draft is None:
            return None, {}
        boxes = boxes_of(draft.answers, request.POST)
        changed = [box for box in boxes.values() if box.is_changed and not box.is_contested]
        answers = {box.question.name: box.question.read(box.typed) for box in changed}
        if not answers:
            return draft, boxes
        try:
            read = forms.parse_answers(answers)
            saved = services.save_answers(draft, read, seen=draft.version, by=request.access.user.pk)
        except (forms.InvalidSubmission, services.DraftRefused):
            return draft, boxes
        except services.DraftChanged:
            continue
        except services.DraftGone:
            return None, {}
        for box in changed:
            box.stored = box.typed
        return saved, boxes
    return draft, boxes


def _told(request: HttpRequest, draft: IntakeDraft, box: Box | None) -> HttpResponse:
    if box is None:
        raise Http404
    context = _completeness(draft, queries.list_unanswered(draft, at=timezone.now()))
    return render(request, "portal/intake_told.html", context | {"box": box, "told": True})


def _saved(request: HttpRequest, draft: IntakeDraft) -> HttpResponse:
    messages.success(request, _("Your answers are saved."))
    return HttpResponseRedirect(_url(draft.pk))


def _send(request: HttpRequest, draft: IntakeDraft) -> HttpResponse:
    missing = queries.list_unanswered(draft, at=timezone.now())
    try:
        if not missing:
            services.submit_draft(draft, at=timezone.now(), by=request.access.user.pk)
    except BriefImpossible as impossible:
        missing = impossible.fields
    except services.DraftGone:
        return HttpResponseRedirect(_url(draft.pk))
    except services.DraftRefused:
        ended = _("Your contract has ended, so that we begin no new work; write to your account manager.")
        return _form(request, draft, problems=[ended])
    if missing:
        # No refusal by its status: what was saved on the way stays saved.
        what = ngettext(
            "One answer is needed before this can be sent. It is marked below.",
            "%(count)s answers are needed before this can be sent. They are marked below.",
            len(missing),
        ) % {"count": len(missing)}
        return _form(request, draft, problems=[what])
    messages.success(request, _("Thank you: your answers have been sent."))
    return HttpResponseRedirect(_url(draft.pk))


@require_POST
@page("intake")
def discard(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Remove an intake that is still written, with its files."""
    draft = _drafts(request).filter(pk=intake_id).first()
    if draft is None:
        return _sent_meanwhile(request, intake_id)
    try:
        services.discard_draft(draft, by=request.access.user.pk)
    except services.DraftGone:
        return HttpResponseRedirect(_url(intake_id))
    messages.success(request, _("The answers are discarded."))
    return HttpResponseRedirect(reverse("portal-intakes"))


@require_POST
@page("intake")
def attach(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Keep a file with an intake that is still written."""
    draft = _drafts(request).filter(pk=intake_id).first()
    if draft is None:
        return _sent_meanwhile(request, intake_id)
    file = request.FILES.get("file")
    if file is None:
        return _form(request, draft, file_problem=_("Choose a file first."), status=400)
    try:
        services.attach_to_draft(draft, name=file.name, content=file.read(MOST_BYTES + 1), by=request.access.user.pk)
    except AttachmentRefused as refusal:
        status = 503 if isinstance(refusal, ScannerAway) else 400
        return _form(request, draft, file_problem=_refusal(file.name, refusal), status=status)
    except services.DraftGone:
        return HttpResponseRedirect(_url(intake_id))
    return HttpResponseRedirect(f"{_url(intake_id)}#files")


def _refusal(name: str, refusal: AttachmentRefused) -> str:
    return _("%(name)s was not taken: %(why)s") % {"name": name, "why": refusal.told(_)}


@require_POST
@page("intake")
def remove_file(request: HttpRequest, intake_id: UUID, file_id: UUID) -> HttpResponse:
    """Take a file off an intake that is still written."""
    rows = of_client(DraftAttachment.objects.select_related("draft"), request.access.client_id)
    attachment = rows.filter(draft_id=intake_id, pk=file_id).first()
    if attachment is None:
        return _sent_meanwhile(request, intake_id)
    with suppress(services.DraftGone):  # sent meanwhile: the page says so
        services.remove_from_draft(attachment, by=request.access.user.pk)
    return HttpResponseRedirect(f"{_url(intake_id)}#files")


@require_safe
@page()
def download(request: HttpRequest, intake_id: UUID, file_id: UUID) -> HttpResponse:
    """Send a file of an intake, as it is kept."""
    attachment = None
    for kind, holder in ((DraftAttachment, "draft_id"), (IntakeAttachment, "intake_id")):
        rows = of_client(kind.objects.defer("extracted_text"), request.access.client_id)
        attachment = attachment or rows.filter(**{holder: intake_id, "pk": file_id}).first()
    if attachment is None:
        raise Http404
    try:
        content = queries.read_attachment(attachment)
    except FileNotFoundError:
        what = _("This file cannot be sent right now. We have been told; please ask your contact.")
        return render(request, "portal/refused.html", {"what": what}, status=503)
    return as_download(content, download_name(attachment.name, attachment.media_type), attachment.media_type)


def _sent_meanwhile(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """Lead to the page of an intake that is not written any more; there is nothing else under such an id."""
    found = _drafts(request).filter(pk=intake_id).exists() or _intakes(request).filter(pk=intake_id).exists()
    if not found:
        raise Http404
    return HttpResponseRedirect(_url(intake_id))


def _url(intake_id: UUID) -> str:
    return reverse("portal-intake", args=[intake_id])
