"""A review in front of a client …"""

from datetime import timedelta

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from apps.client_review import rules, services
from apps.client_review.models import Notice
from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory
from apps.onboarding.tests.factories import dental_brief
from apps.orchestration.models import EventReceipt, OutboxEvent
from apps.orchestration.services import outbox
from apps.production.tests.factories import draft_for
from apps.shared.workflow import RunContext
from apps.strategy.tests.factories import strategy_for


@pytest.mark.django_db(transaction=True)
def test_is_mailed_once_though_its_events_reach_the_reactions_twice(acme: Client) -> None:
    MembershipFactory(client=acme)
    brief, now = dental_brief(client_id=acme.pk), timezone.now()
    run = RunContext(id=uuid7(), client_id=acme.pk, position=5, round=1, at=now)
    services.send_for_review(draft_for(brief, strategy_for(brief)), run=run)
    services.chase_reviews(at=now + rules.DUE_IN - timedelta(days=1))
    for _ in range(2):
        outbox.dispatch_events()
        EventReceipt.objects.filter(reaction__startswith="mail_of_").delete()
        OutboxEvent.objects.update(dispatched_at=None, wake_at=None)
    assert sorted(Notice.objects.values_list("kind", flat=True)) == ["BEFORE", "NEW"]
