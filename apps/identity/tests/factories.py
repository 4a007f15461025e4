"""Clients and people for tests."""

from datetime import timedelta
from typing import ClassVar

import factory
from django.utils import timezone

from apps.identity.models import ApiToken, Client, Membership, User


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
