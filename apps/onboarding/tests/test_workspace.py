"""A client's onboarding …"""

import pytest
from django_fsm import TransitionNotAllowed
from uuid_utils.compat import uuid7

from apps.identity.api.dtos import Contact
from apps.identity.models import Client, User
from apps.onboarding import services
from apps.onboarding.api import ports
from apps.onboarding.api.events import OnboardingAdvanced, WorkspaceCreated, WorkspaceMoved
from apps.onboarding.models import Workspace
from apps.onboarding.tests.factories import IntakeFactory, WorkspaceFactory, run_context
from apps.shared.events import AuditNote, event_published


def test_begins_with_one_workspace_for_each_client(acme: Client) -> None:
    first = ports.open_workspace(client_id=acme.pk, url="drive.example.test/acme")
    again = ports.open_workspace(client_id=acme.pk, url="https://drive.example.test/acme")
    assert again == first
    assert (first.slug, first.url, first.state) == ("acme", "https://drive.example.test/acme", "INTAKE")


def test_is_where_was_said_last_until_it_is_complete(acme: Client, strategist: User) -> None:
    contact = Contact(email="mia@clinic.example", full_name="Mia")
    begun = ports.begin_onboarding(client_id=acme.pk, contact=contact, deal_id=uuid7())
    told = []

    def hear(event: object, note: AuditNote, **_: object) -> None:
        told.append((type(event), note.actor_id, note.before, note.after))

    event_published.connect(hear)
    try:
        for _ in range(2):
            moved = ports.open_workspace(client_id=acme.pk, url="drive.example.test/acme", by=strategist.pk)
    finally:
        event_published.disconnect(hear)
    assert (moved.id, moved.url) == (begun.id, "https://drive.example.test/acme")
    assert told == [(WorkspaceMoved, strategist.pk, {"url": begun.url}, {"url": moved.url})]
    assert ports.begin_onboarding(client_id=acme.pk, contact=contact, deal_id=uuid7()) == moved, "it stays there"
    Workspace.objects.update(state="COMPLETE")
    assert ports.open_workspace(client_id=acme.pk, url="https://elsewhere.test").url == moved.url


def test_does_not_begin_without_an_address(acme: Client) -> None:
    with pytest.raises(ValueError, match="url: 'tbd' is no web address"):
        ports.open_workspace(client_id=acme.pk, url="tbd")


def test_goes_from_intake_to_complete_and_tells_of_every_stage(acme: Client, strategist: User) -> None:
    intake = IntakeFactory(client=acme)
    services.store_brief(intake.as_dto(), run=run_context())
    workspace = WorkspaceFactory(client=acme)
    told = []

    def hear(event: object, note: object, **_: object) -> None:
        told.append(event)

    event_published.connect(hear)
    try:
        for lead_on in (services.start_discovery, services.review_brief, services.set_up, services.complete):
            lead_on(workspace, by=strategist.pk)
    finally:
        event_published.disconnect(hear)
    assert Workspace.objects.get().state == "COMPLETE"
    states = [event.state for event in told if isinstance(event, OnboardingAdvanced)]
    assert states == ["DISCOVERY", "BRIEF_REVIEW", "WORKSPACE_SETUP", "COMPLETE"]
    assert [event.url for event in told if isinstance(event, WorkspaceCreated)] == [workspace.url]


def test_waits_for_the_answers(acme: Client, globex: Client) -> None:
    IntakeFactory(client=globex)
    with pytest.raises(TransitionNotAllowed):
        services.start_discovery(WorkspaceFactory(client=acme), by=None)


def test_waits_for_a_brief(acme: Client) -> None:
    workspace = WorkspaceFactory(client=acme)
    IntakeFactory(client=acme)
    services.start_discovery(workspace, by=None)
    with pytest.raises(TransitionNotAllowed):
        services.review_brief(workspace, by=None)


def test_skips_no_stage(acme: Client) -> None:
    with pytest.raises(TransitionNotAllowed):
        services.complete(WorkspaceFactory(client=acme), by=None)
