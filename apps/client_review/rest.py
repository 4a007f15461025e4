"""The portal's API: what is in front of the client, their remarks, and their decision."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.client_review import queries, rules, services
from apps.client_review.api import dtos
from apps.client_review.models import Comment, Review, RevisionRequest
from apps.shared.rest.fields import StrictSerializer, TextField
from apps.shared.rest.problems import Conflict, PreconditionFailed, PreconditionRequired
from apps.shared.rest.schema import IF_MATCH
from apps.shared.rest.views import ListAndDetail

LONGEST_TEXT = 10_000
MOST_REQUESTS = 100
VERDICTS = ("APPROVED", "CHANGES_REQUESTED", "REJECTED")


class ReviewSerializer(serializers.ModelSerializer):
    """A version of our work that waits for the client's decision, or has it."""

    title = serializers.CharField()

    class Meta:
        model = Review
        fields = ("id", "title", "round", "state", "sent_at", "due_at", "decided_at", "draft_sha256")


class ShownSectionSerializer(serializers.Serializer):
    """A section, in Markdown."""

    key = serializers.CharField()
    heading = serializers.CharField()
    markdown = serializers.CharField()


class PlannedPostSerializer(serializers.Serializer):
    """A post of the content calendar."""

    date = serializers.DateField()
    platform = serializers.CharField()
    theme = serializers.CharField()
    format = serializers.CharField()
    hook = serializers.CharField()
    caption = serializers.CharField()
    call_to_action = serializers.CharField()


class CommentSerializer(serializers.ModelSerializer):
    """A remark: the client's, or the agency's in answer."""

    author = serializers.CharField(source="author.full_name")

    class Meta:
        model = Comment
        fields = ("id", "side", "section", "quote", "text", "author", "created_at")


class RequestSerializer(serializers.ModelSerializer):
    """A change that was asked for."""

    class Meta:
        model = RevisionRequest
        fields = ("section", "change", "priority")


class ShownReviewSerializer(ReviewSerializer):
    """A review with exactly what is to be decided on; its ETag names this version."""

    title = serializers.CharField(source="content.title")
    sections = ShownSectionSerializer(many=True, source="content.sections")
    calendar = PlannedPostSerializer(many=True, source="content.calendar")
    comments = CommentSerializer(many=True)
    requests = RequestSerializer(many=True)

    class Meta(ReviewSerializer.Meta):
        fields = (*ReviewSerializer.Meta.fields, "text", "sections", "calendar", "comments", "requests")


class NewRequestSerializer(StrictSerializer):
    """A change to ask for, in one section."""

    section = TextField(max_length=64)
    change = TextField(max_length=LONGEST_TEXT)
    priority = serializers.ChoiceField(choices=RevisionRequest.Priority.choices, default="MUST")


class DecisionSerializer(StrictSerializer):
    """What is decided. Changes name their sections, and a rejection says why in `text`."""

    verdict = serializers.ChoiceField(choices=VERDICTS)
    text = TextField(max_length=LONGEST_TEXT, allow_blank=True, default="")
    requests = NewRequestSerializer(many=True, default=list, max_length=MOST_REQUESTS)


class NewCommentSerializer(StrictSerializer):
    """A remark to make: on a section, or on the whole where `section` is empty."""

    section = TextField(max_length=64, allow_blank=True, default="")
    quote = TextField(max_length=LONGEST_TEXT, allow_blank=True, default="")
    text = TextField(max_length=LONGEST_TEXT)


class Reviews(ListAndDetail):
    """What is, or was, in front of the client."""

    queryset = Review.objects.all()
    serializer_class = ReviewSerializer
    filterset_fields = ("state",)
    scopes: ClassVar = {"decision": "review", "comments": "review"}

    def visible(self, rows: QuerySet) -> QuerySet:
        rows = rows.exclude(state=Review.State.WITHDRAWN)
        comments = Prefetch("comments", queries.with_authors(Comment.objects.all()))
        return rows.titled() if self.action == "list" else rows.prefetch_related(comments, "requests")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return ReviewSerializer if self.action == "list" else ShownReviewSerializer

    def etag_of(self, row: Review) -> str:
        return f'"{row.draft_sha256}"'

    @extend_schema(
        request=DecisionSerializer,
        responses=ShownReviewSerializer,
        parameters=[IF_MATCH],
        operation_id="reviews_decide",
    )
    @action(detail=True, methods=["post"], filterset_fields=())
    def decision(self, request: Request, **_: Any) -> Response:
        """Decide, on exactly the version whose ETag is sent as If-Match."""
        review = self.get_object()
        seen = request.headers.get("If-Match")
        if seen is None:
            raise PreconditionRequired
        wish = DecisionSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        decided = self._decide(review, _decision(wish.validated_data, sha256=seen.strip('"')))
        return Response(ShownReviewSerializer(self.get_queryset().get(pk=decided.pk)).data)

    def _decide(self, review: Review, decision: dtos.Decision) -> Review:
        known = (section["key"] for section in review.content["sections"])
        if problems := rules.decision_problems(decision, known):
            raise ValidationError(_by_field(problems))
        try:
            return services.record_decision(review, decision, by=self.access.user.pk, at=timezone.now())
        except services.NotAnApprover as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except services.StaleDecision as refusal:
            raise PreconditionFailed(str(refusal)) from refusal
        except services.DecisionRefused as refusal:
            raise Conflict(str(refusal)) from refusal

    @extend_schema(request=NewCommentSerializer, responses={201: CommentSerializer}, operation_id="reviews_comment")
    @action(detail=True, methods=["post"], filterset_fields=())
    def comments(self, request: Request, **_: Any) -> Response:
        """Make a remark on what is shown, before it is decided."""
        review = self.get_object()
        wish = NewCommentSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        try:
            comment = services.comment_on_review(
                review, side=Comment.Side.CLIENT, by=self.access.user.pk, **wish.validated_data
            )
        except services.ReviewClosed as refusal:
            raise Conflict(str(refusal)) from refusal
        except services.DecisionRefused as refusal:
            raise ValidationError(_by_field([str(refusal)])) from refusal
        comment.author = self.access.user
        return Response(CommentSerializer(comment).data, status=status.HTTP_201_CREATED)


def _decision(wish: dict[str, Any], *, sha256: str) -> dtos.Decision:
    requests = tuple(dtos.RevisionRequest(**each) for each in wish["requests"])
    return dtos.Decision(verdict=wish["verdict"], draft_sha256=sha256, text=wish["text"], requests=requests)


def _by_field(problems: list[str]) -> dict[str, list[str]]:
    """Sort problems of the form `field: what is wrong` by their fields."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        field, _, said = problem.partition(": ")
        found.setdefault(field, []).append(said)
    return found
