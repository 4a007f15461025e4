"""The account manager's desk: what is in front of clients, what they said, and what follows."""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django_fsm import TransitionNotAllowed

from apps.client_review import services
from apps.client_review.api.dtos import ShownDraft
from apps.client_review.forms import DecisionForm
from apps.client_review.models import Comment, Notice, Review
from apps.client_review.queries import Remark, find_round_before, get_shown, notices_of, remarked, rounds_of
from apps.client_review.rules import rounds_beyond
from apps.shared.admin import (
    CLIENT_FILTER,
    CREATED_FILTER,
    Button,
    DocumentAdmin,
    TransitionAdmin,
    admin_link,
    badge,
    client_link,
    compare_texts,
    link_column,
    run_link,
    state_column,
)
from apps.shared.desk import Need, needs_filter, of_clients_called

_POST_FIELDS = ("platform", "theme", "format", "hook", "caption", "call_to_action")
State = Review.State


def _now(service: Any, review: Review, **arguments: Any) -> Review:
    return service(review, at=timezone.now(), **arguments)


def _answer(review: Review, *, by: UUID, reason: str) -> Comment:
    return services.comment_on_review(review, side=Comment.Side.STAFF, text=reason, by=by)


def _is_sent(review: Review) -> bool:
    return review.state == State.SENT


def _is_unanswered(review: Review) -> bool:
    return review.state in (State.SENT, State.EXPIRED)


def _needs_leave(review: Review) -> bool:
    is_beyond = rounds_beyond(review.round, review.client.included_revision_rounds)
    return review.state == State.CHANGES_REQUESTED and bool(is_beyond) and review.allowed_at is None


def _press(review: Review) -> str:
    """Say how pressing a review is."""
    reminded = f" Reminded {timesince(review.reminded_at)} ago." if review.reminded_at else " Remind them."
    if review.state == State.EXPIRED:
        return "Nobody decided in time. Extend or withdraw it."
    if review.due_at <= timezone.now():
        return f"Overdue for {timesince(review.due_at)}.{reminded}"
    return f"Due in {timeuntil(review.due_at)}.{reminded}"


def _asked(review: Review) -> str:
    return "; ".join(f"{each.section}: {each.change}" for each in review.requests.all())[:300]


PRESSING = Need(
    key="due",
    title="Clients to remind of their review",
    permissions=("client_review.remind_reviewer", "client_review.extend_review"),
    narrow=lambda reviews: (
        reviews.pressing(timezone.now()).select_related("client").defer("content").order_by("due_at")
    ),
    why=_press,
    since=lambda review: review.due_at,
)
BEYOND = Need(
    key="beyond",
    title="Revision rounds over the agreed number",
    permissions=("client_review.allow_further_round",),
    narrow=lambda reviews: reviews.beyond_agreed().select_related("client").defer("content").order_by("pk"),
    why=lambda review: f"{review.client.included_revision_rounds} were agreed; the run waits.",
    since=lambda review: review.decided_at,
)
IN_REVISION = Need(
    key="changes",
    title="Changes clients asked for",
    permissions=("client_review.change_review", "production.revise_draft"),
    narrow=lambda reviews: (
        reviews.in_revision().select_related("client").defer("content").prefetch_related("requests").order_by("pk")
    ),
    why=_asked,
    since=lambda review: review.decided_at,
)


# --- the page ---------------------------------------------------------------------------------------------------------


def _review_page(review: Review, *, may_decide: bool) -> dict[str, Any]:
    """Return what the page of a review shows: exactly the version that was sent, and what was said about it."""
    shown, comments = get_shown(review.pk), list(review.comments.select_related("author"))
    headings = {section.key: section.heading for section in shown.sections}
    rounds = list(rounds_of(review))
    sections = [remarked(section, comments) for section in shown.sections]
    whole = "".join(section.html for section in sections)
    return {
        "review": review,
        "state": badge(review.state),
        "sha": review.draft_sha256[:12],
        "agreed": review.client.included_revision_rounds,
        "is_overdue": review.state == State.SENT and review.due_at <= timezone.now(),
        "waits_for_leave": _needs_leave(review),
        "decide_url": may_decide
        and _is_sent(review)
        and reverse("admin:client_review_review_decide", args=[review.pk]),
        "requests": [(headings.get(each.section, each.section), each) for each in review.requests.all()],
        "rounds": [_round(each, review, previous) for previous, each in zip([None, *rounds], rounds, strict=False)],
        "sections": sections,
        "general": [Remark.of(comment, whole) for comment in comments if comment.section not in headings],
        "calendar": shown.calendar,
        "notices": (notices := list(notices_of(review.pk))),
        "in_doubt": [each for each in notices if each.state in Notice.IN_DOUBT],
    }


def _round(row: Review, shown: Review, previous: Review | None) -> dict[str, Any]:
    """Return one line of the timeline: who decided what, about which version, and what it led to."""
    return {
        "row": row,
        "name": str(row) if row.pk == shown.pk else admin_link("client_review.review", row.pk, str(row)),
        "state": badge(row.state),
        "sha": row.draft_sha256[:12],
        "plan": getattr(row, "plan", None),
        "compare_url": previous and reverse("admin:client_review_review_compare", args=[row.pk, previous.pk]),
    }


def _texts(shown: ShownDraft) -> dict[str, str]:
    """Return a version as plain texts to compare, one per section, its calendar last."""
    posts = (
        " · ".join((f"{post.date:%a %d %b}", *(getattr(post, name) for name in _POST_FIELDS)))
        for post in shown.calendar
    )
    sections = {f"{section.heading} ({section.key})": section.markdown for section in shown.sections}
    return {**sections, "Content calendar": "\n".join(posts)}


@admin.display(description="round", ordering="round")
def round_of_agreed(review: Review) -> str:
    """Say which round it is, and how many the client has agreed to see."""
    return f"{review.round} of {review.client.included_revision_rounds + 1}"


REFUSED = (TransitionNotAllowed, services.ReasonMissing)


def _button(name: str, label: str, service: Any, offered: Any, explanation: str, question: str = "Reason") -> Button:
    """Make a button that asks a question, whose service has the same name as its permission."""
    return Button(
        name=name,
        label=label,
        service=service,
        permission=f"client_review.{name}",
        offered=offered,
        explanation=explanation,
        asks_reason=True,
        question=question,
        refusals=REFUSED,
        explains=True,
    )


def _buttons() -> Iterator[Button]:
    yield _button(
        "remind_reviewer",
        "Reminded",
        partial(_now, services.remind_reviewer),
        _is_sent,
        "Note that you have reminded the client yourself, by telephone for example. Nothing is sent from here.",
        "Whom did you remind, and how?",
    )
    yield _button(
        "extend_review",
        "Extend",
        partial(_now, services.extend_review),
        _is_unanswered,
        "The client gets five days more; a review that has expired is open again.",
    )
    yield _button(
        "comment_on_review",
        "Comment",
        _answer,
        _is_unanswered,
        "The client sees your remark beside the draft.",
        "Remark",
    )
    yield _button(
        "allow_further_round",
        "Allow the round",
        partial(_now, services.allow_further_round),
        _needs_leave,
        "The agreed rounds are used up. The changes are made all the same, and the run goes on.",
    )
    yield _button(
        "expire_review",
        "Close the review",
        partial(_now, services.expire_review),
        _is_sent,
        "The client cannot decide any more until you extend it. The run waits.",
    )
    yield _button(
        "withdraw_review",
        "Withdraw",
        partial(_now, services.withdraw_review),
        _is_unanswered,
        "The client is not asked any more, and the run that sent the draft is taken back.",
    )


@admin.register(Review)
class ReviewAdmin(DocumentAdmin, TransitionAdmin):
    """A review to read: exactly what the client sees, what was said beside it, and the rounds of the work."""

    list_display = (
        "__str__",
        client_link,
        state_column(),
        round_of_agreed,
        "sent_at",
        "due_at",
        "decided_by",
        run_link,
    )
    needs = (PRESSING, BEYOND, IN_REVISION)
    client_tab = "Reviews"
    list_filter = ("state", needs_filter(needs), CLIENT_FILTER, CREATED_FILTER)
    list_select_related = ("client", "decided_by")
    search_fields = ("client__name", "told_by")
    id_fields = ("pk", "run_id", "draft_id", "strategy_id", "client_id")
    change_form_before_template = "admin/client_review/review.html"
    fieldsets = (
        (
            "Links",
            {
                "fields": (
                    client_link,
                    link_column("production.draft", "draft_id"),
                    run_link,
                    "draft_sha256",
                    "created_at",
                )
            },
        ),
    )
    buttons: ClassVar = tuple(_buttons())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return super().get_queryset(request).defer("content").select_related("client")

    def page(self, request: HttpRequest, row: Review) -> dict[str, Any]:
        return _review_page(row, may_decide=_may_record(request))

    def desk_find(self, request: HttpRequest, term: str) -> QuerySet[Review]:
        """Return the review with this id, or the newest of a client."""
        return of_clients_called(self.get_queryset(request), term, request.user).order_by("-pk")

    def get_urls(self) -> list[URLPattern]:
        views = (
            ("<uuid:pk>/compare/<uuid:other>/", self.compare, "compare"),
            ("<uuid:pk>/decide/", self.decide, "decide"),
        )
        ours = [
            path(route, self.admin_site.admin_view(view), name=f"client_review_review_{name}")
            for route, view, name in views
        ]
        return [*ours, *super().get_urls()]

    def compare(self, request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
        """Show two rounds of one work side by side, as the client saw them, the older on the left."""
        self._require_view(request)
        rows = self.get_queryset(request)
        chosen = get_object_or_404(rows, pk=pk)
        against = get_object_or_404(rows, pk=other, strategy_id=chosen.strategy_id, pack=chosen.pack)
        before, after = sorted((chosen, against), key=lambda review: review.round)
        shown = {
            "before": before,
            "after": after,
            "compared": compare_texts(*(_texts(get_shown(each.pk)) for each in (before, after))),
        }
        desk = {**self.admin_site.each_context(request), "opts": self.opts, "title": f"Two rounds for {chosen.client}"}
        return TemplateResponse(request, "admin/compare.html", {**desk, **shown})

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take in what a client decided outside the portal, and record it on their behalf; what forbids it is said."""
        self._require_view(request)
        if not _may_record(request):
            raise PermissionDenied
        review = get_object_or_404(self.get_queryset(request), pk=pk)
        form = DecisionForm(get_shown(pk).sections, request.POST or None, initial={"draft_sha256": review.draft_sha256})
        if form.is_valid() and self._record(request, review, form):
            return HttpResponseRedirect(reverse("admin:client_review_review_change", args=[pk]))
        before = find_round_before(review)
        desk = {**self.admin_site.each_context(request), "opts": self.opts, "title": f"What {review.client} decided"}
        seen = {"review": review, "form": form, "before": before, "sha": review.draft_sha256[:12]}
        return TemplateResponse(request, "admin/client_review/decide.html", {**desk, **seen})

    def _record(self, request: HttpRequest, review: Review, form: DecisionForm) -> bool:
        """Record the decision, or say on the form why not."""
        try:
            services.record_decision(review, form.decision, by=request.user.pk, at=timezone.now())
        except (TransitionNotAllowed, Review.DoesNotExist) as refusal:
            form.add_error(None, str(refusal))
            return False
        messages.success(request, f"Recorded for {review.client}.")
        return True

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _may_record(request: HttpRequest) -> bool:
    return request.user.has_perm("client_review.record_decision")
