"""The portal's API: who I am, for whom I act, and the tokens of my membership."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import DestroyModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.identity import services
from apps.identity.models import ApiToken, Client, Membership
from apps.shared.rest.access import access_of
from apps.shared.rest.fields import MoneyField, StrictSerializer, TextField
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
