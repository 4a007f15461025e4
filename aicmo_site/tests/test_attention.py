"""An entry of a worklist …"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from uuid_utils.compat import uuid7

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_run, a_strategy
from aicmo_site.tests.test_home import HOME, MOST_QUERIES, titles
from apps.identity import services
from apps.identity.models import Attention, Client, User
from apps.identity.rules import DeskRow, put_off_until
from apps.observability.models import AuditEntry
from apps.shared.desk import SHOWN
from apps.strategy.models import Strategy


@pytest.fixture
def mia(member_of: Callable[[str], User]) -> User:
    person = member_of("Strategist")
    person.full_name = "Mia"
    person.save()
    return person


def address(strategy: Strategy) -> str:
    return reverse("admin:attend", args=["strategy.strategy", strategy.pk])


def do(browser: Browser, strategy: Strategy, deed: str) -> Any:
    return browser.post(address(strategy), {"deed": deed})


def shown(browser: Browser) -> list[str]:
    """Return the links of what is shown first, in their order."""
    worklists = browser.get(HOME).context["worklists"]
    return [entry.what for worklist in worklists for entry in worklist.entries]


def let_pass(**time: float) -> None:
    """Let time go by for all that was put off."""
    for attention in Attention.objects.filter(snoozed_until__isnull=False):
        moved = attention.snoozed_until - timedelta(**time)
        Attention.objects.filter(pk=attention.pk).update(snoozed_until=moved)


def test_is_put_off_and_comes_back_by_itself(desk: Browser, owner: User, acme: Client) -> None:
    strategy = a_strategy(acme)
    do(desk, strategy, "hour")
    home = desk.get(HOME)
    assert titles(home) == set()
    assert "Put off" in home.content.decode()
    entry = AuditEntry.objects.get(action="WorkPutOff")
    assert (entry.actor_id, entry.client_id, entry.facts["object_id"]) == (owner.pk, acme.pk, str(strategy.pk))
    let_pass(minutes=59)
    assert titles(desk.get(HOME)) == set()
    let_pass(minutes=2)
    assert str(strategy.pk) in shown(desk)[0]


def test_is_put_off_in_the_list_behind_the_count_as_well(desk: Browser, acme: Client) -> None:
    one, other = a_strategy(acme), a_strategy(acme)
    do(desk, one, "tomorrow")
    (worklist,) = desk.get(HOME).context["worklists"]
    assert worklist.count == 1
    assert list(desk.get(worklist.url).context["cl"].result_list) == [other]


def test_is_put_off_for_nobody_else(desk: Browser, acme: Client, mia: User) -> None:
    do(desk, a_strategy(acme), "monday")
    assert titles(desk_of(mia).get(HOME)) == {"Strategies to approve"}


def test_is_shown_again_before_its_time(desk: Browser, acme: Client) -> None:
    strategy = a_strategy(acme)
    do(desk, strategy, "monday")
    do(desk, strategy, "now")
    assert titles(desk.get(HOME)) == {"Strategies to approve"}


@pytest.mark.parametrize(
    ("key", "at", "zone", "until"),
    [
        ("hour", "2026-03-05T22:30", "UTC", "2026-03-05T23:30"),
        ("tomorrow", "2026-03-05T22:30", "UTC", "2026-03-06T09:00"),
        ("tomorrow", "2026-03-05T22:30", "Asia/Tokyo", "2026-03-07T00:00"),
        ("tomorrow", "2026-03-28T12:00", "Europe/Berlin", "2026-03-29T07:00"),  # the clocks go forward that night
        ("monday", "2026-03-05T22:30", "America/New_York", "2026-03-09T13:00"),
        ("monday", "2026-03-09T08:00", "UTC", "2026-03-16T09:00"),
        ("monday", "2026-03-15T23:30", "Asia/Tokyo", "2026-03-23T00:00"),  # it is Monday there
    ],
)
def test_comes_back_when_the_person_s_clock_says_so(key: str, at: str, zone: str, until: str) -> None:
    asked, expected = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (at, until))
    assert put_off_until(key, asked, ZoneInfo(zone)) == expected


def test_that_is_mine_comes_first(desk: Browser, acme: Client) -> None:
    strategies = [a_strategy(acme) for _ in range(SHOWN + 3)]
    last = strategies[-1]
    assert not any(str(last.pk) in what for what in shown(desk))
    do(desk, last, "take")
    assert str(last.pk) in shown(desk)[0]
    assert str(strategies[0].pk) in shown(desk)[1]
    assert len(shown(desk)) == SHOWN
    assert desk.get(HOME).context["worklists"][0].count == SHOWN + 3
    assert "<strong>Yours</strong>" in desk.get(HOME).content.decode()


def test_says_whose_it_is_and_is_given_back(desk: Browser, owner: User, acme: Client, mia: User) -> None:
    strategy = a_strategy(acme)
    do(desk_of(mia), strategy, "take")
    assert "Mia sees to it" in desk.get(HOME).content.decode()
    do(desk, strategy, "give_back")
    assert "Mia sees to it" not in desk.get(HOME).content.decode()
    actions = (
        AuditEntry.objects.filter(object_type="identity.attention").order_by("pk").values_list("action", "actor_id")
    )
    assert list(actions) == [("WorkAssigned", mia.pk), ("WorkGivenBack", owner.pk)]


def test_has_one_assignee(desk: Browser, acme: Client, mia: User) -> None:
    strategy = a_strategy(acme)
    do(desk, strategy, "take")
    do(desk_of(mia), strategy, "take")
    assert [each.person for each in Attention.objects.filter(is_assigned=True)] == [mia]
    columns = {"table": "strategy.strategy", "object_id": strategy.pk, "is_assigned": True}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attention.objects.filter(is_assigned=False).update(**columns)


def test_is_assigned_to_a_colleague_who_may_act_on_it(
    desk: Browser, acme: Client, mia: User, member_of: Callable[[str], User]
) -> None:
    strategy, sales, gone = a_strategy(acme), member_of("Sales"), member_of("Strategist")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    offered = set(desk.get(address(strategy)).context["form"].fields["person"].queryset)
    assert mia in offered
    assert not offered & {sales, gone}
    for other in (sales, gone):
        assert desk.post(address(strategy), {"person": other.pk}).status_code == 200
    assert not Attention.objects.exists()
    desk.post(address(strategy), {"person": mia.pk})
    assert Attention.objects.get().person == mia


def test_is_assigned_to_nobody_who_may_not_see_its_client(
    desk: Browser, settings: Any, acme: Client, member_of: Callable[[str], User]
) -> None:
    settings.OWN_CLIENTS_ONLY = True
    hers, others = member_of("Account manager"), member_of("Account manager")
    Client.objects.filter(pk=acme.pk).update(account_manager=hers)
    run = a_run(acme, "FAILED")
    offered = desk.get(reverse("admin:attend", args=["orchestration.workflowrun", run.pk])).context["form"]
    assert hers in offered.fields["person"].queryset
    assert others not in offered.fields["person"].queryset


def test_is_left_alone_by_who_cannot_act_or_may_not_see_it(
    settings: Any, globex: Client, member_of: Callable[[str], User]
) -> None:
    strategy, run = a_strategy(globex), a_run(globex, "FAILED")
    assert do(desk_of(member_of("Sales")), strategy, "take").status_code == 403
    settings.OWN_CLIENTS_ONLY = True
    manager = desk_of(member_of("Account manager"))
    for pk in (run.pk, uuid7()):
        address_of_run = reverse("admin:attend", args=["orchestration.workflowrun", pk])
        answer = manager.post(address_of_run, {"deed": "take"}, follow=True)
        assert "It does not need anybody any more." in answer.content.decode()
    assert not Attention.objects.exists()


@pytest.mark.parametrize("table", ["identity.user", "strategy.kpi", "no.such", "strategy_strategy"])
def test_is_one_of_a_worklist(desk: Browser, table: str) -> None:
    assert desk.post(reverse("admin:attend", args=[table, uuid7()]), {"deed": "take"}).status_code == 404


def test_changes_by_post_alone_and_by_known_deeds(desk: Browser, acme: Client) -> None:
    strategy = a_strategy(acme)
    desk.get(address(strategy), {"deed": "take"})
    do(desk, strategy, "year")
    assert not Attention.objects.exists()


def test_is_harmless_when_it_needs_nobody_any_more(desk: Browser, acme: Client) -> None:
    strategy = a_strategy(acme)
    do(desk, strategy, "take")
    do(desk, strategy, "tomorrow")
    Strategy.objects.all().delete()
    assert desk.get(HOME).status_code == 200
    assert desk.get(address(strategy)).status_code == 404
    answer = desk.post(address(strategy), {"deed": "now"}, follow=True)
    assert "It does not need anybody any more." in answer.content.decode()


def test_is_forgotten_in_time(owner: User, mia: User) -> None:
    now = timezone.now()
    table = {"table": "strategy.strategy", "client_id": None}
    over, later, old, young = (DeskRow(id=uuid7(), **table) for _ in range(4))
    services.put_off(over, by=owner.pk, until=now - timedelta(minutes=1))
    services.put_off(later, by=owner.pk, until=now + timedelta(minutes=1))
    for row in (old, young):
        services.assign(row, to=mia.pk, by=owner.pk)
    Attention.objects.filter(object_id=old.id).update(updated_at=now - timedelta(days=91))
    assert services.forget_attention(at=now) == 2
    assert set(Attention.objects.values_list("object_id", flat=True)) == {later.id, young.id}


def test_costs_no_query_of_its_own_however_many_are_seen_to(desk: Browser, owner: User, acme: Client) -> None:
    counts = []
    for more in (6, 20):
        for strategy in [a_strategy(acme) for _ in range(more)]:
            services.assign(DeskRow("strategy.strategy", strategy.pk, acme.pk), to=owner.pk, by=owner.pk)
        with CaptureQueriesContext(connection) as captured:
            desk.get(HOME)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= MOST_QUERIES
