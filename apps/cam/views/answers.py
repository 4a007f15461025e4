"""The page of the desk on which a person answers a reply."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.cam import queries
from apps.cam.forms import AnswerForm
from apps.cam.models import InboundEmail
from apps.cam.rules.answers import answer_subject
from apps.cam.rules.templates import TemplateRefused
from apps.cam.services import answering
from apps.cam.services.replies import ReplyRefused
from apps.cam.views.pages import desk_page, show_problems
from apps.shared.desk import page_of


@require_http_methods(["GET", "HEAD", "POST"])
def answer_lead(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a reply and ask for the answer; `preview` shows what would go out, `send` lets it go (`?from=triage`)."""
    if not request.user.has_perm("cam.answer_reply"):
        raise PermissionDenied
    reply = get_object_or_404(queries.replies_to_answer(), pk=pk)
    form = AnswerForm(request.POST or None, initial={"subject": answer_subject(reply.subject)})
    if form.is_valid() and "send" in request.POST and _send(request, reply, form):
        return HttpResponseRedirect(_next(request, reply))
    problem = answering.why_unanswerable(reply)
    context = {"title": f"Answer {reply.lead or reply.from_address}", "form": form, "reply": reply, "problem": problem}
    context["back_url"] = _back(request, reply)
    if not problem:
        mailbox = reply.lead.campaign.mailbox
        text = form.cleaned_data["text"] if form.is_bound and form.is_valid() else ""
        context |= {"mailbox": mailbox, "to": answering.address_of(reply), "is_preview": bool(text.strip())}
        context |= {"preview": answering.preview_answer(reply, text), "subject": form["subject"].value()}
    return desk_page(request, "admin/cam/answer.html", context)


def _send(request: HttpRequest, reply: InboundEmail, form: AnswerForm) -> bool:
    """Answer with what the form says, or say beside its fields why not."""
    said = form.cleaned_data
    try:
        answering.answer_lead(reply, subject=said["subject"], text=said["text"], by=request.user.pk, at=timezone.now())
    except TemplateRefused as refusal:
        show_problems(form, refusal.problems)
    except ReplyRefused as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(request, "The answer goes out within minutes. It stands in the conversation.")
        return True
    return False


def _next(request: HttpRequest, reply: InboundEmail) -> str:
    """Return where somebody goes on who has answered: with the reply behind it, or with the lead."""
    return f"{reverse('triage')}?after={reply.pk}" if request.GET.get("from") == "triage" else page_of(reply.lead)


def _back(request: HttpRequest, reply: InboundEmail) -> str:
    if request.GET.get("from") == "triage":
        return reverse("triage")
    return page_of(reply.lead) if reply.lead else page_of(reply)
