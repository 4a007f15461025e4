"""Importing leads at the desk …"""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from apps.cam.gateways import files
from apps.cam.models import Campaign, ImportBatch, Lead
from apps.cam.services import imports
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, LeadFactory, csv_of
from apps.identity.models import User
from apps.shared.gateways.tables import read_table

PAGE = reverse("import-leads")
HEADERS = ("Email", "Name", "Employer of record")
ROWS = (
    ("mia@x.example", "Mia", "Acme"),
    ("tom@x.example\r\nBcc: all@x.example", "=Tom", "Acme"),
    ("MIA@x.example", "Mia again", "Acme"),
    ("ann@x.example", "Ann", "Acme"),
)


def upload(browser: Browser, campaign: Campaign, *rows: Sequence[str], name: str = "leads.csv") -> HttpResponse:
    file = SimpleUploadedFile(name, csv_of(HEADERS, *rows))
    return browser.post(PAGE, {"campaign": campaign.pk, "file": file, "look": ""})


def again(browser: Browser, looked: HttpResponse, button: str, **columns: Any) -> HttpResponse:
    shown = looked.context
    chosen = {field.html_name: field.initial for field in shown["columns"]} | columns
    sent = {"campaign": shown["owner"].pk, "seen": shown["seen"], button: "", **chosen}
    return browser.post(PAGE, sent)


def test_shows_what_would_become_of_each_row_and_stores_no_lead(desk: Browser, campaign: Campaign) -> None:
    LeadFactory(campaign=campaign, email_key="ann@x.example")
    looked = upload(desk, campaign, *ROWS)
    lines = looked.context["preview"].lines
    assert [line.outcome for line in lines] == ["NEW", "REFUSED", "KNOWN", "KNOWN"]
    assert "line break" in lines[1].problems["email"]
    assert lines[2].problems["row"] == "has the address of row 1"
    assert lines[3].problems["row"] == "is a lead of the campaign already"
    assert (Lead.objects.count(), ImportBatch.objects.count()) == (1, 0)


def test_imports_the_good_rows_once_that_is_confirmed(desk: Browser, campaign: Campaign, salesperson: User) -> None:
    done = again(desk, upload(desk, campaign, *ROWS), "import")
    batch = ImportBatch.objects.get()
    assert done.url == reverse("admin:cam_importbatch_change", args=[batch.pk])
    assert (batch.created, batch.duplicates, batch.refused, batch.imported_by) == (2, 1, 1, salesperson)
    page = desk.get(done.url).content.decode()
    assert "has a line break" in page
    assert "4 of 4 rows read" in page


def test_sends_the_refused_rows_back_where_no_cell_can_act(desk: Browser, campaign: Campaign) -> None:
    again(desk, upload(desk, campaign, *ROWS), "import")
    sent = desk.get(reverse("admin:cam_importbatch_refused", args=[ImportBatch.objects.get().pk]))
    content = b"".join(sent.streaming_content)
    assert b"'=Tom" in content
    table = read_table(content)
    assert table.headers == (*HEADERS, "error")
    assert table.rows[2][1] == "=Tom"
    assert "attachment" in sent["Content-Disposition"]


def test_takes_the_columns_that_the_person_chooses(desk: Browser, campaign: Campaign) -> None:
    looked = upload(desk, campaign, ROWS[0])
    assert "column_company" in [field.html_name for field in looked.context["columns"]]
    again(desk, again(desk, looked, "look", column_company="2"), "import", column_company="2")
    assert Lead.objects.get().company == "Acme"


def test_asks_for_the_address_where_no_column_is_known(desk: Browser, campaign: Campaign) -> None:
    file = SimpleUploadedFile("leads.csv", csv_of(("Correo", "Nombre"), ("mia@x.example", "Mia")))
    looked = desk.post(PAGE, {"campaign": campaign.pk, "file": file})
    assert "Say which column holds the e-mail address" in looked.content.decode()
    assert "preview" not in looked.context
    again(desk, looked, "import", column_email="0")
    assert Lead.objects.get().raw == {"Nombre": "Mia"}


def test_says_that_the_same_file_is_the_same_import(desk: Browser, campaign: Campaign) -> None:
    first = upload(desk, campaign, *ROWS)
    again(desk, first, "import")
    assert "was imported into Dentists before" in upload(desk, campaign, *ROWS).content.decode()
    assert 'name="import"' not in upload(desk, campaign, *ROWS).content.decode()
    told = again(desk, upload(desk, campaign, *ROWS, name="other.csv"), "import")
    assert "it is the same import" in desk.get(told.url).content.decode()
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize("change", ["another table", "none", "a table that is gone"])
def test_takes_nothing_back_that_it_did_not_send(desk: Browser, campaign: Campaign, change: str) -> None:
    looked = upload(desk, campaign, ROWS[0])
    seen = looked.context["seen"]
    if change == "a table that is gone":
        files.drop(looked.context["kept"].sha256)
    sent = {"another table": seen[:-3] + "abc", "none": ""}.get(change, seen)
    answer = desk.post(PAGE, {"campaign": campaign.pk, "seen": sent, "import": "", "column_email": "0"})
    assert "hoose" in str(answer.context["form"].errors["file"])
    assert not Lead.objects.exists()


def test_reads_a_long_file_in_the_background_and_says_how_far_it_is(
    desk: Browser, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    done = again(desk, upload(desk, campaign, *[(f"p{n}@x.example", "", "") for n in range(5)]), "import")
    assert 'hx-trigger="every 2s' in desk.get(done.url).content.decode()
    batch = ImportBatch.objects.get()
    polled = reverse("admin:cam_importbatch_progress", args=[batch.pk])
    assert (desk.get(polled).status_code, "0 of 5 rows" in desk.get(polled).content.decode()) == (200, True)
    imports.continue_imports(at=AT)
    over = desk.get(polled)
    assert (over.status_code, over["HX-Refresh"]) == (286, "true")
    assert Lead.objects.count() == 5


def test_shows_names_as_the_text_they_are(desk: Browser, campaign: Campaign) -> None:
    looked = upload(desk, campaign, ("mia@x.example", "<script>alert(1)</script>", ""))
    assert "<script>alert(1)" not in looked.content.decode()


def test_offers_no_campaign_that_has_ended(desk: Browser) -> None:
    ended = CampaignFactory(state="COMPLETED")
    assert "campaign" in upload(desk, ended, ROWS[0]).context["form"].errors


def test_is_for_those_who_work_in_acquisition(client: Browser, reviewer: User, campaign: Campaign) -> None:
    client.force_login(reviewer)
    assert client.get(PAGE).status_code == 403
    assert upload(client, campaign, ROWS[0]).status_code == 403
