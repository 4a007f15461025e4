"""The strategist's desk."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from uuid_utils.compat import uuid7

from apps.identity.models import User
from apps.onboarding.api.dtos import Brief
from apps.strategy import services
from apps.strategy.api.dtos import Layers
from apps.strategy.models import Kpi, Milestone, Strategy
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
    assert '<section class="desk-layer" id="layer-business_reality"><h3>Business reality</h3>' in page
    assert "<dt>Growth constraint</dt>" in page
    assert "business_model_summary" not in page


def test_shows_the_layers_from_the_first_to_the_eighth(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    places = [page.index(f'id="layer-{name}"') for name in Layers.model_fields]
    assert places == sorted(places)
    assert page.index("<dt>Problem</dt>") < page.index("<dt>Tension</dt>") < page.index("<dt>Resolution</dt>")


def test_shows_what_the_strategy_consists_of(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    assert "Google search ads" in page
    assert "Cost per booked consultation" in page
    assert "Tracking is live" in page


def test_escapes_what_the_client_wrote(desk: Browser, brief: Brief, store: Store) -> None:
    strategy = store(brief.model_copy(update={"pain_points": ("<script>alert(1)</script>",)}))
    page = desk.get(_page(strategy)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


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


SCRIPT = "<script>alert(1)</script>"


def _compared(one: Strategy, other: Strategy) -> str:
    return reverse("admin:strategy_strategy_compare", args=[one.pk, other.pk])


def test_lists_the_contents_with_links_into_the_text(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    for anchor in (
        "summary",
        "budget",
        "kpis",
        "milestones",
        "versions",
        *(f"layer-{name}" for name in drafted.layers),
    ):
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


def test_draws_the_budget_with_an_alternative_in_words(desk: Browser, drafted: Strategy) -> None:
    page = desk.get(_page(drafted)).content.decode()
    chart = page[page.index("<svg class=") : page.index("</svg>", page.index("<svg class="))]
    channels = drafted.channels.all()
    assert chart.count("<rect") == 2 * len(channels)
    for channel in channels:
        assert f"{channel.channel}: {channel.budget_share_pct.normalize():f} %" in chart
        assert f"{channel.budget_amount:,.0f} {drafted.budget_currency}" in chart
    assert 'role="img"' in chart


def test_draws_no_chart_without_channels(desk: Browser, drafted: Strategy) -> None:
    drafted.pk, drafted.version = uuid7(), 2
    drafted.save(force_insert=True)
    page = desk.get(_page(drafted)).content.decode()
    assert "This strategy has no channels." in page
    assert "desk-chart" not in page


def test_escapes_what_stands_in_the_tables_and_the_chart(desk: Browser, drafted: Strategy) -> None:
    drafted.channels.filter(position=1).update(channel=SCRIPT, role=SCRIPT, tactics=[SCRIPT])
    Kpi.objects.update(name=SCRIPT, unit=SCRIPT, source=SCRIPT)
    Milestone.objects.update(name=SCRIPT)
    Strategy.objects.update(executive_summary=SCRIPT)
    assert SCRIPT not in desk.get(_page(drafted)).content.decode()


def test_lists_the_versions_for_a_brief_with_their_state(
    desk: Browser, brief: Brief, store: Store, strategist: User
) -> None:
    first, second = store(brief), store(brief)
    services.reject_strategy(first, by=strategist.pk, at=AT, reason="Too broad.")
    page = desk.get(_page(second)).content.decode()
    versions = page[page.index('id="versions"') :]
    assert _compared(second, first) in versions
    assert _page(first) in versions
    assert "REJECTED" in versions


@pytest.mark.parametrize("turn", [slice(None), slice(None, None, -1)])
def test_shows_two_versions_side_by_side_with_the_older_left(
    desk: Browser, brief: Brief, store: Store, turn: slice
) -> None:
    first, second = store(brief), store(brief)
    Strategy.objects.filter(pk=first.pk).update(executive_summary="Answer in the morning.")
    Strategy.objects.filter(pk=second.pk).update(executive_summary="Answer in the evening.")
    page = desk.get(_compared(*(first, second)[turn])).content.decode()
    assert "<td>Answer in the <del>morning.</del></td><td>Answer in the <ins>evening.</ins></td>" in page
    assert page.count("Identical in both.") == len(first.layers) + 4  # frame, channels, KPIs, milestones


def test_compares_without_letting_client_text_act(desk: Browser, brief: Brief, store: Store) -> None:
    first, second = store(brief), store(brief)
    Strategy.objects.filter(pk=first.pk).update(executive_summary=SCRIPT)
    assert SCRIPT not in desk.get(_compared(first, second)).content.decode()


def test_compares_only_versions_for_the_same_brief(desk: Browser, brief: Brief, store: Store) -> None:
    first, foreign = store(brief), store(brief)
    Strategy.objects.filter(pk=foreign.pk).update(brief_id=foreign.pk)
    assert desk.get(_compared(first, foreign)).status_code == 404


def test_compares_nothing_for_staff_without_the_right(
    client: Browser, brief: Brief, store: Store, reviewer: User
) -> None:
    client.force_login(reviewer)
    assert client.get(_compared(store(brief), store(brief))).status_code == 403


def test_opens_in_few_queries(desk: Browser, brief: Brief, store: Store, django_assert_max_num_queries: object) -> None:
    versions = [store(brief) for _ in range(5)]
    for address in (_page(versions[0]), _compared(*versions[:2])):
        with django_assert_max_num_queries(12):
            assert desk.get(address).status_code == 200
