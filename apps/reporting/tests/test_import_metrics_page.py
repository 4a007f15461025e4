"""Importing measured values at the desk …"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from apps.identity.models import Client, User
from apps.identity.tests.factories import UserFactory
from apps.reporting.models import ColumnMapping, MetricImport, MetricPoint
from apps.reporting.services import collect_metrics, imports
from apps.reporting.tests.factories import AT, an_import, csv_of, kpi, point
from apps.reporting.tests.test_generate_report import approved
from apps.shared.desk import list_of, page_of
from apps.shared.gateways.tables import read_table
from apps.shared.testing import send_dialog

PAGE = reverse("admin:reporting_metricimport_new")
HEADERS = ("Day", "Campaign", "Clicks", "Cost")
ROWS = (("2026-03-01", "Brand", "30", "12.50"), ("2026-03-02", "=Brand", "many", "13"))


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def desk_of(role: str) -> Browser:
    user, browser = UserFactory(), Browser()
    user.groups.add(Group.objects.get(name=role))
    browser.force_login(user)
    return browser


@pytest.fixture
def desk(db: None) -> Browser:
    return desk_of("Account manager")


def upload(browser: Browser, client: Client, *rows: Any, name: str = "ads.csv", headers: Any = HEADERS) -> Any:
    file = SimpleUploadedFile(name, csv_of(headers, *(rows or ROWS)))
    return browser.post(PAGE, {"client": client.pk, "file": file, "look": ""})


def again(browser: Browser, looked: Any, button: str, **said: Any) -> Any:
    """Send the page off as it was shown, with some answers changed; one that is None is left out."""
    shown = looked.context
    answers = {"origin": "Google Ads", **shown["columns"].data, **said}
    sent = {"client": shown["owner"].pk, "seen": shown["seen"], button: "", **answers}
    return browser.post(PAGE, {name: value for name, value in sent.items() if value is not None})


def test_shows_what_would_become_of_each_row_and_stores_nothing(desk: Browser, acme: Client) -> None:
    looked = upload(desk, acme)
    assert "Say where the file comes from" in looked.content.decode()
    shown = again(desk, looked, "look", origin="Google Ads")
    assert [line.outcome for line in shown.context["preview"].lines] == ["NEW", "REFUSED"]
    page = shown.content.decode()
    assert "no number" in page
    assert "Clicks 30 clicks" in page
    assert not MetricPoint.objects.exists()
    assert not MetricImport.objects.exists()


def test_imports_what_is_good_and_sends_the_rest_back_where_no_cell_can_act(desk: Browser, acme: Client) -> None:
    done = again(desk, upload(desk, acme), "import", origin="Google Ads")
    row = MetricImport.objects.get()
    assert done.url == page_of(row)
    assert (row.created, row.refused, row.mapping_name) == (2, 1, "Google Ads")
    assert "no number" in desk.get(done.url).content.decode()
    sent = desk.get(reverse("admin:reporting_metricimport_refused", args=[row.pk]))
    content = b"".join(sent.streaming_content)
    assert b"'=Brand" in content
    table = read_table(content)
    assert table.headers == (*HEADERS, "error")
    fixed = (*table.rows[2][:2], "31", "13", "")
    again(desk, upload(desk, acme, fixed, headers=(*HEADERS, "error")), "import")
    assert set(MetricPoint.objects.filter(name="Clicks").values_list("value", flat=True)) == {30, 31}


def test_remembers_how_the_client_s_tables_are_read(desk: Browser, acme: Client, globex: Client) -> None:
    odd = ("Wann", "Besuche")
    looked = upload(desk, acme, ("1.3.2026", "1.200"), headers=odd)
    said = {
        "origin": "Zähler",
        "role_0": "AT",
        "role_1": "METRIC",
        "name_1": "Visits",
        "unit_1": "visits",
        "decimal": ",",
    }
    again(desk, looked, "import", **said)
    assert MetricPoint.objects.get().value == 1200
    assert ColumnMapping.objects.get().slug == "zähler"
    mapping = upload(desk, acme, ("2.3.2026", "1.300"), headers=odd).context["columns"]
    assert (mapping.data["origin"], mapping.data["name_1"], mapping.data["decimal"]) == ("Zähler", "Visits", ",")
    assert upload(desk, globex, ("2.3.2026", "1.300"), headers=odd).context["columns"].data["origin"] == ""


def test_says_that_the_same_file_adds_nothing(desk: Browser, acme: Client) -> None:
    again(desk, upload(desk, acme), "import", origin="Google Ads")
    looked = upload(desk, acme)
    assert "in this way before, and adds nothing" in looked.content.decode()
    assert 'name="import"' not in looked.content.decode()
    told = again(desk, looked, "import")
    assert "adds nothing" in desk.get(told.url).content.decode()
    assert MetricImport.objects.count() == 1


def test_asks_before_a_known_value_is_taken_back(desk: Browser, acme: Client) -> None:
    again(desk, upload(desk, acme, ROWS[0]), "import", origin="Google Ads")
    looked = upload(desk, acme, (*ROWS[0][:2], "33", ROWS[0][3]))
    assert [line.outcome for line in looked.context["preview"].lines] == ["DIFFERS"]
    assert "known to be 30 clicks, and the file says 33 clicks" in looked.content.decode()
    chosen = again(desk, looked, "look", replaces="on")
    assert "will be taken back" in chosen.content.decode()
    again(desk, chosen, "import")
    assert MetricImport.objects.order_by("-pk").first().replaced == 1


@pytest.mark.parametrize("change", ["another table", "none"])
def test_takes_nothing_back_that_it_did_not_send(desk: Browser, acme: Client, change: str) -> None:
    seen = upload(desk, acme).context["seen"]
    sent = {"another table": seen[:-3] + "abc", "none": ""}[change]
    answer = desk.post(PAGE, {"client": acme.pk, "seen": sent, "import": ""})
    assert "hoose" in str(answer.context["form"].errors["file"])
    assert not MetricPoint.objects.exists()


def test_reads_a_long_file_in_the_background_and_says_how_far_it_is(
    desk: Browser, acme: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    rows = [(f"2026-03-0{day}", "Brand", "1", "1") for day in range(1, 6)]
    done = again(desk, upload(desk, acme, *rows), "import", origin="Google Ads")
    assert 'hx-trigger="every 2s' in desk.get(done.url).content.decode()
    polled = reverse("admin:reporting_metricimport_progress", args=[MetricImport.objects.get().pk])
    assert (desk.get(polled).status_code, "0 of 5 rows" in desk.get(polled).content.decode()) == (200, True)
    imports.continue_imports(at=AT)
    over = desk.get(polled)
    assert (over.status_code, over["HX-Refresh"]) == (286, "true")


def test_shows_what_a_file_says_as_the_text_it_is(desk: Browser, acme: Client) -> None:
    evil = "<script>alert(1)</script>"
    looked = upload(desk, acme, ("2026-03-01", evil, "x", "1"), headers=(*HEADERS[:1], evil, *HEADERS[2:]))
    assert evil not in looked.content.decode()
    done = again(desk, looked, "import", origin="Google Ads")
    assert evil not in desk.get(done.url).content.decode()


@pytest.mark.parametrize(("role", "may"), [("Account manager", 200), ("Strategist", 403), ("Finance", 403)])
def test_is_for_those_who_look_after_clients(acme: Client, role: str, may: int) -> None:
    assert upload(desk_of(role), acme).status_code == may


def test_is_for_own_clients_alone_where_somebody_has_own_clients(settings: Any, acme: Client, globex: Client) -> None:
    settings.OWN_CLIENTS_ONLY = True
    browser = desk_of("Account manager")
    assert "client" in upload(browser, acme).context["form"].errors
    row = an_import(globex, csv_of(HEADERS, ROWS[0]))
    for name in ("progress", "refused"):
        assert browser.get(reverse(f"admin:reporting_metricimport_{name}", args=[row.pk])).status_code == 404
    assert browser.get(reverse("admin:reporting_metricpoint_kpis", args=[globex.pk])).status_code == 404


# --- values, and what they measure ------------------------------------------------------------------------------------


def take_back(browser: Browser, row: MetricPoint, reason: str = "Wrong account.") -> Any:
    return send_dialog(browser, reverse("admin:reporting_metricpoint_take_back", args=[row.pk]), reason=reason)


def test_lets_a_value_be_taken_back_with_a_reason(desk: Browser, acme: Client) -> None:
    an_import(acme, csv_of(HEADERS, ROWS[0]))
    row = MetricPoint.objects.get(name="Clicks")
    dialog = reverse("admin:reporting_metricpoint_take_back", args=[row.pk])
    assert dialog in desk.get(page_of(row)).content.decode()
    take_back(desk, row)
    assert MetricPoint.objects.get(name="taken_back").source == row.source
    assert dialog not in desk.get(page_of(row)).content.decode()


def test_lets_nobody_take_back_what_the_platform_counts(desk: Browser, acme: Client) -> None:
    an_import(acme, csv_of(HEADERS, ROWS[0]))
    collect_metrics(acme.pk, [point("packages_delivered")])
    row = MetricPoint.objects.get(name="packages_delivered")
    take_back(desk, row)
    take_back(desk_of("Strategist"), MetricPoint.objects.get(name="Clicks"))
    assert not MetricPoint.objects.filter(name="taken_back").exists()


def test_says_of_each_kpi_whether_anything_measures_it(desk: Browser, acme: Client, strategist: User) -> None:
    approved(acme, strategist, AT, kpi("Clicks", unit="CLICKS"), kpi("Bookings", unit="bookings"))
    an_import(acme, csv_of(HEADERS, ROWS[0], ("2026-03-05", "Brand", "44", "1")))
    shown = desk.get(reverse("admin:reporting_metricpoint_kpis", args=[acme.pk]))
    first, second = shown.context["kpis"]
    assert (first.last.value, second.last) == (44, None)
    assert [each.name for each in shown.context["others"]] == ["Cost"]
    page = shown.content.decode()
    assert "import or push “Bookings” in “bookings”" in page
    tab = desk.get(reverse("admin:client_tab", args=[acme.pk, "reports"])).content.decode()
    assert reverse("admin:reporting_metricpoint_kpis", args=[acme.pk]) in tab


@pytest.mark.parametrize("model", [MetricImport, ColumnMapping, MetricPoint])
def test_costs_the_same_few_queries_for_any_number(
    desk: Browser, acme: Client, asks_at_most: Callable, model: type
) -> None:
    for day in range(1, 9):
        an_import(acme, csv_of(HEADERS, (f"2026-03-0{day}", "Brand", "1", "x")), origin=f"Ads {day}")
    with asks_at_most(12):
        assert desk.get(list_of(model)).status_code == 200
    with asks_at_most(12):
        desk.get(page_of(MetricImport.objects.first()))
    with asks_at_most(12):
        desk.get(reverse("admin:reporting_metricpoint_kpis", args=[acme.pk]))
