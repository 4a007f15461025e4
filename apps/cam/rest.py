"""The door by which other systems send leads: one address, and a key of one campaign.

It stands beside the portal's API and not in it: a lead belongs to no client, and a key to no membership.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.cam.api.dtos import RawLead
from apps.cam.models import LeadKey
from apps.cam.services import doors
from apps.cam.services.leads import LeadRefused
from apps.shared.rest.fields import StrictSerializer, TextField
from apps.shared.rest.limits import MinuteLimit, tell_limit
from apps.shared.rest.once import BAD_KEY, TAKEN, UNDER_WAY, AnswerUnderWay, KeyTaken, is_key
from apps.shared.rest.problems import Conflict
from apps.shared.rest.views import refuse_parameters

MOST_FURTHER = 50


class Unprocessable(APIException):
    """The Idempotency-Key was used with another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = TAKEN


class KeyAuthentication(BaseAuthentication):
    """Takes the key of a campaign: `Authorization: Bearer aicmo_lead_…`."""

    def authenticate(self, request: Request) -> tuple[None, LeadKey] | None:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        key = doors.admit(secret.strip(), at=timezone.now()) if kind.lower() == "bearer" else None
        return (None, key) if key else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="aicmo leads"'


class HasKey(BasePermission):
    """Lets in whoever has a key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, LeadKey)


class KeyLimit(MinuteLimit):
    """Counts the requests of one key."""

    def limits(self) -> dict[str, int]:
        return settings.LEAD_LIMITS

    def _whose(self, request: Request) -> str:
        return f"lead-key:{request.auth.pk}"


class ConsentSerializer(StrictSerializer):
    """What the person agreed to, in the words they were shown, and when."""

    words = TextField(max_length=4_000)
    given_at = serializers.DateTimeField(required=False)

    def validate_given_at(self, value: Any) -> Any:
        if value > timezone.now():
            raise serializers.ValidationError("This lies in the future; give the time when the person agreed.")
        return value


class LeadSerializer(StrictSerializer):
    """A lead as a system sends it."""

    email = TextField(max_length=320)
    full_name = TextField(required=False, allow_blank=True, max_length=200)
    company = TextField(required=False, allow_blank=True, max_length=200)
    title = TextField(required=False, allow_blank=True, max_length=200)
    phone = TextField(required=False, allow_blank=True, max_length=40)
    linkedin_url = TextField(required=False, allow_blank=True, max_length=500)
    country = serializers.RegexField("^[A-Z]{2}$", required=False)
    message = TextField(required=False, allow_blank=True, max_length=4_000)
    further = serializers.DictField(child=TextField(allow_blank=True, max_length=4_000), required=False)
    consent = ConsentSerializer(required=False)

    def validate_further(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MOST_FURTHER or any(len(name) > 100 for name in value):
            raise serializers.ValidationError(
                f"Give at most {MOST_FURTHER} texts, under names of up to 100 characters."
            )
        return value

    @property
    def sent(self) -> doors.Sent:
        """What was sent."""
        said = dict(self.validated_data)
        consent, message, further = said.pop("consent", {}), said.pop("message", ""), said.pop("further", {})
        return doors.Sent(
            lead=RawLead(**said, source="API", raw=further),
            message=message,
            consent_words=consent.get("words", ""),
            consent_given_at=consent.get("given_at"),
        )


class Leads(APIView):
    """Takes in one lead a request; an address that the campaign has is that lead."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasKey,)
    throttle_classes = (KeyLimit,)
    http_method_names = ("post",)
    schema = None  # described in docs/api.md: the portal's description is for clients

    def post(self, request: Request) -> Response:
        refuse_parameters(request)
        digest = hashlib.sha256(request._request.body).hexdigest()
        asked = LeadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        once = {"request_key": _request_key(request), "request_sha256": digest}
        try:
            answer = doors.send_lead(request.auth, asked.sent, **once, at=timezone.now())
        except LeadRefused as refusal:
            told = {field: f"This {problem}." for field, problem in refusal.problems.items()}
            raise ValidationError(told) from refusal
        except doors.DoorClosed as closed:
            raise Conflict(str(closed)) from closed
        except AnswerUnderWay as under_way:
            raise Conflict(UNDER_WAY) from under_way
        except KeyTaken as taken:
            raise Unprocessable from taken
        headers = {"Idempotency-Replayed": "true"} if answer.is_replayed else {}
        return Response(answer.body, status=answer.status, headers=headers)

    def finalize_response(self, request: Request, response: Response, *args: Any, **options: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **options)
        tell_limit(self.request, answer)
        answer.setdefault("Cache-Control", "private, no-store")
        return answer


def _request_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if "Idempotency-Key" in request.headers and not is_key(key):
        raise ValidationError({"Idempotency-Key": BAD_KEY})
    return key
