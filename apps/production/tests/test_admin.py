import pytest
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.tests.factories import UserFactory
from apps.production import services
from apps.production.models import DraftSection
from apps.production.tests.conftest import Store

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Browser) -> Browser:
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_shows_a_draft_as_it_reads(desk: Browser, store: Store) -> None:
    page = desk.get(reverse("admin:production_draft_change", args=[store().pk])).content.decode()
    assert "<h3>Core Message</h3>" in page
    assert "<th>Platform</th>" in page
    assert "<strong>Brand:</strong>" in page


def test_prints_html_of_a_client_as_text(desk: Browser, store: Store) -> None:
    draft = store()
    DraftSection.objects.filter(draft=draft, key="overview").update(markdown="<script>alert(1)</script>")
    page = desk.get(reverse("admin:production_draft_change", args=[draft.pk])).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_shows_the_specifications_of_a_bundle(desk: Browser, store: Store) -> None:
    bundle = services.assemble_bundle(store())
    page = desk.get(reverse("admin:production_bundle_change", args=[bundle.pk])).content.decode()
    assert "Text on the visual:" in page


@pytest.mark.parametrize("model", ["pack", "draft", "bundle"])
def test_lists_without_a_query_per_row(desk: Browser, store: Store, model: str, django_assert_max_num_queries) -> None:
    services.assemble_bundle(store())
    services.assemble_bundle(store())
    with django_assert_max_num_queries(12):
        assert desk.get(reverse(f"admin:production_{model}_changelist")).status_code == 200


def test_offers_no_way_to_change_a_draft(desk: Browser, store: Store) -> None:
    url = reverse("admin:production_draft_delete", args=[store().pk])
    assert desk.post(url, {"post": "yes"}).status_code == 403
