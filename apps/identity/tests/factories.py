"""Clients and people for tests, and the portal as they see it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.utils import timezone

from apps.identity import services
from apps.identity.models import ApiToken, Client, Membership, User
from apps.identity.rules import scopes_of


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@aicmo.test")
    full_name = factory.Faker("name")
    password = factory.PostGenerationMethodCall("set_password", "correct horse battery staple")
    is_staff = True

    @classmethod
    def _after_postgeneration(cls, instance: User, create: bool, results: dict | None = None) -> None:
        if create:
            instance.save()


class ClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Client
        django_get_or_create: ClassVar = ("slug",)

    name = factory.Sequence(lambda n: f"Client {n}")
    slug = factory.Sequence(lambda n: f"client-{n}")
    country = "IE"
    currency = "EUR"
    time_zone = "Europe/Dublin"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory, is_staff=False)
    client = factory.SubFactory(ClientFactory)
    role = Membership.Role.APPROVER


class ApiTokenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiToken

    membership = factory.SubFactory(MembershipFactory)
    name = "ERP"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    hint = "aicmo_abcd"
    scopes = factory.LazyFunction(lambda: ["read"])
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=90))


class Portal:
    """The portal's API as one membership sees it, by a token of its own."""

    def __init__(self, membership: Membership, *scopes: str) -> None:
        now = datetime.now(UTC)
        _, secret = services.make_token(
            membership,
            name="Tests",
            scopes=scopes or sorted(scopes_of(membership.role)),
            expires_at=now + timedelta(days=1),
            at=now,
            by=membership.user_id,
        )
        self.membership = membership
        self.headers = {"Authorization": f"Bearer {secret}"}

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Send a request; a body that is no bytes goes as JSON. Names of headers are written with underscores."""
        given = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = given.pop("Content-Type", "application/json")
        return Browser().generic(method, self.address(path), content, content_type=kind, headers=given)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str) -> HttpResponse:
        return self.send("DELETE", path)

    def upload(self, path: str, name: str, content: bytes, **fields: Any) -> HttpResponse:
        """Send a file as a form does."""
        sent = {"file": SimpleUploadedFile(name, content), **fields}
        return Browser().post(self.address(path), sent, headers=self.headers)

    @staticmethod
    def address(path: str) -> str:
        return path if path.startswith(("/", "http")) else f"/api/v1/{path}"
