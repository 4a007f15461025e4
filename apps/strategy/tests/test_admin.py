"""The strategist's desk."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.onboarding.api.dtos import Brief
from apps.strategy import services
from apps.strategy.models import Strategy
from apps.strategy.tests.conftest import Store

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


def _allow(user: User, *codenames: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="strategy", codename__in=codenames))


@pytest.fixture
def desk(client: Browser, strategist: User) -> Browser:
    """A browser of a strategist who may do everything here."""
    parts = ("view_kpi", "view_channelplan", "view_milestone")
    _allow(strategist, "view_strategy", "approve_strategy", "reject_strategy", *parts)
    client.force_login(strategist)
    return client


def _page(strategy: Strategy) -> str:
    return reverse("admin:strategy_strategy_change", args=[strategy.pk])


def _button(strategy: Strategy, name: str) -> str:
    return reverse(f"admin:strategy_strategy_{name}", args=[strategy.pk])


def test_shows_the_layers_as_sections_not_as_json(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    assert '<h3 class="font-semibold">Business reality</h3>' in page
    assert "<em>Growth constraint</em>" in page
    assert "business_model_summary" not in page


def test_shows_what_the_strategy_consists_of(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    assert "Google search ads" in page
    assert "Cost per booked consultation" in page
    assert "Tracking is live" in page


def test_escapes_what_the_client_wrote(desk: Browser, brief: Brief, store: Store) -> None:
    strategy = store(brief.model_copy(update={"pain_points": ("<script>alert(1)</script>",)}))
    assert "<script>alert(1)" not in desk.get(_page(strategy)).content.decode()


def test_offers_the_buttons_for_a_draft(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    assert _button(drafted, "approve") in page
    assert _button(drafted, "reject") in page


def test_offers_no_button_once_decided(desk: Browser, drafted: Strategy, strategist: User) -> None:
    services.approve_strategy(drafted, by=strategist.pk, at=AT)
    page = desk.get(_page(drafted)).content.decode()
    assert _button(drafted, "approve") not in page
    assert _button(drafted, "reject") not in page


def test_offers_no_button_to_somebody_who_may_only_read(client: Browser, drafted: Strategy, reviewer: User) -> None:
    _allow(reviewer, "view_strategy")
    client.force_login(reviewer)
    page = client.get(_page(drafted))
    assert page.status_code == 200
    assert _button(drafted, "approve") not in page.content.decode()
    assert client.post(_button(drafted, "approve"), {"_form_submitted": "1"}).status_code == 403
    assert Strategy.objects.get(pk=drafted.pk).state == "DRAFT"


def test_approves_by_post_only(desk: Browser, drafted: Strategy, strategist: User) -> None:
    desk.get(_button(drafted, "approve"))
    assert Strategy.objects.get(pk=drafted.pk).state == "DRAFT"
    desk.post(_button(drafted, "approve"), {"_form_submitted": "1"})
    row = Strategy.objects.get(pk=drafted.pk)
    assert (row.state, row.approved_by) == ("APPROVED", strategist)
    assert row.decided_at is not None


def test_rejects_with_a_reason_only(desk: Browser, drafted: Strategy) -> None:
    desk.post(_button(drafted, "reject"), {"_form_submitted": "1", "reason": ""})
    assert Strategy.objects.get(pk=drafted.pk).state == "DRAFT"
    desk.post(_button(drafted, "reject"), {"_form_submitted": "1", "reason": "Too broad."})
    row = Strategy.objects.get(pk=drafted.pk)
    assert (row.state, row.reason) == ("REJECTED", "Too broad.")


def test_finds_strategies_by_client_without_a_query_per_row(
    desk: Browser, brief: Brief, store: Store, django_assert_max_num_queries: object
) -> None:
    for _ in range(5):
        store(brief)
    with django_assert_max_num_queries(12):
        page = desk.get(reverse("admin:strategy_strategy_changelist"), {"q": "Acme"})
    assert page.content.decode().count("Strategy v") >= 5
    assert "Strategy v" not in desk.get(reverse("admin:strategy_strategy_changelist"), {"q": "Nobody"}).content.decode()


@pytest.mark.parametrize("part", ["kpi", "channelplan", "milestone"])
def test_lists_the_parts_of_all_strategies(desk: Browser, drafted: Strategy, part: str) -> None:
    page = desk.get(reverse(f"admin:strategy_{part}_changelist"))
    assert page.status_code == 200
    assert "Acme · v1" in page.content.decode()


def test_lets_nobody_edit_by_hand(desk: Browser, drafted: Strategy) -> None:
    desk.post(_page(drafted), {"executive_summary": "changed"})
    assert Strategy.objects.get(pk=drafted.pk).executive_summary == drafted.executive_summary
