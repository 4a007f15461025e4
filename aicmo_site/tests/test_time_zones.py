"""Times at the desk …"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

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


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=12.5), "12 s ago"),
        (timedelta(minutes=3, seconds=5), "3 min ago"),
        (timedelta(hours=23, minutes=5), "23 h ago"),
        (timedelta(days=6, hours=23), "6 d ago"),
        (timedelta(days=7, minutes=1), None),
        (timedelta(minutes=-5), None),
    ],
)
def test_of_the_last_week_stand_in_lists_by_how_long_ago_they_were(
    desk: Browser, acme: Client, ago: timedelta, shown: str | None
) -> None:
    at = timezone.now() - ago
    IntakeFactory(client=acme, submitted_at=at)
    page = desk.get(reverse("admin:onboarding_intake_changelist")).content.decode()
    cell = re.search(r'field-submitted_at[^>]*>\s*<time datetime="([^"]+)" title="([^"]+)">([^<]+)</time>', page)
    assert cell is not None
    date = date_format(at, "DATETIME_FORMAT")
    assert (datetime.fromisoformat(cell[1]), cell[2], cell[3]) == (at, date, shown or date)


def test_sort_a_list_that_shows_them_relative_to_now(desk: Browser, acme: Client) -> None:
    older, newer = (IntakeFactory(client=acme, submitted_at=SENT + timedelta(days=day)) for day in (0, 1))
    address = reverse("admin:onboarding_intake_changelist")
    orders = [list(desk.get(address, {"o": order}).context["cl"].result_list) for order in ("4", "-4")]
    assert orders == [[older, newer], [newer, older]]
