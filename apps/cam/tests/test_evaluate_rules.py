"""The rules of a campaign …"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from apps.cam.api.events import CampaignPaused, PauseRuleSet
from apps.cam.models import Alert, Campaign, CampaignSnapshot, PauseRule
from apps.cam.services.campaigns import resume_campaign
from apps.cam.services.pauses import (
    evaluate_campaign,
    evaluate_rules,
    give_rules,
    set_pause_rule,
    switch_off,
    switch_on,
)
from apps.cam.tests.conftest import AT
from apps.identity.models import User

pytestmark = pytest.mark.django_db

Stand = Callable[..., CampaignSnapshot]


@pytest.fixture
def active(campaign: Campaign) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(state="ACTIVE")
    campaign.refresh_from_db()
    give_rules(campaign)
    return campaign


@pytest.fixture
def stand(active: Campaign) -> Stand:
    """Let the campaign stand so, on a day."""

    def stand(days_ago: int = 0, **counts: int) -> CampaignSnapshot:
        at = AT - timedelta(days=days_ago)
        kept = {"counted_at": at, "mark": uuid7(), **counts}
        return CampaignSnapshot.objects.update_or_create(campaign=active, day=at.date(), defaults=kept)[0]

    return stand


def _rule(campaign: Campaign, kind: str) -> PauseRule:
    return PauseRule.objects.get(campaign=campaign, kind=kind)


@pytest.mark.parametrize(
    ("kind", "counts", "words"),
    [
        ("BOUNCES", {"sent": 40, "bounced_hard": 3}, "3 of 40 mails bounced"),
        ("COMPLAINTS", {"sent": 200, "complaints": 1}, "1 of 200 mails were called spam"),
        ("FEW_REPLIES", {"contacted": 60, "replied": 1}, "1 of 60 people answered"),
        ("POSITIVE_TARGET", {"positive": 10}, "10 positive replies"),
        ("MEETING_TARGET", {"meetings": 6}, "6 meetings"),
        ("LOST", {"contacted": 20, "lost": 11}, "11 of 20 leads"),
    ],
)
def test_pause_it_once_and_say_why(
    active: Campaign, stand: Stand, salesperson: User, kind: str, counts: dict[str, int], words: str
) -> None:
    PauseRule.objects.filter(campaign=active, kind=kind).update(is_on=True)
    stand(**counts)
    assert evaluate_rules(at=AT).paused == 1
    active.refresh_from_db()
    assert active.state == "PAUSED"
    assert words in active.pause_reason
    assert evaluate_rules(at=AT).paused == 0, "it is paused already"
    resume_campaign(active, by=salesperson.pk)
    assert evaluate_rules(at=AT).paused == 0, "a person has resumed it, knowing the numbers"
    active.refresh_from_db()
    assert active.state == "ACTIVE"


def test_pause_it_again_on_what_came_after_it_was_resumed(active: Campaign, stand: Stand, salesperson: User) -> None:
    stand(sent=40, bounced_hard=3)
    evaluate_campaign(active, at=AT)
    active.refresh_from_db()
    resume_campaign(active, by=salesperson.pk)
    stand(sent=60, bounced_hard=5)
    assert evaluate_campaign(active, at=AT)
    active.refresh_from_db()
    assert active.pause_reason == "2 of 20 mails bounced: 10 %, more than 5 %."
    assert Alert.objects.count() == 1, "the second pause of one moment"


def test_pause_it_when_nobody_has_qualified_for_three_months(active: Campaign, stand: Stand) -> None:
    for days_ago, qualified in ((120, 1), (91, 2), (30, 2), (0, 2)):
        stand(days_ago, qualified=qualified)
    assert evaluate_campaign(active, at=AT)
    active.refresh_from_db()
    assert active.pause_reason == "No lead has qualified for 91 days, more than 90."


def test_let_it_go_on_while_somebody_qualifies_now_and_then(active: Campaign, stand: Stand) -> None:
    for days_ago, qualified in ((120, 1), (60, 1), (0, 2)):
        stand(days_ago, qualified=qualified)
    assert not evaluate_campaign(active, at=AT)


def test_name_all_that_stopped_it_and_tell_people_once(
    active: Campaign, stand: Stand, published: list[tuple[Any, Any]]
) -> None:
    stand(sent=200, bounced_hard=20, complaints=2)
    evaluate_campaign(active, at=AT)
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.campaign_id) == ("CAMPAIGN_PAUSED", active.pk)
    assert "20 of 200 mails bounced" in alert.message
    assert "2 of 200 mails were called spam" in alert.message
    assert [type(event) for event, _ in published] == [CampaignPaused]
    assert published[0][1].actor_id is None


def test_are_not_heeded_when_switched_off(active: Campaign, stand: Stand, salesperson: User) -> None:
    stand(sent=40, bounced_hard=30)
    switch_off(_rule(active, "BOUNCES"), by=salesperson.pk, reason="a list of old addresses, we know")
    assert not evaluate_campaign(active, at=AT)
    switch_on(_rule(active, "BOUNCES"), by=salesperson.pk, reason="the list is through")
    assert evaluate_campaign(active, at=AT)


def test_are_set_by_a_person_who_says_why(
    active: Campaign, salesperson: User, published: list[tuple[Any, Any]]
) -> None:
    rule = _rule(active, "BOUNCES")
    set_pause_rule(rule, by=salesperson.pk, reason="stricter", limit=Decimal("0.02"), after=10)
    event, note = published[-1]
    assert isinstance(event, PauseRuleSet)
    assert (note.reason, note.before["after"], note.after["after"]) == ("stricter", 20, 10)
    for wrong in ({"reason": " ", "is_on": False}, {"reason": "x", "limit": Decimal(0)}):
        with pytest.raises(ValueError, match=r"reason is empty|limit must be"):
            set_pause_rule(rule, by=salesperson.pk, **wrong)  # type: ignore[arg-type]


def test_are_given_to_a_campaign_once(active: Campaign) -> None:
    give_rules(active)
    assert PauseRule.objects.filter(campaign=active).count() == len(PauseRule.Kind)


@pytest.mark.parametrize("state", ["DRAFT", "PAUSED", "COMPLETED"])
def test_stop_no_campaign_that_does_not_run(active: Campaign, stand: Stand, state: str) -> None:
    stand(sent=40, bounced_hard=30)
    Campaign.objects.filter(pk=active.pk).update(state=state, pause_reason="x" * (state == "PAUSED"))
    assert evaluate_rules(at=AT).items == 0
    assert not evaluate_campaign(active, at=AT)


def test_stop_no_campaign_that_nobody_has_counted(active: Campaign) -> None:
    assert not evaluate_campaign(active, at=AT)
