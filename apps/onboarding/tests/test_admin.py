"""The desk …"""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.identity.models import User
from apps.onboarding import services
from apps.onboarding.models import Workspace
from apps.onboarding.tests.factories import DiscoveryNoteFactory, IntakeFactory, WorkspaceFactory, run_context
from apps.shared.testing import send_dialog

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Browser:
    browser = Browser()
    browser.force_login(User.objects.create_superuser("owner@aicmo.test"))
    return browser


def _page(desk: Browser, name: str, *args: object) -> str:
    response = desk.get(reverse(f"admin:onboarding_{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_shows_an_intake_with_its_answers_calls_and_briefs(desk: Browser) -> None:
    intake = DiscoveryNoteFactory(clarifications={"budget": "five thousand"}).intake
    brief = services.store_brief(intake.as_dto(), run=run_context())
    page = _page(desk, "intake_change", intake.pk)
    assert "Galway city and about 25 km around it" in page
    assert "five thousand" in page
    assert str(brief.pk) in page


def test_shows_a_brief_as_text_linked_to_its_intake(desk: Browser) -> None:
    intake = IntakeFactory()
    brief = services.store_brief(intake.as_dto(), run=run_context())
    page = _page(desk, "brief_change", brief.pk)
    assert "<li>embarrassed to smile in photos</li>" in page
    assert "5,000 EUR to 6,000 EUR a month" in page
    assert "12–16" in page
    assert reverse("admin:onboarding_intake_change", args=[intake.pk]) in page


def test_shows_markup_of_clients_as_text(desk: Browser) -> None:
    intake = IntakeFactory(answers={"tone": "<script>alert(1)</script>"})
    page = _page(desk, "intake_change", intake.pk)
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("name", ["intake", "discoverynote", "brief", "workspace"])
def test_lists_and_searches_every_model_in_few_queries(
    desk: Browser, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        intake = DiscoveryNoteFactory().intake
        services.store_brief(intake.as_dto(), run=run_context())
        WorkspaceFactory(client=intake.client)
    with django_assert_max_num_queries(15):
        page = _page(desk, f"{name}_changelist")
    assert page.count("/change/") >= 5
    assert desk.get(reverse(f"admin:onboarding_{name}_changelist"), {"q": "no such thing"}).status_code == 200


def test_leads_an_onboarding_on_by_a_button_when_it_may(desk: Browser) -> None:
    workspace = WorkspaceFactory()
    url = reverse("admin:onboarding_workspace_start_discovery", args=[workspace.pk])
    assert "not possible any more" in send_dialog(desk, url).content.decode()
    IntakeFactory(client=workspace.client)
    desk.post(url, {"_form_submitted": "1"})
    assert Workspace.objects.get().state == "DISCOVERY"


def test_says_where_a_client_is_invited_to(desk: Browser) -> None:
    workspace = WorkspaceFactory()
    url = reverse("admin:onboarding_workspace_move", args=[workspace.pk])
    assert "is no web address" in send_dialog(desk, url, reason="soon").content.decode()
    send_dialog(desk, url, reason="drive.example.test/acme")
    assert Workspace.objects.get().url == "https://drive.example.test/acme"
    Workspace.objects.update(state="COMPLETE")
    send_dialog(desk, url, reason="https://elsewhere.test")
    assert Workspace.objects.get().url == "https://drive.example.test/acme"
