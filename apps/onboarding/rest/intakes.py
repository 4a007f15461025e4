"""Intakes in the portal's API, from the first answer to the last."""

from typing import Any, NoReturn
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters.rest_framework import ChoiceFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.onboarding import forms, queries, services
from apps.onboarding.models import DraftAttachment, Intake, IntakeAttachment, IntakeDraft
from apps.onboarding.rules import AttachmentRefused, BriefImpossible, ScannerAway
from apps.onboarding.rules.answers import ALIASES
from apps.onboarding.rules.attachments import MOST_BYTES, download_name
from apps.onboarding.rules.brief import WHAT_TO_ANSWER
from apps.shared.rest.fields import NothingSerializer, ObjectField, StrictSerializer
from apps.shared.rest.files import as_download
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.problems import ComeBackLater, Conflict, PreconditionFailed
from apps.shared.rest.schema import IF_MATCH
from apps.shared.rest.views import ListAndDetail, of_client, refuse_parameters

SUBMITTED, DRAFT = "SUBMITTED", "DRAFT"
STATES = ((SUBMITTED, "Submitted"), (DRAFT, "Still written"))
_NAMES = sorted(name for question, others in ALIASES.items() for name in (question, *others))


@extend_schema_field(
    {
        "type": "object",
        "propertyNames": {"enum": _NAMES},
        "additionalProperties": {},
        "description": (
            f"Answers by question: {', '.join(ALIASES)}; the other names of a question are taken as well. An answer is "
            "a text, a number, or a list of them, in the client's own words. `null` takes an answer away."
        ),
    }
)
class AnswersField(ObjectField):
    """Answers by question."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        try:
            return forms.parse_answers(super().to_internal_value(data))
        except forms.InvalidSubmission as invalid:
            raise ValidationError(invalid.problems) from invalid


class AttachmentSerializer(serializers.ModelSerializer):
    """A file of an intake; `note` says what could not be read of it."""

    class Meta:
        model = IntakeAttachment
        fields = ("id", "name", "media_type", "bytes", "sha256", "note", "created_at")


class IntakeLineSerializer(serializers.Serializer):
    """An intake in a list."""

    id = serializers.UUIDField()
    state = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    form_version = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    submitted_at = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, row: Intake | IntakeDraft) -> str:
        return SUBMITTED if isinstance(row, Intake) else DRAFT

    @extend_schema_field(serializers.ChoiceField(choices=Intake.Source.choices))
    def get_source(self, row: Intake | IntakeDraft) -> str:
        return row.source if isinstance(row, Intake) else Intake.Source.PORTAL

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_submitted_at(self, row: Intake | IntakeDraft) -> str | None:
        return serializers.DateTimeField().to_representation(row.submitted_at) if isinstance(row, Intake) else None


class IntakeSerializer(IntakeLineSerializer):
    """An intake with its answers and files; `unanswered` names what has to be answered before it can be submitted."""

    answers = ObjectField()
    attachments = AttachmentSerializer(many=True)
    unanswered = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=list(WHAT_TO_ANSWER))))
    def get_unanswered(self, row: Intake | IntakeDraft) -> list[str]:
        return [] if isinstance(row, Intake) else list(queries.list_unanswered(row, at=timezone.now()))


class NewIntakeSerializer(StrictSerializer):
    """An intake to begin, with what is answered so far."""

    answers = AnswersField(required=False, default=dict)


class AnswersSerializer(StrictSerializer):
    """Answers to save; what is not named stays as it is."""

    answers = AnswersField()


class IntakeFilter(CreatedFilter):
    """Narrows intakes; without a `state` those are listed that were submitted."""

    state = ChoiceFilter(choices=STATES, method="keep", label="SUBMITTED unless given.")

    def keep(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Return the rows as they are: drafts are a table of their own, which the view has chosen by now."""
        return rows


_FILE = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}},
    "required": ["file"],
    "additionalProperties": False,
}


class Intakes(ListAndDetail):
    """What the client answers: begun, saved as it goes, submitted once; from then on it never changes."""

    queryset = Intake.objects.prefetch_related(
        Prefetch("attachments", IntakeAttachment.objects.defer("extracted_text"))
    )
    serializer_class = IntakeSerializer
    filterset_class = IntakeFilter
    scopes = dict.fromkeys(
        ("create", "partial_update", "destroy", "submit", "attach_file", "remove_attachment"), "intake"
    )

    def get_queryset(self) -> QuerySet:
        asks_drafts = self.action == "list" and self.request.query_params.get("state") == DRAFT
        return self._drafts() if asks_drafts else super().get_queryset()

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return IntakeLineSerializer if self.action == "list" else IntakeSerializer

    def get_object(self) -> Intake | IntakeDraft:
        # Drafts first: one that is submitted between the two questions is an intake by the second.
        return self._drafts().filter(pk=self.kwargs["pk"]).first() or get_object_or_404(
            super().get_queryset(), pk=self.kwargs["pk"]
        )

    @extend_schema(request=NewIntakeSerializer, responses={201: IntakeSerializer})
    def create(self, request: Request) -> Response:
        """Begin an intake: it can be saved as it goes, and becomes one when it is submitted."""
        wish = NewIntakeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        try:
            draft = services.open_draft(
                client_id=self.access.client_id, answers=wish.validated_data["answers"], by=self.access.user.pk
            )
        except services.DraftRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        return self.answer_with(draft, status.HTTP_201_CREATED)

    @extend_schema(request=AnswersSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Save answers of an intake that is not submitted yet; those that are not named stay."""
        draft = self._draft()
        wish = AnswersSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.require_match(draft)
        answers = wish.validated_data["answers"]
        try:
            draft = services.save_answers(draft, answers, seen=draft.version, by=self.access.user.pk)
        except services.DraftChanged as changed:
            raise PreconditionFailed("Somebody else has saved answers this moment; look at them first.") from changed
        except services.DraftGone as gone:
            self._refuse_submitted(gone)
        except services.DraftRefused as refusal:
            raise ValidationError({"answers": str(refusal)}) from refusal
        return self.answer_with(draft)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Discard an intake that is not submitted yet, with its files."""
        try:
            services.discard_draft(self._draft(), by=self.access.user.pk)
        except services.DraftGone as gone:
            self._refuse_submitted(gone)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=NothingSerializer, responses=IntakeSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: UUID) -> Response:
        """Submit an intake, once what has to be answered is; the second time changes nothing."""
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        row = self.get_object()
        if isinstance(row, IntakeDraft):
            try:
                row = services.submit_draft(row, at=timezone.now(), by=self.access.user.pk)
            except BriefImpossible as impossible:
                missing = {name: f"Answer this first: {WHAT_TO_ANSWER[name]}." for name in impossible.fields}
                raise ValidationError({"answers": missing}) from impossible
            except services.DraftGone as gone:
                raise NotFound from gone
            except services.DraftRefused as refusal:
                raise Conflict(str(refusal)) from refusal
        return self.answer_with(row)

    @extend_schema(responses=AttachmentSerializer(many=True), filters=False)
    @action(detail=True, parser_classes=[MultiPartParser], pagination_class=None)
    def attachments(self, request: Request, pk: UUID) -> Response:
        """List the files of an intake, the first attached first; there are at most 20."""
        refuse_parameters(request)
        return Response(AttachmentSerializer(self.get_object().attachments, many=True).data)

    @extend_schema(request={"multipart/form-data": _FILE}, responses={201: AttachmentSerializer})
    @attachments.mapping.post
    def attach_file(self, request: Request, pk: UUID) -> Response:
        """Attach one file: PDF, DOCX, TXT, PNG, JPEG or WebP, of at most 10 MB. The same file twice is one."""
        draft, file = self._draft(), _only_file(request)
        try:
            attached = services.attach_to_draft(
                draft, name=file.name, content=file.read(MOST_BYTES + 1), by=self.access.user.pk
            )
        except ScannerAway as away:
            raise ComeBackLater(str(away)) from away
        except AttachmentRefused as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal
        except services.DraftGone as gone:
            self._refuse_submitted(gone)
        return Response(AttachmentSerializer(attached).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path="attachments/<uuid:attachment_id>")
    def remove_attachment(self, request: Request, pk: UUID, attachment_id: UUID) -> Response:
        """Take a file off an intake that is not submitted yet."""
        attachment = get_object_or_404(self._draft().attachments.all(), pk=attachment_id)
        try:
            services.remove_from_draft(attachment, by=self.access.user.pk)
        except services.DraftGone as gone:
            self._refuse_submitted(gone)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, filters=False)
    @action(detail=True, url_path="attachments/<uuid:attachment_id>/file", pagination_class=None)
    def attachment_file(self, request: Request, pk: UUID, attachment_id: UUID) -> HttpResponse:
        """Download a file of an intake, as it is kept: pictures were written anew, without metadata."""
        refuse_parameters(request)
        attachment = get_object_or_404(self.get_object().attachments.all(), pk=attachment_id)
        try:
            content = queries.read_attachment(attachment)
        except FileNotFoundError as error:
            raise NotFound("The file is missing on our side; write to your account manager.") from error
        return as_download(content, download_name(attachment.name, attachment.media_type), attachment.media_type)

    def _drafts(self) -> QuerySet:
        rows = IntakeDraft.objects.select_related("client").prefetch_related(
            Prefetch("attachments", DraftAttachment.objects.defer("extracted_text"))
        )
        return of_client(rows, self.access.client_id)

    def _draft(self) -> IntakeDraft:
        row = self.get_object()
        if isinstance(row, Intake):
            self._refuse_submitted()
        return row

    def _refuse_submitted(self, cause: Exception | None = None) -> NoReturn:
        self.get_object()  # a draft that was discarded meanwhile is nowhere
        raise Conflict("This intake was submitted and does not change any more; begin another one.") from cause


def _only_file(request: Request) -> Any:
    names = [*request.data.keys()]
    wrong = {name: "There is no such field. It takes: file." for name in names if name != "file"}
    files = request.FILES.getlist("file")
    if len(files) != 1:
        wrong["file"] = "Send exactly one file."
    if wrong:
        raise ValidationError(wrong)
    return files[0]
