"""A draft in the portal …"""

from datetime import UTC, datetime

import pytest
from django.dispatch import receiver
from uuid_utils.compat import uuid7

from apps.identity.models import Client
from apps.identity.tests.factories import MembershipFactory, Portal
from apps.onboarding.tests.factories import dental_brief
from apps.production import services
from apps.production.api import ports
from apps.production.api.events import DraftShown
from apps.production.models import Draft
from apps.production.tests.factories import draft_for
from apps.shared.events import event_published
from apps.strategy.tests.factories import run_context, strategy_for

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def draft_of(client: Client) -> Draft:
    brief = dental_brief().model_copy(update={"client_id": client.pk})
    strategy = strategy_for(brief)
    return services.store_draft(brief, strategy, draft_for(brief, strategy), run=run_context(brief))


@pytest.fixture
def portal(acme: Client) -> Portal:
    return Portal(MembershipFactory(client=acme, role="VIEWER"))


def test_does_not_exist_until_it_is_shown(portal: Portal, acme: Client) -> None:
    draft = draft_of(acme)
    assert portal.get(f"drafts/{draft.pk}").status_code == 404
    assert portal.get("drafts").json()["results"] == []
    ports.show_draft(draft_id=draft.pk, at=NOW)
    shown = portal.get(f"drafts/{draft.pk}").json()
    assert [each["heading"] for each in shown["sections"]] == [each.heading for each in draft.sections.all()]
    assert len(shown["calendar"]) == draft.calendar.count() > 0
    assert shown["shown_at"] == "2026-03-03T00:00:00Z"


def test_tells_nothing_of_who_wrote_it_and_how(portal: Portal, acme: Client) -> None:
    draft = draft_of(acme)
    ports.show_draft(draft_id=draft.pk, at=NOW)
    shown = portal.get(f"drafts/{draft.pk}").json()
    told = {*shown, *shown["sections"][0]}
    assert not told & {"provider", "prompt_version", "tokens", "benchmark", "author", "reason", "run_id"}
    assert "offline" not in str({name: value for name, value in shown.items() if name != "sections"})


def test_is_shown_once(acme: Client) -> None:
    draft = draft_of(acme)
    told = []
    noted = receiver(event_published, sender=DraftShown)(lambda event, **_: told.append(event.aggregate_id))
    ports.show_draft(draft_id=draft.pk, at=NOW)
    ports.show_draft(draft_id=draft.pk, at=datetime.now(UTC))
    ports.show_draft(draft_id=uuid7(), at=NOW)
    event_published.disconnect(noted, sender=DraftShown)
    draft.refresh_from_db()
    assert (draft.shown_at, told) == (NOW, [draft.pk])


def test_of_another_client_does_not_exist(portal: Portal, globex: Client) -> None:
    draft = draft_of(globex)
    ports.show_draft(draft_id=draft.pk, at=NOW)
    foreign, missing = portal.get(f"drafts/{draft.pk}"), portal.get(f"drafts/{uuid7()}")
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert portal.get(f"drafts?strategy_id={draft.strategy_id}").json()["results"] == []
