"""A list narrowed to days …"""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from aicmo_site.tests.factories import a_run_of
from apps.identity.models import Client, User
from apps.observability.models import AuditEntry
from apps.onboarding.tests.factories import IntakeFactory
from apps.orchestration.models import WorkflowRun
from apps.shared.desk import list_of

DAYS = {"created_at_from": "2026-03-05", "created_at_to": "2026-03-06"}
SECOND = timedelta(seconds=1)


def found(desk: Browser, address: str, **narrowed: str) -> list[object]:
    return list(desk.get(address, narrowed).context["cl"].result_list)


@pytest.mark.parametrize(
    ("zone", "first", "end"),
    [
        ("UTC", datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 3, 4, 11, tzinfo=UTC), datetime(2026, 3, 6, 11, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 5, 5, tzinfo=UTC), datetime(2026, 3, 7, 5, tzinfo=UTC)),
    ],
)
def test_holds_all_of_them_as_the_person_s_clock_has_it(
    desk: Browser, owner: User, zone: str, first: datetime, end: datetime
) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone=zone)
    for at in (first - SECOND, end):
        a_run_of(at, "COMPLETED")
    within = {a_run_of(first, "COMPLETED"), a_run_of(end - SECOND, "COMPLETED")}
    assert set(found(desk, list_of(WorkflowRun), **DAYS)) == within


def test_ends_with_the_last_of_them_however_long_that_day_is(desk: Browser, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Europe/Berlin")  # 25 October 2026 has 25 hours there
    late = a_run_of(datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), "COMPLETED")
    a_run_of(datetime(2026, 10, 25, 23, tzinfo=UTC), "COMPLETED")
    day = {"created_at_from": "2026-10-25", "created_at_to": "2026-10-25"}
    assert found(desk, list_of(WorkflowRun), **day) == [late]


def test_narrows_other_columns_alike(desk: Browser, acme: Client) -> None:
    sent = datetime(2026, 3, 6, 23, 59, tzinfo=UTC)
    intake = IntakeFactory(client=acme, submitted_at=sent)
    address = reverse("admin:onboarding_intake_changelist")
    assert found(desk, address, submitted_at_to="2026-03-06") == [intake]
    assert found(desk, address, submitted_at_to="2026-03-05") == []


@pytest.mark.parametrize("said", ["", "tomorrow", "2026-02-30", "9999-12-31", "0001-01-01", "2026-03-05' OR 1=1"])
def test_is_whole_where_that_is_no_day(desk: Browser, owner: User, said: str) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Pacific/Auckland")
    run = a_run_of(datetime(2026, 3, 5, tzinfo=UTC), "COMPLETED")
    key = "created_at_from" if said.startswith("0001") else "created_at_to"
    assert found(desk, list_of(WorkflowRun), **{key: said}) == [run]


@pytest.mark.parametrize(
    ("until", "is_found"),
    [(("2026-03-05", "22:30"), True), (("2026-03-05", "22:29"), False), (("2026-03-05", ""), True)],
)
def test_may_end_with_a_minute_in_the_audit(desk: Browser, owner: User, until: tuple[str, str], is_found: bool) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Asia/Tokyo")
    at = datetime(2026, 3, 5, 13, 30, 40, tzinfo=UTC)  # half past ten in the evening there
    columns = {"event_id": owner.pk, "object_id": owner.pk, "object_type": "identity.user", "action": "UserChanged"}
    entry = AuditEntry.objects.create(occurred_at=at, **columns)
    narrowed = {"occurred_at_to_0": until[0], "occurred_at_to_1": until[1], "occurred_at_from_0": "2026-03-05"}
    shown = found(desk, reverse("admin:observability_auditentry_changelist"), **narrowed)
    assert shown == ([entry] if is_found else [])
