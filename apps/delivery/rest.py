"""The portal's API: packages and their files, to be fetched by addresses that live for minutes."""

import logging
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django_filters.rest_framework import ChoiceFilter, UUIDFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.delivery.models import Artifact, Package
from apps.delivery.services.links import LinkExpired, LinkRefused, make_link, read_link
from apps.delivery.services.packages import CONTENT_TYPES, ArtifactUnavailable, read_checked
from apps.shared.rest.fields import NothingSerializer
from apps.shared.rest.files import as_download
from apps.shared.rest.filters import CreatedFilter
from apps.shared.rest.views import ListAndDetail, refuse_parameters
from apps.shared.row_security import acting_for

log = logging.getLogger(__name__)


class Gone(APIException):
    """It was here, and its time is over."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"


class ArtifactSerializer(serializers.ModelSerializer):
    """A file of a package; its SHA-256 is that of the bytes which were delivered."""

    class Meta:
        model = Artifact
        fields = ("id", "package_id", "position", "name", "format", "bytes", "sha256", "created_at")


class PackageLineSerializer(serializers.ModelSerializer):
    """A package in a list. `manifest_sha256` is that of the manifest, which lists every file with its own."""

    class Meta:
        model = Package
        fields = ("id", "draft_id", "manifest_sha256", "created_at")


class PackageSerializer(PackageLineSerializer):
    """What was delivered, with its files."""

    artifacts = ArtifactSerializer(many=True)

    class Meta(PackageLineSerializer.Meta):
        fields = (*PackageLineSerializer.Meta.fields, "artifacts")


class LinkSerializer(serializers.Serializer):
    """Where a file can be fetched until then, by whoever has the address."""

    url = serializers.URLField()
    expires_at = serializers.DateTimeField()


class PackageFilter(CreatedFilter):
    """Narrows packages."""

    draft_id = UUIDFilter("draft_id")


class ArtifactFilter(CreatedFilter):
    """Narrows files."""

    package_id = UUIDFilter("package_id")
    format = ChoiceFilter(choices=Artifact.Format.choices)


class Packages(ListAndDetail):
    """What was delivered. A package is here once all its files are."""

    queryset = Package.objects.all()
    serializer_class = PackageSerializer
    filterset_class = PackageFilter

    def get_queryset(self) -> QuerySet[Package]:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("artifacts")

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        return PackageLineSerializer if self.action == "list" else PackageSerializer

    def visible(self, rows: QuerySet[Package]) -> QuerySet[Package]:
        return rows.promoted()


class Artifacts(ListAndDetail):
    """Files of packages."""

    queryset = Artifact.objects.all()
    serializer_class = ArtifactSerializer
    filterset_class = ArtifactFilter

    def visible(self, rows: QuerySet[Artifact]) -> QuerySet[Artifact]:
        return rows.filter(package__in=Package.objects.promoted())

    @extend_schema(request=NothingSerializer, responses={201: LinkSerializer})
    @action(detail=True, methods=["post"])
    def link(self, request: Request, pk: UUID) -> Response:
        """Make an address that gives the file for five minutes, to a browser or program without a login."""
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        artifact = self.get_object()
        signed, link = make_link(artifact_id=artifact.pk, client_id=self.access.client_id, at=timezone.now())
        url = request.build_absolute_uri(reverse("api-file", args=[signed]))
        told = LinkSerializer({"url": url, "expires_at": link.expires_at}).data
        return Response(told, status=status.HTTP_201_CREATED)


class Files(APIView):
    """A file, by its signed address: the signature says which, of which client, and until when."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="files_retrieve",
        auth=[],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            410: OpenApiResponse(description="The address has expired; ask for another one."),
        },
    )
    def get(self, request: Request, signed: str) -> HttpResponse:
        """Download a file; it is the one that was delivered, or none."""
        refuse_parameters(request)
        try:
            link = read_link(signed, at=timezone.now())
        except LinkRefused as refusal:
            raise NotFound from refusal
        except LinkExpired as expired:
            raise Gone("This address has expired; ask for another one.") from expired
        with acting_for(link.client_id):
            artifact = Artifact.objects.filter(pk=link.artifact_id, package__client_id=link.client_id).first()
        if artifact is None:
            raise NotFound
        try:
            content = read_checked(artifact)
        except ArtifactUnavailable as problem:
            log.error("%s", problem)
            raise NotFound("The file is not available at present; write to your account manager.") from problem
        return as_download(content, artifact.name, CONTENT_TYPES[artifact.format])
