"""The portal's API: who I am, for whom I act, and the tokens of my membership."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.mixins import DestroyModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.identity import services
from apps.identity.models import ApiToken, Client, DataRequest, Membership
from apps.identity.queries import get_client
from apps.identity.rules import BEGAN, has_just_logged_in
from apps.shared.rest.access import access_of
from apps.shared.rest.fields import MoneyField, NothingSerializer, StrictSerializer, TextField
from apps.shared.rest.problems import Conflict
from apps.shared.rest.views import ListAndDetail, PortalViewSet, refuse_parameters


class ClientSerializer(serializers.ModelSerializer):
    """A company that the agency works for."""

    contract_value = MoneyField(amount="contract_value", allow_null=True)

    class Meta:
        model = Client
        fields = (
            "id",
            "name",
            "status",
            "country",
            "currency",
            "time_zone",
            "contract_start_date",
            "contract_end_date",
            "contract_value",
            "approves_strategies",
            "included_revision_rounds",
        )


class MeSerializer(serializers.Serializer):
    """The person behind the request, and what this access may do."""

    id = serializers.UUIDField(source="user.id")
    email = serializers.EmailField(source="user.email")
    full_name = serializers.CharField(source="user.full_name")
    time_zone = serializers.CharField(source="user.time_zone")
    client_id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Membership.Role.choices)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ApiToken.Scope.choices))


class NewTokenSerializer(StrictSerializer):
    """A wish for a token."""

    name = TextField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ApiToken.Scope.choices), allow_empty=False)
    expires_at = serializers.DateTimeField()


class ApiTokenSerializer(serializers.ModelSerializer):
    """A token, without its secret."""

    class Meta:
        model = ApiToken
        fields = ("id", "name", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")


class IssuedTokenSerializer(ApiTokenSerializer):
    """A token that was issued just now: its secret is shown this once."""

    secret = serializers.CharField()

    class Meta(ApiTokenSerializer.Meta):
        fields = (*ApiTokenSerializer.Meta.fields, "secret")


class DataRequestSerializer(serializers.ModelSerializer):
    """A wish for a copy of data, or for its erasure; we answer by `due_date`.

    It is about the client of `client_id`, or, where that is null, about the person who asked. A copy that is READY can
    be downloaded until `expires_at`; `reason` says why a wish was REFUSED.
    """

    reason = serializers.SerializerMethodField()

    class Meta:
        model = DataRequest
        fields = ("id", "kind", "state", "client_id", "created_at", "due_date", "expires_at", "file_sha256", "reason")

    def get_reason(self, row: DataRequest) -> str:
        return row.reason if row.state == DataRequest.State.REFUSED else ""


class WishForDataSerializer(StrictSerializer):
    """A wish for a copy of data (EXPORT), or for its erasure: of the person who asks (ME), or of all the client's."""

    kind = serializers.ChoiceField(choices=DataRequest.Kind.choices)
    about = serializers.ChoiceField(choices=("ME", "CLIENT"))


class ExportLinkSerializer(serializers.Serializer):
    """Where the person who asks, logged in, can download a copy until then."""

    url = serializers.URLField()
    expires_at = serializers.DateTimeField()


class Me(PortalViewSet):
    """Who the request is from."""

    serializer_class = MeSerializer
    pagination_class = None

    @extend_schema(responses=forced_singular_serializer(MeSerializer), filters=False, operation_id="me_retrieve")
    def list(self, request: Request) -> Response:
        """Tell who the request is from, for which client, and what it may do."""
        refuse_parameters(request)
        access = access_of(request)
        return Response(MeSerializer({**vars(access), "user": access.user, "scopes": sorted(access.scopes)}).data)


class Clients(ListAndDetail):
    """The client that this access acts for."""

    queryset = Client.objects.all()
    serializer_class = ClientSerializer


class Tokens(DestroyModelMixin, ListAndDetail):
    """The tokens of one's own membership. A token can issue no other: that takes a person who is logged in."""

    queryset = ApiToken.objects.select_related("membership")
    serializer_class = ApiTokenSerializer
    scope = "read"

    def visible(self, rows: QuerySet) -> QuerySet:
        return rows.filter(membership_id=self.access.membership_id)

    @extend_schema(request=NewTokenSerializer, responses={201: IssuedTokenSerializer, 403: OpenApiResponse()})
    def create(self, request: Request) -> Response:
        """Issue a token; the answer has its secret, which is shown this once."""
        if self.access.token_id is not None:
            self.permission_denied(request, "A token cannot issue tokens; log in to the portal for that.")
        wish = NewTokenSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        membership = Membership.objects.get(pk=self.access.membership_id)
        try:
            token, secret = services.make_token(
                membership, **wish.validated_data, at=timezone.now(), by=self.access.user.pk
            )
        except services.TokenRefused as refusal:
            raise ValidationError({refusal.field: str(refusal)}) from refusal
        token.secret = secret
        response = Response(IssuedTokenSerializer(token).data, status=status.HTTP_201_CREATED)
        response.replayed_as = JSONRenderer().render(ApiTokenSerializer(token).data)
        return response

    def perform_destroy(self, instance: ApiToken) -> None:
        services.revoke_token(instance, at=timezone.now(), by=self.access.user.pk)


class DataRequests(ListAndDetail):
    """What a person asked for of their data, and who decides for the client, of the client's.

    Asking takes somebody who has logged in within the last quarter of an hour, by a password or a mailed link: a token,
    or a browser that was left open, is no proof of who asks.
    """

    queryset = DataRequest.objects.all()
    serializer_class = DataRequestSerializer

    def get_queryset(self) -> QuerySet[DataRequest]:
        if getattr(self, "swagger_fake_view", False):
            return DataRequest.objects.none()
        return DataRequest.objects.shown_to(self.access.user).filter(asked_in_id=self.access.client_id)

    def _require_person(self, request: Request) -> None:
        if self.access.token_id is not None:
            self.permission_denied(request, "A token cannot ask for this; log in to the portal.")
        if not has_just_logged_in(request._request.session.get(BEGAN, 0), timezone.now()):
            self.permission_denied(request, "Your log-in is some time ago; log in again, so that we know it is you.")

    @extend_schema(request=WishForDataSerializer, responses={201: DataRequestSerializer, 403: OpenApiResponse()})
    def create(self, request: Request) -> Response:
        """Ask for a copy or an erasure; our staff takes it up, and answers within a month."""
        self._require_person(request)
        wish = WishForDataSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        is_of_client = wish.validated_data["about"] == "CLIENT"
        if is_of_client and self.access.role != Membership.Role.APPROVER:
            self.permission_denied(request, "Only who decides for the client asks for its data.")
        about = {"client": get_client(self.access.client_id) if is_of_client else None}
        about |= {"kind": wish.validated_data["kind"], "asked_in": self.access.client_id}
        try:
            row = services.ask_for_data(**about, by=self.access.user, at=timezone.now())
        except services.AskedTooOften as refusal:
            raise Throttled(detail=str(refusal)) from refusal
        except services.DataRequestRefused as refusal:
            raise Conflict(str(refusal)) from refusal
        return self.answer_with(row, status.HTTP_201_CREATED)

    @extend_schema(request=NothingSerializer, responses={201: ExportLinkSerializer})
    @action(detail=True, methods=["post"])
    def link(self, request: Request, pk: UUID) -> Response:
        """Make an address at which the person who asks, logged in, downloads a copy within ten minutes."""
        self._require_person(request)
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        row = self.get_object()
        if not row.has_file:
            raise Conflict("There is no copy to download.")
        signed = services.sign_export(row, by=self.access.user)
        url = request.build_absolute_uri(reverse("own-export", args=[row.pk, signed]))
        told = ExportLinkSerializer({"url": url, "expires_at": timezone.now() + services.LINK_LIVES}).data
        return Response(told, status=status.HTTP_201_CREATED)
