"""Times at the desk …"""

from datetime import UTC, datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import Client, User
from apps.onboarding.tests.factories import IntakeFactory
from apps.shared.desk import page_of

SENT = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "5 Mar 2026, 22:30"),
        ("Asia/Tokyo", "6 Mar 2026, 07:30"),
        ("America/New_York", "5 Mar 2026, 17:30"),
        ("Asia/Kathmandu", "6 Mar 2026, 04:15"),
    ],
)
def test_are_those_of_the_person(desk: Browser, owner: User, acme: Client, zone: str, shown: str) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone=zone)
    intake = IntakeFactory(client=acme, submitted_at=SENT)
    for address in (page_of(intake), reverse("admin:onboarding_intake_changelist")):
        page = desk.get(address).content.decode()
        assert shown in page
        assert f"Acme · 2026-03-0{shown[0]}" in page
    assert f"Times are shown in the zone {zone}." in desk.get(reverse("admin:index")).content.decode()
    intake.refresh_from_db()
    assert intake.submitted_at == SENT


@pytest.mark.parametrize("zone", ["", "Moon/Base", "Europe", "../../etc/passwd", "/etc/localtime", "x" * 64, "a\nb"])
def test_are_utc_where_nobody_knows_the_zone(desk: Browser, owner: User, acme: Client, zone: str) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone=zone)
    page = desk.get(page_of(IntakeFactory(client=acme, submitted_at=SENT)))
    assert page.status_code == 200
    assert "5 Mar 2026, 22:30" in page.content.decode()


def test_of_one_person_are_not_those_of_the_next(desk: Browser, owner: User, client: Browser) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    desk.get(reverse("admin:index"))
    assert timezone.get_current_timezone_name() == "UTC"
    assert client.get(reverse("admin:login")).status_code == 200


def test_need_no_database_where_nobody_is_logged_in(client: Browser) -> None:
    assert client.get(reverse("live")).status_code == 200
