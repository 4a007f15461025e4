"""A section edited at the desk …"""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.production import queries, services
from apps.production.api.dtos import SectionChange
from apps.production.api.events import DraftRevised
from apps.production.models import Draft
from apps.production.tests.conftest import Store

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
NEW = "### Anew\n\nWe open in the **evening**.\n"


@pytest.fixture
def producer(client: Browser) -> User:
    """Somebody who may view drafts and write their sections anew, logged in."""
    user = UserFactory(is_staff=True)
    permissions = Permission.objects.filter(codename__in=["view_draft", "revise_draft"])
    user.user_permissions.set(permissions)
    client.force_login(user)
    return user


def page_of(draft: Draft) -> str:
    return reverse("admin:production_draft_change", args=[draft.pk])


def edit_page(draft: Draft, key: str = "overview") -> str:
    return reverse("admin:production_draft_edit", args=[draft.pk, key])


def saved(text: str = NEW, reason: str = "The client opens later.") -> dict[str, str]:
    return {"markdown": text, "reason": reason, "save": ""}


@pytest.mark.usefixtures("producer")
def test_begins_with_the_text_that_stands_there(client: Browser, store: Store) -> None:
    draft = store()
    text = draft.sections.get(key="overview").markdown
    page = client.get(edit_page(draft))
    assert page.context["form"]["markdown"].value() == text
    assert '<label for="id_markdown"' in page.content.decode()
    assert '<label for="id_reason"' in page.content.decode()


def test_becomes_the_next_round_with_who_and_why(
    client: Browser, store: Store, producer: User, published: list
) -> None:
    draft = store()
    old = queries.get_draft(draft.pk)
    client.post(edit_page(draft), saved(NEW.replace("\n", "\r\n")))
    new = queries.get_draft(Draft.objects.get(round=2).pk)
    assert new.sections[0].markdown == NEW
    assert new.sections[1:] == old.sections[1:]
    event, note = published[-1]
    assert isinstance(event, DraftRevised)
    assert event.sections == ("overview",)
    assert (note.actor_id, note.reason) == (producer.pk, "The client opens later.")


def test_leads_to_the_new_round_and_its_comparison(client: Browser, store: Store, producer: User) -> None:
    draft = store()
    answer = client.post(edit_page(draft), saved(reason=f"Later. {SCRIPT}"), follow=True)
    new = Draft.objects.get(round=2)
    assert (new.author, new.reason, new.run_id) == (producer, f"Later. {SCRIPT}", None)
    assert answer.redirect_chain == [(page_of(new), 302)]
    page = answer.content.decode()
    compared = reverse("admin:production_draft_compare", args=[new.pk, draft.pk])
    assert compared in page
    assert "Compare it with round 1" in page
    assert "Edited after its last check" in page
    assert f"<dt>Revised by</dt><dd>{producer}</dd>" in page
    assert "Later. &lt;script&gt;" in page
    assert SCRIPT not in page


@pytest.mark.usefixtures("producer")
def test_is_shown_as_it_will_read_without_being_stored(client: Browser, store: Store) -> None:
    draft = store()
    page = client.post(edit_page(draft), {"markdown": NEW + SCRIPT, "look": ""})
    assert "We open in the <strong>evening</strong>." in page.content.decode()
    assert SCRIPT not in page.content.decode()
    assert page.context["form"]["markdown"].value() == NEW + SCRIPT
    assert not page.context["form"].errors
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "reason", "field", "message"),
    [
        (NEW, " ", "reason", "Say why the text changes."),
        (" \r\n", "why", "markdown", "A section cannot be empty."),
        ("", "why", "markdown", "A section cannot be empty."),
        ("x" * 60_001, "why", "markdown", "at most 60000 characters"),
    ],
)
@pytest.mark.usefixtures("producer")
def test_is_refused_beside_the_field(
    client: Browser, store: Store, text: str, reason: str, field: str, message: str
) -> None:
    page = client.post(edit_page(store()), saved(text, reason))
    assert list(page.context["form"].errors) == [field]
    assert message in page.content.decode()
    assert page.context["form"]["markdown"].value() == text
    assert Draft.objects.count() == 1


@pytest.mark.usefixtures("producer")
def test_is_refused_when_nothing_changed(client: Browser, store: Store) -> None:
    draft = store()
    same = draft.sections.get(key="overview").markdown
    page = client.post(edit_page(draft), saved(same.replace("\n", "\r\n")))
    assert "This text stands there already." in page.content.decode()
    assert Draft.objects.count() == 1


@pytest.mark.usefixtures("producer")
def test_of_a_replaced_round_keeps_the_text_and_offers_to_take_it_along(client: Browser, store: Store) -> None:
    draft = store()
    theirs = services.revise_draft(draft, [SectionChange(key="overview", markdown="Theirs.")], reason="first")
    page = client.post(edit_page(draft), saved())
    assert "Round 1 was replaced by a later one." in page.content.decode()
    assert page.context["form"]["markdown"].value() == NEW
    assert f'formaction="{edit_page(theirs)}"' in page.content.decode()
    assert 'name="save"' not in page.content.decode()
    assert Draft.objects.count() == 2


@pytest.mark.usefixtures("producer")
def test_of_a_draft_taken_back_meanwhile_keeps_the_text(
    client: Browser, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = store()
    monkeypatch.setattr(services, "_lock_rounds", lambda *_: Draft.objects.all().delete())
    page = client.post(edit_page(draft), saved())
    assert "was taken back meanwhile" in page.content.decode()
    assert page.context["form"]["markdown"].value() == NEW


@pytest.mark.usefixtures("producer")
def test_is_offered_for_every_section(client: Browser, store: Store) -> None:
    draft = store()
    page = client.get(page_of(draft)).content.decode()
    for key in draft.sections.values_list("key", flat=True):
        assert edit_page(draft, key) in page
    assert client.get(edit_page(draft, "no-such-section")).status_code == 404


@pytest.mark.usefixtures("producer")
def test_is_not_offered_for_a_round_that_was_replaced(client: Browser, store: Store) -> None:
    first, second = store(), store()
    assert edit_page(first) not in client.get(page_of(first)).content.decode()
    assert edit_page(second) in client.get(page_of(second)).content.decode()


@pytest.mark.parametrize("missing", ["revise_draft", "view_draft"])
def test_is_for_those_who_may_view_and_revise(client: Browser, store: Store, producer: User, missing: str) -> None:
    draft = store()
    producer.user_permissions.remove(Permission.objects.get(codename=missing))
    assert client.get(edit_page(draft)).status_code == 403
    assert client.post(edit_page(draft), saved()).status_code == 403
    assert edit_page(draft) not in client.get(page_of(draft)).content.decode()
    assert Draft.objects.count() == 1


def test_takes_few_queries(client: Browser, store: Store, producer: User, django_assert_max_num_queries) -> None:
    first = store()
    change = SectionChange(key="overview", markdown=NEW)
    second = services.revise_draft(first, [change], reason="why", by=producer.pk)
    for address in (edit_page(first), edit_page(second), page_of(second)):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
