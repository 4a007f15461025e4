"""Reads of the client's review."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.safestring import SafeString, mark_safe

from apps.client_review.api import dtos
from apps.client_review.models import Comment, Notice, Review
from apps.identity.models import Membership, User, all_but_names
from apps.shared.admin.highlight import highlight, rendered


@dataclass(frozen=True)
class Remark:
    """A comment as a page shows it; `is_lost` where the words it quotes do not stand in its section."""

    comment: Comment
    is_lost: bool

    @classmethod
    def of(cls, comment: Comment, html: str) -> "Remark":
        """Return a comment beside the HTML that it is about."""
        return cls(comment, is_lost=bool(comment.quote) and not highlight(html, [comment.quote])[1])

    @property
    def side(self) -> str:
        """Who made it, as the desk says it."""
        return "Client" if self.comment.side == Comment.Side.CLIENT else "We"


@dataclass(frozen=True)
class RemarkedSection:
    """A section as a page shows it: its words with those that are quoted marked, and the remarks about it."""

    section: dtos.ShownSection
    html: SafeString
    comments: list[Remark]


def remarked(section: dtos.ShownSection, comments: Iterable[Comment]) -> RemarkedSection:
    """Return a section with those of the comments that are about it."""
    about = [comment for comment in comments if comment.section == section.key]
    html = rendered(section.markdown)
    marked, _ = highlight(html, [comment.quote for comment in about if comment.quote])
    remarks = [Remark.of(comment, html) for comment in about]
    return RemarkedSection(section, mark_safe(marked), remarks)  # noqa: S308


def get_review(review_id: UUID) -> dtos.Review:
    """Return a review with its comments. Raises Review.DoesNotExist."""
    return to_dto(Review.objects.prefetch_related("comments").get(pk=review_id))


def get_shown(review_id: UUID) -> dtos.ShownDraft:
    """Return exactly what the client is asked about. Raises Review.DoesNotExist."""
    return dtos.ShownDraft.model_validate(Review.objects.values_list("content", flat=True).get(pk=review_id))


def get_plan(review_id: UUID) -> dtos.RevisionPlan:
    """Return what is to be revised after a review. Raises ObjectDoesNotExist before it is planned."""
    review = Review.objects.select_related("plan").defer("content").get(pk=review_id)
    plan = review.plan
    return dtos.RevisionPlan(
        id=plan.pk,
        review_id=review.pk,
        draft_id=plan.draft_id,
        requests=requests_of(review),
        estimated_hours=plan.estimated_hours,
        beyond_included=plan.beyond_included,
    )


def list_reviews(client_id: UUID) -> tuple[dtos.Review, ...]:
    """Return a client's reviews with their comments, newest first."""
    reviews = Review.objects.filter(client_id=client_id).defer("content").prefetch_related("comments")
    return tuple(map(to_dto, reviews))


def requests_of(review: Review) -> tuple[dtos.RevisionRequest, ...]:
    """Return the changes that a review asked for, in their order."""
    return tuple(
        dtos.RevisionRequest(section=each.section, change=each.change, priority=each.priority)
        for each in review.requests.all()
    )


def with_decider(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Read with reviews their client, and the name of who decided them."""
    return reviews.select_related("client", "decided_by").defer(*all_but_names("decided_by"))


def with_authors(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Read with comments the names of who made them."""
    return comments.select_related("author").defer(*all_but_names("author"))


def name_of(user_id: UUID) -> str:
    """Return what a client is told a person is called."""
    named = User.objects.order_by("pk").filter(pk=user_id)
    return named.values_list("full_name", flat=True).first() or "Somebody"


def rounds_of(review: Review) -> QuerySet[Review]:
    """Return all rounds of the work a review is about, the first one first."""
    rounds = Review.objects.filter(strategy_id=review.strategy_id, pack=review.pack).order_by("round")
    return rounds.select_related("client", "decided_by", "allowed_by", "plan").defer("content")


def find_round_before(review: Review) -> Review | None:
    """Return the round before a review of the same work, None for the first."""
    rounds = Review.objects.filter(strategy_id=review.strategy_id, pack=review.pack, round__lt=review.round)
    return rounds.defer("content").order_by("-round").first()


def find_version(review: Review, sha256: str) -> Review | None:
    """Return the round of the work a review is about that showed the version with this SHA-256."""
    rounds = Review.objects.filter(strategy_id=review.strategy_id, pack=review.pack, draft_sha256=sha256)
    return rounds.order_by("-round").first()


def next_round(strategy_id: UUID, pack: str) -> int:
    """Return the number the next review of a work gets; sure only while its lock is held."""
    rounds = Review.objects.filter(strategy_id=strategy_id, pack=pack)
    return (rounds.aggregate(highest=Max("round"))["highest"] or 0) + 1


def may_decide(user_id: UUID, client_id: UUID) -> bool:
    """Tell whether a person decides for a client in the portal."""
    approvers = Membership.objects.filter(user_id=user_id, client_id=client_id, role=Membership.Role.APPROVER)
    return approvers.filter(user__is_active=True).exists()


def approvers_of(client_id: UUID) -> list[UUID]:
    """List the people who decide for a client in the portal."""
    approvers = Membership.objects.filter(client_id=client_id, role=Membership.Role.APPROVER, user__is_active=True)
    return list(approvers.order_by("user_id").values_list("user_id", flat=True))


def notices_of(review_id: UUID) -> QuerySet[Notice]:
    """Return the mails about a review, the oldest first."""
    return Notice.objects.filter(review_id=review_id).select_related("user")


def to_dto(review: Review) -> dtos.Review:
    """Return a review as other modules see it; its comments should be prefetched."""
    return dtos.Review(
        id=review.pk,
        draft_id=review.draft_id,
        client_id=review.client_id,
        round=review.round,
        draft_sha256=review.draft_sha256,
        state=review.state,
        sent_at=review.sent_at,
        due_at=review.due_at,
        url=f"/portal/reviews/{review.pk}/",
        comments=tuple(
            dtos.Comment(
                id=each.pk,
                side=each.side,
                section=each.section,
                quote=each.quote,
                text=each.text,
                author_id=each.author_id,
                created_at=each.created_at,
            )
            for each in review.comments.all()
        ),
    )
