"""Revising a brief …"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import User
from apps.identity.tests.factories import UserFactory
from apps.onboarding import rules, services
from apps.onboarding.api.dtos import Intake
from apps.onboarding.api.events import BriefRevised
from apps.onboarding.forms import BriefForm
from apps.onboarding.models import Brief
from apps.onboarding.rules.revision import RevisionRefused, wording_of
from apps.onboarding.tests.factories import IntakeFactory, answered, dental_intake, run_context, saas_intake
from apps.shared.events import event_published
from apps.shared.workflow import RunContext

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
ON_SEVERAL_LINES = {"budget": "between\n5k and 6k\n a month (incl. ads)", "tone": ["calm,\nplain", "“dry”"]}


@pytest.fixture
def manager(client: Browser) -> User:
    """Somebody who may view briefs and correct them, logged in."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_brief", "revise_brief"]))
    client.force_login(user)
    return user


@pytest.fixture
def run() -> RunContext:
    return run_context()


@pytest.fixture
def brief(run: RunContext) -> Brief:
    """The brief a run made."""
    return services.store_brief(IntakeFactory().as_dto(), run=run)


@pytest.fixture
def told() -> Iterator[list]:
    """The corrections told of, each with its note."""
    heard: list = []

    def hear(event: BriefRevised, note: object, **_: object) -> None:
        heard.append((event, note))

    event_published.connect(hear, sender=BriefRevised)
    yield heard
    event_published.disconnect(hear, sender=BriefRevised)


def revised(brief: Brief, by: User, **changes: Any) -> Brief:
    wanted = replace(wording_of(brief.as_dto()), **(changes or {"tone": ("warm",)}))
    return services.revise_brief(brief, wanted, reason="The owner said so.", by=by.pk)


def page_of(brief: Brief) -> str:
    return reverse("admin:onboarding_brief_change", args=[brief.pk])


def edit_page(brief: Brief) -> str:
    return reverse("admin:onboarding_brief_revise_brief", args=[brief.pk])


def sent(client: Browser, brief: Brief, **changes: str) -> dict[str, str]:
    """The form as a browser sends it back, with what a person typed."""
    form = client.get(edit_page(brief)).context["form"]
    return as_sent(form) | {"reason": "The owner said so."} | changes


def as_sent(form: BriefForm) -> dict[str, str]:
    """What a browser sends of a form that nobody touched."""
    return {field.name: str(field.value()).replace("\n", "\r\n") for field in form if field.name != "reason"}


@pytest.mark.parametrize("intake", [dental_intake(), saas_intake(), answered(**ON_SEVERAL_LINES)])
def test_takes_an_untouched_form_for_no_correction(intake: Intake) -> None:
    content = rules.normalize(intake)
    form = BriefForm(content, {"reason": "why"} | as_sent(BriefForm(content)))
    assert list(form.errors) == ["__all__"]
    assert "Nothing differs" in str(form.errors)


def test_makes_a_next_version_and_leaves_the_one_before(brief: Brief, manager: User) -> None:
    before = brief.as_dto()
    new = revised(brief, manager, tone=("warm",))
    assert (new.version, new.revises, new.author, new.run_id) == (2, brief, manager, None)
    assert (new.intake_id, new.reason) == (brief.intake_id, "The owner said so.")
    assert Brief.objects.get(pk=new.pk).as_dto().brand.tone == ("warm",)
    assert Brief.objects.get(pk=brief.pk).as_dto() == before


def test_tells_what_changed_by_whom_and_why(brief: Brief, manager: User, told: list) -> None:
    new = revised(brief, manager, tone=("warm",), timeline_weeks_max=20)
    ((event, note),) = told
    assert (event.aggregate_id, event.revises_id, event.version) == (new.pk, brief.pk, 2)
    assert event.changed == ("timeline_weeks_max", "tone")
    assert (note.actor_id, note.reason) == (manager.pk, "The owner said so.")
    assert note.before == {"timeline_weeks_max": 16, "tone": ("calm", "plain", "no scare tactics")}
    assert note.after == {"timeline_weeks_max": 20, "tone": ("warm",)}


def test_refuses_a_version_that_was_replaced(brief: Brief, manager: User, told: list) -> None:
    revised(brief, manager)
    with pytest.raises(RevisionRefused, match="Version 2 has replaced this one"):
        revised(brief, manager, tone=("cold",))
    assert (Brief.objects.count(), len(told)) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_by_two_people_at_once_makes_one_version(brief: Brief, manager: User) -> None:
    def correct(tone: str) -> bool:
        try:
            return revised(brief, manager, tone=(tone,)) is not None
        except RevisionRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        outcomes = list(people.map(correct, ["warm", "cold", "dry", "wry"]))
    assert sorted(outcomes) == [False, False, False, True]
    assert Brief.objects.count() == 2


def test_refuses_a_correction_without_a_reason(brief: Brief, manager: User) -> None:
    wanted = replace(wording_of(brief.as_dto()), tone=("warm",))
    with pytest.raises(RevisionRefused, match="reason: Say why"):
        services.revise_brief(brief, wanted, reason=" ", by=manager.pk)


def test_refuses_a_brief_that_was_withdrawn(brief: Brief, manager: User, run: RunContext) -> None:
    services.withdraw_brief(run=run)
    with pytest.raises(RevisionRefused, match="was taken back"):
        revised(brief, manager)


def test_outlives_the_version_that_a_run_takes_back(brief: Brief, manager: User, run: RunContext) -> None:
    new = revised(brief, manager)
    services.withdraw_brief(run=run)
    assert Brief.objects.get() == new
    assert Brief.objects.get().revises is None


@pytest.mark.parametrize("lie", [{"reason": ""}, {"author": None}, {"version": 1}])
def test_is_not_stored_without_who_and_why(brief: Brief, manager: User, lie: dict[str, Any]) -> None:
    new = revised(brief, manager)
    with pytest.raises(IntegrityError, match="brief_correction_says_who_and_why"), transaction.atomic():
        Brief.objects.filter(pk=new.pk).update(**lie)


def test_saves_what_was_typed_and_leads_to_the_new_version(client: Browser, brief: Brief, manager: User) -> None:
    answer = client.post(edit_page(brief), sent(client, brief, banned_words="painless\r\n\r\nbargain"), follow=True)
    new = Brief.objects.get(version=2)
    assert answer.redirect_chain == [(page_of(new), 302)]
    assert new.banned_words == ["painless", "bargain"]
    changed = {"banned_words", "version", "revises_id", "author_id", "reason", "run_id", "id"}
    stored = {field.attname for field in Brief._meta.concrete_fields} - {"created_at", "updated_at"}
    assert {name for name in stored if getattr(new, name) != getattr(Brief.objects.get(pk=brief.pk), name)} == changed


@pytest.mark.usefixtures("manager")
def test_shows_versions_linked_both_ways_with_who_and_why(client: Browser, brief: Brief, manager: User) -> None:
    new = revised(brief, manager)
    old_page, new_page = (client.get(page_of(row)).content.decode() for row in (brief, new))
    assert page_of(new) in old_page
    assert page_of(brief) in new_page
    assert "The owner said so." in new_page
    assert str(manager) in new_page
    assert edit_page(new) in new_page
    assert edit_page(brief) not in old_page


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"reason": " "}, "reason", "Say why the brief changes."),
        ({"objectives": ""}, "objectives", "A brief cannot be without it."),
        ({"timeline_weeks_min": ""}, "timeline_weeks_min", "A brief cannot be without it."),
        ({"timeline_weeks_max": "3"}, "timeline_weeks_max", "Give between 12 and 260 weeks"),
        ({"budget": "a lot"}, "budget", "No amount in “a lot”"),
        ({}, "__all__", "Nothing differs from the version before."),
    ],
)
@pytest.mark.usefixtures("manager")
def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(
    client: Browser, brief: Brief, typed: dict[str, str], field: str, message: str
) -> None:
    page = client.post(edit_page(brief), sent(client, brief, exclusions=SCRIPT if typed else "", **typed))
    assert list(page.context["form"].errors) == [field]
    assert message in page.content.decode()
    assert SCRIPT not in page.content.decode()
    assert page.context["form"]["exclusions"].value() == (SCRIPT if typed else "")
    assert Brief.objects.count() == 1


@pytest.mark.usefixtures("manager")
def test_says_all_that_is_wrong_at_once(client: Browser, brief: Brief) -> None:
    page = client.post(edit_page(brief), sent(client, brief, reason="", objectives="", budget="TBD"))
    assert set(page.context["form"].errors) == {"reason", "objectives", "budget"}


@pytest.mark.usefixtures("manager")
def test_of_a_stale_page_keeps_what_was_typed_and_leads_to_the_version_that_holds(
    client: Browser, brief: Brief, manager: User
) -> None:
    typed = sent(client, brief, tone="cold")
    new = revised(brief, manager)
    page = client.post(edit_page(brief), typed)
    assert "Version 2 has replaced this one." in page.content.decode()
    assert page.context["form"]["tone"].value() == "cold"
    assert page_of(new) in page.content.decode()
    assert "Save as" not in page.content.decode()


@pytest.mark.usefixtures("manager")
def test_has_a_label_on_every_field(client: Browser, brief: Brief) -> None:
    answer = client.get(edit_page(brief))
    page = answer.content.decode()
    assert [f.name for f in answer.context["form"] if f'<label for="id_{f.name}"' not in page] == []


@pytest.mark.parametrize("missing", ["revise_brief", "view_brief"])
def test_is_for_those_who_may_view_and_revise(client: Browser, brief: Brief, manager: User, missing: str) -> None:
    typed = sent(client, brief, tone="cold")
    manager.user_permissions.remove(Permission.objects.get(codename=missing))
    assert [client.get(edit_page(brief)).status_code, client.post(edit_page(brief), typed).status_code] == [403, 403]
    assert edit_page(brief) not in client.get(page_of(brief)).content.decode()
    assert Brief.objects.count() == 1


@pytest.mark.usefixtures("manager")
def test_takes_few_queries(client: Browser, brief: Brief, manager: User, django_assert_max_num_queries) -> None:
    new = revised(brief, manager)
    for address in (edit_page(brief), edit_page(new), page_of(brief), page_of(new)):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
