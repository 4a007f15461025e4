"""Retention at the desk …"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory, MembershipFactory
from apps.retention import services
from apps.retention.models import (
    HealthScore,
    Lifecycle,
    Opportunity,
    Play,
    PlayTask,
    Renewal,
    RenewalTask,
    Signal,
    Survey,
)
from apps.retention.rules import week_of
from apps.retention.tests.conftest import member_of
from apps.retention.tests.factories import (
    BEST,
    WORST,
    HealthScoreFactory,
    LifecycleFactory,
    OpportunityFactory,
    PlayFactory,
    PlayTaskFactory,
    RenewalFactory,
    RenewalTaskFactory,
    SignalFactory,
    SurveyFactory,
    in_danger,
)
from apps.shared.desk import list_of, page_of
from apps.shared.testing import send_dialog

HOME = reverse("admin:index")
OF_A_CLIENT = (
    *(LifecycleFactory, HealthScoreFactory, OpportunityFactory),
    *(PlayFactory, RenewalFactory, SurveyFactory),
)


def press(browser: Browser, row: Any, name: str, **said: str) -> Any:
    address = reverse(f"admin:retention_{row._meta.model_name}_{name}", args=[row.pk])
    return send_dialog(browser, address, **said)


def worklist(browser: Browser, title: str) -> Any:
    return next((each for each in browser.get(HOME).context["worklists"] if each.title == title), None)


def text_of(browser: Browser, address: str) -> str:
    return browser.get(address).content.decode()


def test_shows_a_client_s_score_factor_by_factor_and_what_was_not_measured(desk: Browser, acme: Client) -> None:
    in_danger(acme, timezone.now())
    lifecycle = LifecycleFactory(client=acme)
    assert "No score is frozen yet" in text_of(desk, page_of(lifecycle))
    press(desk, lifecycle, "assess_renewal_risk")
    page = text_of(desk, page_of(lifecycle))
    row = HealthScore.objects.get()
    assert row.inputs["OVERDUE_INVOICES"] == "2"
    assert "2 invoices are overdue." in page
    assert 'low="0.35" high="0.65" optimum="0" value="1.0000"' in page
    assert "No report was published yet, or the last one measured no target." in page
    assert page.count("<td>not measured</td>") == page.count(", left out</td>") == 3
    assert "2 invoices are overdue." in text_of(desk, page_of(row))


def test_escapes_what_people_wrote(desk: Browser, acme: Client) -> None:
    survey = SurveyFactory(client=acme, comment="<script>x</script>")
    for address in (page_of(LifecycleFactory(client=acme)), page_of(survey), HOME, list_of(Survey)):
        assert "<script>x" not in text_of(desk, address)


def test_names_on_the_first_page_what_needs_somebody(desk: Browser, acme: Client) -> None:
    assert not desk.get(HOME).context["worklists"]
    HealthScoreFactory(client=acme)
    HealthScoreFactory(client=acme, is_rise=False, week_start_date="2026-03-09")
    SurveyFactory(client=acme)
    SurveyFactory(client=acme, score=7)
    RenewalTaskFactory(renewal=RenewalFactory(client=acme))
    assert "LOW to HIGH, 70\xa0%." in worklist(desk, "Clients who became likelier to leave").entries[0].why
    (unheard,) = worklist(desk, "Who would not recommend us").entries
    assert unheard.why == "3 of 10. It took too long."
    (ends,) = worklist(desk, "Contracts that end").entries
    assert "Look at the year with the client" in ends.why
    assert "Seen to by nobody." in ends.why
    page = text_of(desk, HOME)
    assert all(f"needs={key}" in page for key in ("risen", "unheard", "due"))


def test_lets_scores_go_from_the_first_page_after_two_weeks(desk: Browser, acme: Client) -> None:
    monday = timezone.now().date() - timedelta(days=timezone.now().weekday() + 21)
    HealthScoreFactory(client=acme, week_start_date=monday)
    assert worklist(desk, "Clients who became likelier to leave") is None


def test_records_what_becomes_of_a_contract(desk: Browser, acme: Client, manager: User) -> None:
    task = RenewalTaskFactory(renewal=RenewalFactory(client=acme))
    press(desk, task, "complete_renewaltask", reason="They want a shop.")
    press(desk, task.renewal, "take_renewal")
    assert Renewal.objects.get().owner == manager
    assert RenewalTask.objects.get().note == "They want a shop."
    press(desk, task.renewal, "lose_renewal", reason="Too dear.")
    assert (Renewal.objects.get().state, Lifecycle.objects.get().stage) == ("LOST", "CHURNED")
    assert not worklist(desk, "Contracts that end")


def test_asks_people_and_closes_the_loop(desk: Browser, acme: Client) -> None:
    lifecycle = LifecycleFactory(client=acme)
    assert "no people" in press(desk, lifecycle, "send_survey").content.decode()
    MembershipFactory(client=acme)
    press(desk, lifecycle, "send_survey")
    survey = services.answer_survey(Survey.objects.get(), score=2, comment="Slow.", at=timezone.now())
    press(desk, survey, "follow_up_survey", reason="We call weekly now.")
    assert Survey.objects.get().note == "We call weekly now."
    assert "We call weekly now." in text_of(desk, page_of(lifecycle))


def test_ends_an_onboarding_by_hand(desk: Browser, acme: Client) -> None:
    lifecycle = LifecycleFactory(client=acme)
    press(desk, lifecycle, "activate_lifecycle", reason="They came with work in hand.")
    assert Lifecycle.objects.get().stage == "ACTIVE"


@pytest.mark.parametrize("role", ["Strategist", "Sales", "Finance"])
def test_is_looked_at_and_not_changed_by_others(acme: Client, role: str) -> None:
    browser = Browser()
    browser.force_login(member_of(role))
    lifecycle, renewal, survey = LifecycleFactory(client=acme), RenewalFactory(client=acme), SurveyFactory(client=acme)
    for row, name in (
        *((lifecycle, "send_survey"), (lifecycle, "assess_renewal_risk"), (lifecycle, "activate_lifecycle")),
        *((renewal, "renew_renewal"), (renewal, "lose_renewal"), (renewal, "take_renewal")),
        *((survey, "follow_up_survey"), (RenewalTaskFactory(renewal=renewal), "complete_renewaltask")),
    ):
        assert browser.get(page_of(row)).status_code == 200
        assert press(browser, row, name, reason="I can.").status_code in (302, 403), name
    assert (Lifecycle.objects.get().stage, Renewal.objects.get().state) == ("ONBOARDING", "OPEN")
    assert Survey.objects.get().followed_up_at is None
    assert not HealthScore.objects.exists()


def test_stands_on_a_tab_of_the_client(desk: Browser, acme: Client, globex: Client) -> None:
    for client in (acme, globex):
        rows = [each(client=client) for each in OF_A_CLIENT]
    page = desk.get(reverse("admin:client_tab", args=[acme.pk, "retention"]))
    assert [len(table.rows) for table in page.context["tables"]] == [1] * len(OF_A_CLIENT)
    assert not any(page_of(row) in page.content.decode() for row in rows)


@pytest.mark.parametrize(
    "model", [Lifecycle, HealthScore, Opportunity, Play, PlayTask, Renewal, RenewalTask, Signal, Survey]
)
def test_costs_the_same_few_queries_for_any_number(desk: Browser, asks_at_most: Callable, model: type) -> None:
    made = (LifecycleFactory, HealthScoreFactory, OpportunityFactory, SignalFactory, SurveyFactory)
    for _ in range(9):
        client = ClientFactory()
        for each in made:
            each(client=client)
        RenewalTaskFactory(renewal__client=client)
        PlayTaskFactory(play__client=client)
    with asks_at_most(12):
        assert len(desk.get(list_of(model)).context["cl"].result_list) == 9


def test_reads_a_client_s_page_with_few_queries(desk: Browser, acme: Client, asks_at_most: Callable) -> None:
    lifecycle = LifecycleFactory(client=acme)
    for _ in range(5):
        RenewalTaskFactory(renewal__client=acme)
        SurveyFactory(client=acme)
        ended = {"state": "STOPPED", "ended_at": timezone.now(), "ended_by": acme.account_manager, "outcome": "So."}
        PlayTaskFactory(play=PlayFactory(client=acme, **ended))
        OpportunityFactory(client=acme, state="DROPPED")
    HealthScoreFactory(client=acme)
    with asks_at_most(20):
        desk.get(page_of(lifecycle))


def test_takes_up_what_a_client_could_buy_more(desk: Browser, acme: Client) -> None:
    lifecycle = LifecycleFactory(client=acme)
    for _ in range(3):
        SignalFactory(client=acme, kind="DELIVERED", at=timezone.now())
    press(desk, lifecycle, "detect_opportunities")
    (entry,) = worklist(desk, "What clients could buy more").entries
    assert entry.why == "3 deliveries in 90 days, and no contract."
    row = Opportunity.objects.get()
    page = text_of(desk, page_of(row))
    assert all(page_of(signal) in page for signal in Signal.objects.all())
    assert "Offer a retainer" in text_of(desk, page_of(lifecycle))
    press(desk, row, "win_opportunity", reason="From April on.")
    assert Opportunity.objects.get().state == "WON"
    assert worklist(desk, "What clients could buy more") is None
    assert "From April on." in text_of(desk, page_of(lifecycle))


def test_plays_a_playbook_to_its_end(desk: Browser, acme: Client, manager: User) -> None:
    in_danger(acme, timezone.now())
    lifecycle = LifecycleFactory(client=acme)
    press(desk, lifecycle, "assess_renewal_risk")
    assert "for what weighs most now: Win back their attention, Clear the account" in text_of(desk, page_of(lifecycle))
    press(desk, lifecycle, "start_clear_the_account", reason="Two are overdue.")
    answer = press(desk, lifecycle, "start_clear_the_account", reason="Again.").content.decode()
    assert "It runs for this client already" in answer
    (due,) = worklist(desk, "Tasks of playbooks").entries
    assert due.why.startswith("Clear the account. Due ")
    press(desk, PlayTask.objects.get(position=0), "complete_playtask", reason="300, since May.")
    press(desk, Play.objects.get(), "finish_play", reason="Paid in full.")
    play = Play.objects.get()
    assert (play.state, play.started_by, play.score_before) == ("FINISHED", manager, HealthScore.objects.get())
    assert worklist(desk, "Tasks of playbooks") is None
    assert "Paid in full." in text_of(desk, page_of(lifecycle))


def decided(client: Client, by: User, outcome: str, *levels: str) -> Renewal:
    """Decide a renewal today, before which so many weeks had these levels, the last of them this week."""
    week = week_of(timezone.now())
    inputs = {"LOW": BEST, "HIGH": WORST}
    for ago, level in enumerate(reversed(levels)):
        seen = {name: str(value) for name, value in inputs[level].items()}
        facts = {"level": level, "score": 1 if level == "HIGH" else 0, "inputs": seen}
        HealthScoreFactory(client=client, week_start_date=week - timedelta(weeks=ago), **facts)
    said = {"decided_at": timezone.now(), "decided_by": by, "reason": "So."}
    return RenewalFactory(client=client, state=outcome, **said)


def test_says_when_the_score_would_have_warned(manager: User, desk: Browser, asks_at_most: Callable) -> None:
    cases = {
        "WARNED": ("LOST", "LOW", "HIGH", "HIGH"),
        "MISSED": ("LOST", "LOW"),
        "FALSE_ALARM": ("RENEWED", "HIGH"),
        "QUIET": ("RENEWED", "LOW"),
        "UNSCORED": ("LOST",),
    }
    for outcome, *levels in cases.values():
        decided(ClientFactory(), manager, outcome, *levels)
    with asks_at_most(12):
        page = desk.get(reverse("admin:retention_healthscore_backtest"))
    tried = {each.verdict: each for each, *_ in page.context["tried"]}
    assert set(tried) == set(cases)
    assert tried["WARNED"].warned_on == week_of(timezone.now()) - timedelta(weeks=1)
    assert page.context["differing"] == 0
    assert "computed again from what was frozen, and all came out the same" in page.content.decode()


def test_names_scores_that_their_frozen_inputs_do_not_give(acme: Client, manager: User, desk: Browser) -> None:
    HealthScoreFactory(client=acme, score="0.7000")
    decided(acme, manager, "LOST")
    page = desk.get(reverse("admin:retention_healthscore_backtest"))
    assert page.context["differing"] == 1
    assert "1 score is not what its frozen inputs give" in page.content.decode()
