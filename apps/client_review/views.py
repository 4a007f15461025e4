"""The portal's pages of reviews: read exactly what is asked about, remark, and decide."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_fsm import TransitionNotAllowed

from apps.client_review import queries, rules, services
from apps.client_review.api.dtos import Decision
from apps.client_review.forms import ChangesForm, CommentForm, VerdictForm
from apps.client_review.models import Comment, Review
from apps.shared.portal import Card, called, page
from apps.shared.rest.views import of_client

ON_A_PAGE = 50
STATES = {
    "SENT": gettext_noop("Waits for your decision"),
    "APPROVED": gettext_noop("Approved"),
    "CHANGES_REQUESTED": gettext_noop("Changes requested"),
    "REJECTED": gettext_noop("Rejected"),
    "EXPIRED": gettext_noop("The time to decide is over"),
}


def cards(request: HttpRequest) -> list[Card]:
    """Return what waits for the client's decision, for the portal's first page."""
    return [
        Card(
            section="decide",
            title=review.title,
            text=_round(review),
            url=reverse("portal-review", args=[review.pk]),
            at=review.due_at,
        )
        for review in _of(request).titled().filter(state=Review.State.SENT).order_by("due_at")
    ]


def _of(request: HttpRequest) -> QuerySet[Review]:
    rows = queries.with_decider(Review.objects.exclude(state=Review.State.WITHDRAWN))
    return of_client(rows, request.access.client_id)


def _round(review: Review) -> str:
    agreed = review.client.included_revision_rounds + 1
    if review.round > agreed:
        return _("Round %(round)s") % {"round": review.round}
    return _("Round %(round)s of %(agreed)s") % {"round": review.round, "agreed": agreed}


@require_safe
@page()
def reviews(request: HttpRequest) -> HttpResponse:
    """List what the client was asked about, the newest first."""
    found = [
        {"row": review, "title": review.title, "round": _round(review), "state": _(STATES[review.state])}
        for review in _of(request).titled()[:ON_A_PAGE]
    ]
    return render(request, "portal/reviews.html", {"reviews": found})


@require_safe
@page()
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Show exactly the version to decide on, what changed since the last one, and what was said about it."""
    return _page(request, get_object_or_404(_of(request), pk=review_id))


def _page(request: HttpRequest, found: Review, *, refusal: str = "", status: int = 200) -> HttpResponse:
    before = queries.find_round_before(found)
    shown, comments = found.shown, list(queries.with_authors(found.comments.all()))
    for each in comments:
        each.who = called(each.author, request)
    sections = [queries.remarked(section, comments) for section in shown.sections]
    whole = "".join(section.html for section in sections)
    context = {
        "review": found,
        "shown": shown,
        "round": _round(found),
        "state": _(STATES[found.state]),
        "decider": called(found.decided_by, request) if found.decided_by else "",
        "may_decide": found.state == Review.State.SENT and "review" in request.access.scopes,
        "sections": sections,
        "general": [queries.Remark.of(comment, whole) for comment in comments if not comment.section],
        "requests": found.requests.all(),
        "changed": rules.differing_sections(queries.get_shown(before.pk), shown) if before else (),
        "before": before,
        "refusal": refusal,
        "priorities": {"MUST": _("must"), "SHOULD": _("should"), "COULD": _("could")},
    }
    return render(request, "portal/review.html", context, status=status)


@require_POST
@page("review")
def comment(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Store a remark and lead back to the section it is about."""
    found = get_object_or_404(_of(request), pk=review_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refusal=_("Write your remark first."), status=400)
    try:
        services.comment_on_review(found, side=Comment.Side.CLIENT, by=request.access.user.pk, **form.cleaned_data)
    except TransitionNotAllowed:
        return _page(request, _again(found), refusal=_("This was decided in the meantime."), status=409)
    messages.success(request, _("Your remark is stored."))
    section = form.cleaned_data["section"]
    return HttpResponseRedirect(f"{_url(found)}#{section or 'remarks'}")


@require_http_methods(["GET", "HEAD", "POST"])
@page("review")
def changes(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Ask for changes, section by section."""
    found = get_object_or_404(_of(request), pk=review_id)
    form = ChangesForm(found.shown.sections, request.POST or None, initial={"draft_sha256": found.draft_sha256})
    if form.is_valid():
        return _decided(request, found, form.decision)
    context = {"review": found, "form": form, "round": _round(found)}
    return render(request, "portal/review_changes.html", context, status=400 if form.is_bound else 200)


@require_POST
@page("review")
def decide(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Approve or reject what the page showed."""
    found = get_object_or_404(_of(request), pk=review_id)
    form = VerdictForm(request.POST)
    if not form.is_valid():
        return _page(request, found, refusal=" ".join(each for errors in form.errors.values() for each in errors))
    return _decided(request, found, Decision(**form.cleaned_data))


def _decided(request: HttpRequest, found: Review, decision: Decision) -> HttpResponse:
    try:
        services.record_decision(found, decision, by=request.access.user.pk, at=timezone.now())
    except TransitionNotAllowed as refusal:
        return _page(request, _again(found), refusal=_refusal(refusal), status=409)
    messages.success(request, _said(decision.verdict))
    return HttpResponseRedirect(_url(found))


def _refusal(refusal: TransitionNotAllowed) -> str:
    if isinstance(refusal, services.StaleDecision):
        return _("There is a newer version than the one you saw. Please read it, then decide.")
    return _("This cannot be decided any more. Below is how it stands.")


def _said(verdict: str) -> str:
    return {
        "APPROVED": _("Thank you: you have approved this version. We go on from here."),
        "CHANGES_REQUESTED": _("Thank you: we change what you named, and ask you again."),
        "REJECTED": _("You have rejected this version. We will be in touch."),
    }[verdict]


def _again(found: Review) -> Review:
    return queries.with_decider(Review.objects.all()).get(pk=found.pk)


def _url(found: Review) -> str:
    return reverse("portal-review", args=[found.pk])
