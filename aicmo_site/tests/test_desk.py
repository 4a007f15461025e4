"""The desk …"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid_utils.compat import uuid7

from aicmo_site.desk_menu import GROUPS
from aicmo_site.tests.conftest import desk_of
from apps.delivery.models import Package
from apps.identity.models import Client, User
from apps.identity.tests.factories import ClientFactory
from apps.observability.models import AuditEntry
from apps.onboarding.models import Brief, Intake
from apps.orchestration.models import OutboxEvent, StepRun, WorkflowRun
from apps.production.models import Draft
from apps.qc.models import QcReport
from apps.shared.admin import ReadOnlyAdmin
from apps.strategy.models import Strategy

MOST_QUERIES = 12
EMPTY = re.compile(r'class="desk-panel desk-empty">(.*?)</div>', re.DOTALL)
RUBBISH = "' OR 1=1; -- 🦷 %_"
MAIN_MODELS = (WorkflowRun, StepRun, OutboxEvent, Intake, Brief, Strategy, Draft, QcReport, Package, AuditEntry)


def pages() -> Iterator[tuple[type[models.Model], str]]:
    """Give every model of the desk with the address of its list."""
    for model in admin.site._registry:
        yield model, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row: models.Model, name: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def some_row(model: type[models.Model]) -> models.Model:
    row = model._default_manager.first()
    assert row is not None, f"the test has made no {model._meta.label}"
    return row


def refused(browser: Browser, addresses: list[str], status: int) -> list[str]:
    """List the addresses that do not answer with this status."""
    return [address for address in addresses if browser.get(address).status_code != status]


@pytest.mark.usefixtures("run")
def test_opens_the_list_and_a_row_of_every_model(desk: Browser) -> None:
    addresses = [address for _, address in pages()] + [page_of(some_row(model)) for model, _ in pages()]
    assert refused(desk, addresses, 200) == []


@pytest.mark.usefixtures("run")
def test_finds_a_row_by_its_id_and_nothing_by_rubbish(desk: Browser) -> None:
    for model, address in pages():
        row = some_row(model)
        if isinstance(admin.site._registry[model], ReadOnlyAdmin):
            assert list(desk.get(address, {"q": str(row.pk)}).context["cl"].result_list) == [row], model
        assert list(desk.get(address, {"q": RUBBISH}).context["cl"].result_list) == [], model
        assert desk.get(address, {"q": "dental"}).status_code == 200


READS_ALL = re.compile(r"SELECT (DISTINCT|MIN\(|MAX\(|COUNT\()", re.IGNORECASE)
"""What makes PostgreSQL read a whole table to draw one page of a list."""


@pytest.mark.usefixtures("run")
def test_reads_no_table_whole_to_draw_a_page_of_its_list(desk: Browser) -> None:
    reading = []
    for model, address in pages():
        if isinstance(admin.site._registry[model], ReadOnlyAdmin):
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            table = f'"{model._meta.db_table}"'
            reading += [sql for sql in (query["sql"] for query in captured) if READS_ALL.match(sql) and table in sql]
    assert reading == []


def test_says_what_an_empty_list_waits_for(desk: Browser) -> None:
    told = {}
    for model, address in pages():
        if not model._default_manager.exists():
            panel = EMPTY.search(desk.get(address).content.decode())
            assert panel is not None, model
            sentences = re.sub("<[^>]*>", "", panel[1]).split(".")
            told[model._meta.label_lower] = (len(sentences) > 2, panel[1].count("<a "))
            assert "Nothing fits." in desk.get(address, {"q": "nobody"}).content.decode()
    assert len(told) > 15
    assert {label: said for label, said in told.items() if said != (True, 1)} == {
        "observability.workerheartbeat": (True, 0)
    }


def test_offers_no_first_deed_to_who_may_not_do_it(member_of: Callable[[str], User]) -> None:
    browser = desk_of(member_of("Producer"))
    panel = EMPTY.search(browser.get(reverse("admin:strategy_strategy_changelist")).content.decode())
    assert panel is not None
    assert "A run drafts one for each brief" in panel[1]
    assert "<a " not in panel[1]


@pytest.mark.usefixtures("run")
def test_narrows_by_every_filter(desk: Browser) -> None:
    for _, address in pages():
        found = desk.get(address).context["cl"]
        choices = [[choice.get("query_string") for choice in spec.choices(found)] for spec in found.filter_specs]
        assert refused(desk, [address + strings[-1] for strings in choices if strings and strings[-1]], 200) == []


@pytest.mark.usefixtures("run")
def test_narrows_to_one_client(desk: Browser, globex: Client) -> None:
    for model, address in pages():
        if "client" in [field.name for field in model._meta.fields]:
            narrowed = {"client__id__exact": str(globex.pk)}
            assert list(desk.get(address, narrowed).context["cl"].result_list) == [], model


@pytest.mark.usefixtures("run")
def test_sends_strangers_to_the_login(client: Browser) -> None:
    addresses = [reverse("admin:index"), *(address for _, address in pages())]
    addresses += [page_of(some_row(model)) for model, _ in pages()]
    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {302}
    assert all(answer["Location"].startswith(reverse("admin:login")) for answer in answers.values())


@pytest.mark.usefixtures("run")
def test_refuses_staff_without_rights(client: Browser, reviewer: User) -> None:
    client.force_login(reviewer)
    addresses = [address for _, address in pages()] + [page_of(some_row(model)) for model, _ in pages()]
    assert refused(client, addresses, 403) == []
    index = client.get(reverse("admin:index"))
    assert index.context["app_list"] == []
    assert "Newest runs" not in index.content.decode()


@pytest.mark.usefixtures("run")
def test_lets_nobody_add_change_or_delete_what_is_read_only(desk: Browser) -> None:
    read_only = [model for model, page in admin.site._registry.items() if isinstance(page, ReadOnlyAdmin)]
    assert len(read_only) > len(MAIN_MODELS)
    index = desk.get(reverse("admin:index")).content.decode()
    for model in read_only:
        row = some_row(model)
        add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        attempts = [desk.post(add), desk.post(page_of(row)), desk.post(page_of(row, "delete"), {"post": "yes"})]
        assert {attempt.status_code for attempt in attempts} == {403}, model
        assert page_of(row, "delete") not in desk.get(page_of(row)).content.decode()
        assert add not in index


def test_has_one_place_for_every_model() -> None:
    places = [label for group in GROUPS.values() for label in group]
    assert sorted(places) == sorted(model._meta.label_lower for model in admin.site._registry)


@pytest.mark.usefixtures("run")
def test_leads_from_a_client_to_all_that_was_made_for_it(desk: Browser) -> None:
    client = WorkflowRun.objects.get().client
    page = desk.get(page_of(client)).content.decode()
    for model in (WorkflowRun, Intake, Brief, Strategy, Draft, QcReport, Package):
        address = f"{dict(pages())[model]}?client__id__exact={client.pk}"
        assert address in page
        assert some_row(model) in desk.get(address).context["cl"].result_list


def test_leads_from_a_run_to_all_that_it_made(desk: Browser, run: WorkflowRun) -> None:
    page = desk.get(page_of(run)).content.decode()
    for model in (Brief, Strategy, Draft, QcReport, Package):
        assert page_of(some_row(model)) in page
    assert f"{reverse('admin:observability_auditentry_changelist')}?q={run.pk}" in page


@pytest.mark.usefixtures("run")
def test_lists_twenty_rows_as_cheaply_as_five(desk: Browser) -> None:
    for model in MAIN_MODELS:
        five, twenty = (queries_of_the_list(desk, model, rows) for rows in (5, 20))
        assert five == twenty <= MOST_QUERIES, model


def queries_of_the_list(desk: Browser, model: type[models.Model], rows: int) -> int:
    """Count the queries of a model's list with at least so many rows on it."""
    copy_until(model, rows)
    with CaptureQueriesContext(connection) as queries:
        shown = desk.get(dict(pages())[model]).context["cl"].result_list
    assert len(shown) >= rows
    return len(queries)


def copy_until(model: type[models.Model], wanted: int) -> None:
    """Copy a row until there are so many, each with a client of its own and links of its own."""
    row = some_row(model)
    for _ in range(wanted - model._default_manager.count()):
        made = {field.attname: fresh(field, getattr(row, field.attname)) for field in model._meta.concrete_fields}
        model(**made).save(force_insert=True)


def fresh(field: models.Field, value: Any) -> Any:
    if field.name == "client" and field.is_relation:
        return ClientFactory().pk
    if field.name == "run" and field.is_relation:
        copy_until(WorkflowRun, WorkflowRun.objects.count() + 1)
        return WorkflowRun.objects.first().pk
    if isinstance(field, models.UUIDField) and not field.is_relation and value is not None:
        return uuid7()
    return str(uuid7()) if is_unique(field) else value


def is_unique(field: models.Field) -> bool:
    """Tell whether no two rows may have the same value, by the column itself or by a constraint on it alone."""
    constraints = (each for each in field.model._meta.constraints if isinstance(each, models.UniqueConstraint))
    return field.unique or any(tuple(each.fields) == (field.name,) for each in constraints)
