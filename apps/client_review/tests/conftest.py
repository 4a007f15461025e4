"""Drafts in front of acme, and those who speak for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from apps.client_review import services
from apps.client_review.api.dtos import Decision, RevisionRequest
from apps.client_review.models import Review
from apps.identity.models import Client, User
from apps.identity.tests.factories import MembershipFactory, UserFactory
from apps.onboarding.api.dtos import Brief
from apps.onboarding.tests.factories import dental_brief
from apps.production.api.dtos import Draft
from apps.production.tests.factories import draft_for
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.workflow import RunContext
from apps.strategy.tests.factories import strategy_for

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
Send = Callable[..., Review]


@pytest.fixture
def brief(acme: Client) -> Brief:
    """A brief of acme."""
    return dental_brief(client_id=acme.pk)


@pytest.fixture
def draft(brief: Brief) -> Draft:
    """A draft for acme."""
    return draft_for(brief, strategy_for(brief))


@pytest.fixture
def run(acme: Client) -> RunContext:
    """A workflow run for acme."""
    return RunContext(id=uuid7(), client_id=acme.pk, position=5, round=1, at=AT)


@pytest.fixture
def send(draft: Draft, run: RunContext) -> Send:
    """Puts a draft in front of its client, as a workflow does."""
    return lambda draft=draft, run=run: services.send_for_review(draft, run=run)


@pytest.fixture
def review(send: Send) -> Review:
    """The first round of acme's work."""
    return send()


@pytest.fixture
def approver(acme: Client) -> User:
    """Somebody of acme who may decide."""
    return MembershipFactory(client=acme, user=UserFactory(is_staff=False, full_name="Ann Approver")).user


def decision(review: Review, verdict: str = "APPROVED", **fields: Any) -> Decision:
    """Return a decision about exactly what is in front of the client."""
    return Decision(**{"verdict": verdict, "draft_sha256": review.draft_sha256} | fields)


def request(section: str = "overview", change: str = "Shorter.", priority: str = "MUST") -> RevisionRequest:
    return RevisionRequest(section=section, change=change, priority=priority)


@pytest.fixture
def changes_requested(review: Review, approver: User) -> Review:
    """A first round of which the client wants the overview changed."""
    wanted = decision(review, "CHANGES_REQUESTED", requests=(request(),), text="Nearly there.")
    return services.record_decision(review, wanted, by=approver.pk, at=AT)


def next_draft(draft: Draft, text: str = "### Anew\n\nAs you asked.\n") -> Draft:
    """Return the draft with another overview, as a later round."""
    sections = [
        each.model_copy(update={"markdown": text}) if each.key == "overview" else each for each in draft.sections
    ]
    return draft.model_copy(update={"id": uuid7(), "round": draft.round + 1, "sections": tuple(sections)})


@pytest.fixture
def published() -> Iterator[list[tuple[Event, AuditNote]]]:
    """The events published during the test, each with its note, in order."""
    heard: list[tuple[Event, AuditNote]] = []

    def hear(event: Event, note: AuditNote, **_: object) -> None:
        heard.append((event, note))

    event_published.connect(hear)
    yield heard
    event_published.disconnect(hear)


def names(published: list[tuple[Event, AuditNote]]) -> list[str]:
    return [event.name for event, _ in published]
