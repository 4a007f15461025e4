"""A client's onboarding …"""

import pytest
from django_fsm import TransitionNotAllowed

from apps.identity.models import Client, User
from apps.onboarding import services
from apps.onboarding.api import ports
from apps.onboarding.api.events import OnboardingAdvanced, WorkspaceCreated
from apps.onboarding.models import Workspace
from apps.onboarding.tests.factories import IntakeFactory, WorkspaceFactory, run_context
from apps.shared.events import event_published


def test_begins_with_one_workspace_for_each_client(acme: Client) -> None:
    first = ports.open_workspace(client_id=acme.pk, url="drive.example.test/acme")
    again = ports.open_workspace(client_id=acme.pk, url="https://elsewhere.test")
    assert again == first
    assert (first.slug, first.url, first.state) == ("acme", "https://drive.example.test/acme", "INTAKE")


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
