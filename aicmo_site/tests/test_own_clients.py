"""An account manager who is limited to their own clients …"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, reverse
from django.urls.converters import IntConverter, PathConverter, UUIDConverter
from uuid_utils.compat import uuid7

from aicmo_site.tests.conftest import desk_of
from aicmo_site.tests.factories import a_run, all_sorts_of_work
from apps.delivery.models import Artifact
from apps.identity.models import Client, Membership, User
from apps.identity.tests.factories import UserFactory
from apps.onboarding.models import IntakeAttachment
from apps.orchestration.models import WorkflowRun
from apps.shared.desk import list_of, page_of
from apps.shared.scope import ScopedAdmin, path_to_client

OF_NO_CLIENT = {
    "auth.group",
    "billing.bankline",  # whose money it is, somebody says
    "billing.bankstatement",
    "billing.bookproof",
    "billing.taxrate",
    "cam.alert",
    "cam.campaign",  # who is a lead is no client yet
    "cam.campaignsnapshot",
    "cam.consent",
    "cam.messagetemplate",
    "cam.sequence",
    "cam.deal",
    "cam.cyclerun",
    "cam.importbatch",
    "cam.inboundemail",
    "cam.lead",
    "cam.mailbox",
    "cam.outboundemail",
    "cam.pauserule",
    "cam.suppression",
    "cam.rulebook",
    "cam.discoveredprofile",
    "cam.discoveryjob",
    "cam.discoverysource",
    "cam.duplicatepair",
    "cam.leadform",
    "cam.leadkey",
    "cam.leadmerge",
    "cam.leadsubmission",
    "identity.user",
    "observability.workerheartbeat",
    "orchestration.controlflag",
    "production.pack",
}
HOME = reverse("admin:index")


@pytest.fixture
def manager(settings: Any, member_of: Callable[[str], User]) -> User:
    """An account manager, limited to their own clients, who may view every table: what is narrowed are the rows."""
    settings.OWN_CLIENTS_ONLY = True
    person = member_of("Account manager")
    person.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return person


@pytest.fixture
def browser(manager: User) -> Browser:
    return desk_of(manager)


def clients_rows() -> list[type[Model]]:
    return [model for model in admin.site._registry if path_to_client(model)]


def rows_of(model: type[Model], client: Client) -> list[Model]:
    return list(model._default_manager.filter(**{path_to_client(model): client.pk}))


def address(row: Model, name: str, pk: object) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[pk])


def addresses_of_rows(rows: list[Model]) -> Iterator[tuple[str, str]]:
    """Give every address of the desk that takes an id, be it of a page or a download, with each row's id in it."""
    for pattern in patterns(admin.site.get_urls()):
        for row in rows:
            takes_all = any(isinstance(each, UUIDConverter) for each in pattern.pattern.converters.values())
            if takes_all or pattern.name.startswith(f"{row._meta.app_label}_{row._meta.model_name}_"):
                parts = {name: filled(name, kind, row) for name, kind in pattern.pattern.converters.items()}
                yield reverse(f"admin:{pattern.name}", kwargs=parts), str(row.pk)


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        elif each.name and each.pattern.converters:
            yield each


def filled(name: str, converter: object, row: Model) -> object:
    """Return what stands in an address: the row's id, a tab's name, a section every draft has, an invoice's line."""
    if isinstance(converter, UUIDConverter | PathConverter):
        return row.pk
    if isinstance(converter, IntConverter):
        return 1
    return "runs" if name == "slug" else "overview"


def said(response: HttpResponse, pk: str) -> str:
    """Return a page's words without the id that was asked for, and without its tokens."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode().replace(pk, ""))


def answer(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.get("Location", "")


def test_leaves_no_table_undecided() -> None:
    models = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
    scoped = {label for label, page in models.items() if isinstance(page, ScopedAdmin) and path_to_client(page.model)}
    assert set(models) - scoped == OF_NO_CLIENT


@pytest.mark.parametrize(
    ("model", "path"),
    [(Client, "pk"), (WorkflowRun, "client_id"), (Artifact, "package__client_id"), (User, None)],
)
def test_is_told_whose_a_row_is_by_its_own_column_or_its_parent(model: type[Model], path: str | None) -> None:
    assert path_to_client(model) == path


def test_opens_no_page_of_another_s_client(browser: Browser, run: WorkflowRun) -> None:
    for model in clients_rows():
        (row, *_) = rows_of(model, run.client)
        for name in ("change", "history", "delete"):
            missing = browser.get(address(row, name, uuid7()))
            assert answer(browser.get(address(row, name, row.pk))) == answer(missing), (model, name)
        assert list(browser.get(list_of(model)).context["cl"].result_list) == [], model
        assert list(browser.get(list_of(model), {"q": str(row.pk)}).context["cl"].result_list) == [], model
    for table, row in (("artifact", Artifact.objects.first()), ("attachment", IntakeAttachment.objects.first())):
        name = {"artifact": "delivery_artifact_download", "attachment": "onboarding_intakeattachment_download"}[table]
        assert browser.get(reverse(f"admin:{name}", args=[row.pk])).status_code == 404
    assert browser.get(reverse("admin:client_tab", args=[run.client_id, "runs"])).status_code == 404


def test_is_answered_by_no_address_that_takes_an_id_of_another_s_row(
    browser: Browser, desk: Browser, run: WorkflowRun
) -> None:
    of_clients = [model for model in apps.get_models() if path_to_client(model)]
    rows = [rows[0] for model in of_clients if (rows := rows_of(model, run.client))]
    told = [(address, pk) for address, pk in addresses_of_rows(rows) if desk.get(address).status_code == 200]
    assert len(told) > 2 * len(clients_rows())
    for address, pk in told:
        missing = str(uuid7())
        foreign, nobodys = browser.get(address), browser.get(address.replace(pk, missing))
        assert answer(foreign) == answer(nobodys), address
        assert foreign.status_code != 200 or said(foreign, pk) == said(nobodys, missing), address


def test_opens_every_page_of_an_own_client(browser: Browser, manager: User, run: WorkflowRun) -> None:
    Client.objects.filter(pk=run.client_id).update(account_manager=manager)
    for model in clients_rows():
        rows = rows_of(model, run.client)
        assert browser.get(page_of(rows[0])).status_code == 200, model
        shown = set(browser.get(list_of(model)).context["cl"].queryset)  # of all its pages
        assert shown == set(rows), model
    assert browser.get(reverse("admin:client_tab", args=[run.client_id, "runs"])).status_code == 200


def test_sees_nothing_of_others_on_the_first_page(
    browser: Browser, manager: User, acme: Client, globex: Client
) -> None:
    all_sorts_of_work(globex)
    a_run(globex, "WAITING", waiting_for=["StrategyApproved"])
    home = browser.get(HOME)
    assert (home.context["worklists"], home.context["charts"], home.context["next"]) == ([], [], None)
    assert "Globex" not in home.content.decode()
    Client.objects.filter(pk=acme.pk).update(account_manager=manager)
    all_sorts_of_work(acme)
    home = browser.get(HOME)
    assert {worklist.count for worklist in home.context["worklists"]} == {1}
    assert "Globex" not in home.content.decode()
    assert "Acme" in home.content.decode()


def test_cannot_command_another_s_run(browser: Browser, globex: Client) -> None:
    run = a_run(globex, "WAITING", waiting_for=["StrategyApproved"])
    asked = {"_form_submitted": "1", "reason": "It is mine now."}
    refusal, missing = (browser.post(address(run, "cancel", pk), asked) for pk in (run.pk, uuid7()))
    assert answer(refusal) == answer(missing) == (403, "")
    assert WorkflowRun.objects.get(pk=run.pk).state == "WAITING"


def test_cannot_give_access_to_another_s_client(browser: Browser, manager: User, acme: Client, globex: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(account_manager=manager)
    for client in (globex, acme):
        fields = {"user": UserFactory(is_staff=False).pk, "client": client.pk, "role": "APPROVER"}
        browser.post(reverse("admin:identity_membership_add"), fields)
    assert [membership.client for membership in Membership.objects.all()] == [acme]


def test_is_told_no_names_by_filters_and_searches(browser: Browser, globex: Client) -> None:
    narrowed = browser.get(list_of(WorkflowRun), {"client__id__exact": str(globex.pk)})
    assert "Globex" not in narrowed.content.decode()
    wanted = {"app_label": "orchestration", "model_name": "workflowrun", "field_name": "client", "term": "glo"}
    assert browser.get(reverse("admin:autocomplete"), wanted).json()["results"] == []
    for term in ("globex", str(globex.pk)):
        assert "Globex" not in browser.get(reverse("admin:search"), {"s": term, "extended": "1"}).content.decode()


def test_does_not_open_clients_that_they_would_not_see(browser: Browser) -> None:
    assert browser.get(reverse("admin:identity_client_add")).status_code == 403


@pytest.mark.parametrize("freedom", ["setting", "second role", "superuser", "another role"])
def test_is_who_has_that_role_alone_where_the_setting_is_on(
    manager: User, browser: Browser, settings: Any, globex: Client, freedom: str
) -> None:
    assert list(browser.get(list_of(Client)).context["cl"].result_list) == []
    match freedom:
        case "setting":
            settings.OWN_CLIENTS_ONLY = False
        case "second role":
            manager.groups.add(Group.objects.get(name="Strategist"))
        case "another role":
            manager.groups.set([Group.objects.get(name="Strategist")])
        case "superuser":
            User.objects.filter(pk=manager.pk).update(is_superuser=True)
    assert list(browser.get(list_of(Client)).context["cl"].result_list) == [globex]
