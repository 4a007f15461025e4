"""import_leads …"""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from openpyxl import Workbook

from apps.cam.api import ports
from apps.cam.gateways import files
from apps.cam.models import Campaign, ImportBatch, ImportRefusal, Lead
from apps.cam.rules.columns import MappingRefused
from apps.cam.services import imports
from apps.cam.tests.conftest import AT
from apps.cam.tests.factories import CampaignFactory, LeadFactory, csv_of
from apps.shared.events import AuditNote, Event
from apps.shared.gateways import long_tables
from apps.shared.gateways.long_tables import MOST_COLUMNS
from apps.shared.gateways.tables import TableRefused

pytestmark = pytest.mark.django_db

HEADERS = ("Email", "First Name", "Last Name", "Company", "Country", "Notes")
MIA = ("mia@clinic.example", "Mia", "Byrne", "Bright Smiles", "Ireland", "Owner")
TOM = ("tom@clinic.example", "Tom", "Kelly", "White Teeth", "GB", "")


def bring(campaign: Campaign, content: bytes, **wishes: Any) -> Any:
    return ports.import_leads(campaign_id=campaign.pk, file_name="leads.csv", content=content, **wishes)


def test_takes_in_every_good_row_and_keeps_the_others_with_what_is_wrong(campaign: Campaign) -> None:
    bad = ("two@x.example, three@x.example", "Ann", "Lee", "Acme", "Atlantis", "")
    result = bring(campaign, csv_of(HEADERS, MIA, bad, TOM))
    assert (result.rows, result.created, result.duplicates, result.refused) == (3, 2, 0, 1)
    assert [(error.row, error.field) for error in result.errors] == [(2, "email"), (2, "country")]
    assert result.errors[0].message == "holds more than one address; keep one"
    assert ImportRefusal.objects.get().cells == list(bad[:5])
    mia = Lead.objects.get(email_key="mia@clinic.example")
    assert (mia.full_name, mia.country, mia.raw, mia.state) == ("Mia Byrne", "IE", {"Notes": "Owner"}, "NEW")


def test_takes_what_is_plain_of_a_company_and_keeps_the_rest_as_it_came(campaign: Campaign) -> None:
    headers = ("Email", "Industry", "# Employees", "Annual Revenue (EUR)", "Website", "Seniority", "Buying signals")
    plain = ("mia@clinic.example", "Dental", "51-200", "5,000,000", "clinic.example", "C suite", "Hiring; Budget")
    odd = ("tom@clinic.example", "Dental", "a few", "1-5M", "javascript:alert(1)", "L5", "")
    result = bring(campaign, csv_of(headers, plain, odd))
    assert (result.created, result.refused) == (2, 0)
    mia, tom = (Lead.objects.get(email_key=row[0]) for row in (plain, odd))
    assert (mia.industry, mia.employees, mia.employees_most) == ("Dental", 51, 200)
    assert (mia.revenue, mia.revenue_currency) == (5_000_000, "EUR")
    assert (mia.website, mia.seniority, mia.signals) == ("clinic.example", "EXECUTIVE", ["hiring", "budget"])
    assert (tom.industry, tom.employees, tom.revenue, tom.website, tom.seniority) == ("Dental", None, None, "", "")
    assert tom.raw == dict(zip(headers[2:6], odd[2:6], strict=True))


def test_tells_the_same_file_from_another_by_its_content(campaign: Campaign) -> None:
    first, again = (bring(campaign, csv_of(HEADERS, MIA)) for _ in range(2))
    assert again == first
    assert ImportBatch.objects.count() == 1
    bring(CampaignFactory(), csv_of(HEADERS, MIA))
    assert (ImportBatch.objects.count(), Lead.objects.count()) == (2, 2)


def test_adds_nothing_for_addresses_that_file_or_campaign_has(campaign: Campaign) -> None:
    LeadFactory(campaign=campaign, email_key=TOM[0], company="Kept")
    result = bring(campaign, csv_of(HEADERS, MIA, (MIA[0].upper(), *MIA[1:]), TOM))
    assert (result.created, result.duplicates) == (1, 2)
    assert Lead.objects.get(email_key=TOM[0]).company == "Kept"


def test_publishes_one_event_for_the_file_and_none_for_each_lead(
    campaign: Campaign, published: list[tuple[Event, AuditNote]]
) -> None:
    bring(campaign, csv_of(HEADERS, MIA, TOM))
    assert [event.name for event, _ in published] == ["ImportStarted", "LeadsImported"]
    assert published[1][0].created == 2


def test_goes_on_behind_the_last_slice_of_a_reader_that_was_killed(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 10)
    rows = [(f"p{number}@x.example" if number % 7 else "nobody",) for number in range(1, 36)]
    kept = imports.keep_file(BytesIO(csv_of(("Email",), *rows)))
    wishes = {"file_name": "leads.csv", "mapping": {"email": 0}, "by": None}
    batch, _ = imports.start_import(campaign, kept, **wishes)
    assert (batch.state, batch.rows) == ("RUNNING", 0)

    def killed(batch: ImportBatch) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imports, "_finish", killed)
        with pytest.raises(KeyboardInterrupt):
            imports.read_on(batch)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows, batch.created, batch.refused) == ("RUNNING", 30, 26, 4)
    assert imports.continue_imports(at=batch.touched_at) == 0
    assert imports.continue_imports(at=batch.touched_at + 2 * imports.SILENT_AFTER) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows, batch.created, batch.refused) == ("COMPLETED", 35, 30, 5)
    assert (Lead.objects.count(), ImportRefusal.objects.count()) == (30, 5)
    assert not files.is_kept(batch.sha256)


def test_stops_where_another_process_is_found_to_read_the_file(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    kept = imports.keep_file(BytesIO(csv_of(("Email",), *[(f"p{number}@x.example",) for number in range(9)])))
    imports.start_import(campaign, kept, file_name="a", mapping={"email": 0}, by=None)
    slow, quick = ImportBatch.objects.get(), ImportBatch.objects.get()
    rows = imports._rows_behind(slow)
    assert imports._take_slice(slow, rows)
    imports.read_on(quick)
    assert (quick.state, quick.rows) == ("RUNNING", 2)
    assert imports._take_slice(slow, rows)
    assert Lead.objects.count() == 4


def test_says_when_the_file_is_gone_and_reads_on_once_it_is_back(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    content = csv_of(("Email",), *[(f"p{number}@x.example",) for number in range(3)])
    kept = imports.keep_file(BytesIO(content))
    wishes = {"file_name": "a", "mapping": {"email": 0}, "by": None}
    batch, _ = imports.start_import(campaign, kept, **wishes)
    files.drop(kept.sha256)
    imports.read_on(batch)
    assert (batch.state, "Send it again" in batch.error) == ("FAILED", True)
    again, is_new = imports.start_import(campaign, imports.keep_file(BytesIO(content)), **wishes)
    assert (again.pk, is_new, again.state) == (batch.pk, False, "RUNNING")
    imports.continue_imports(at=AT)
    assert Lead.objects.count() == 3


def test_goes_on_with_the_next_file_where_one_cannot_be_read(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 1)
    wishes = {"mapping": {"email": 0}, "by": None}
    for name in ("broken", "whole"):
        kept = imports.keep_file(BytesIO(csv_of(("Email",), (f"{name}1@x.example",), (f"{name}2@x.example",))))
        imports.start_import(campaign, kept, file_name=name, **wishes)
    broken, whole = ImportBatch.objects.order_by("pk")
    default_storage.delete(f"lead-imports/{broken.sha256}.csv")
    default_storage.save(f"lead-imports/{broken.sha256}.csv", ContentFile(b"0,Email\n1,a\n2,\xff\n"))
    with pytest.raises(ExceptionGroup, match=str(broken.pk)):
        imports.continue_imports(at=AT)
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.state, whole.state, Lead.objects.count()) == ("RUNNING", "COMPLETED", 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_reads_what_spreadsheets_write(campaign: Campaign, encoding: str, separator: str) -> None:
    content = csv_of(("E-mail Address", "Name"), ("zoe@x.example", "Zoë"), separator=separator).decode()
    bring(campaign, content.encode(encoding))
    assert Lead.objects.get().full_name == "Zoë"


def test_reads_a_sheet_and_counts_its_rows_from_below_the_names(campaign: Campaign) -> None:
    book, content = Workbook(), BytesIO()
    for row in (HEADERS, MIA, (), ("=1+1", "=HYPERLINK(1)", "", "", "", ""), TOM):
        book.active.append(row)
    book.save(content)
    result = bring(campaign, content.getvalue())
    assert (result.created, [error.row for error in result.errors]) == (2, [3])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (csv_of(("Email", "Name", "Name"), MIA[:3]), "more than one column named Name"),
        (csv_of(("Email", "", "Name"), MIA[:3]), "column 2 has no name"),
        (csv_of([f"c{n}" for n in range(10_000)], ["x"]), f"more than {MOST_COLUMNS} columns"),
        (csv_of(("Email",)), "no row below"),
        (b'Email,Name\na@x.example,"never closed', "no CSV that can be read"),
        (csv_of(("Email",), ("x" * 10_000_000,)), "a line of more than"),
        (b'Email,Name\na@x.example,"' + b"word\n" * 2_000_000 + b'"\n', "field larger than field limit"),
        (b"%PDF-1.7\nEmail", "neither a CSV nor an XLSX"),
        (b"PK\x03\x04 no archive", "no spreadsheet"),
        (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refuses_what_is_no_table_and_stores_nothing(campaign: Campaign, content: bytes, words: str) -> None:
    with pytest.raises(TableRefused, match=words):
        bring(campaign, content)
    assert not ImportBatch.objects.exists()
    assert list(files.list_kept(before=AT.replace(year=2100))) == []


def test_refuses_a_sheet_that_no_request_could_unpack(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_tables, "MOST_SHEET_ROWS", 2)
    book, content = Workbook(), BytesIO()
    for row in (HEADERS, MIA, TOM):
        book.active.append(row)
    book.save(content)
    assert bring(campaign, content.getvalue()).created == 2
    book.active.append(MIA)
    book.save(longer := BytesIO())
    with pytest.raises(TableRefused, match="Save it as CSV"):
        bring(campaign, longer.getvalue())


def test_refuses_a_row_with_more_cells_than_columns_and_takes_the_next(campaign: Campaign) -> None:
    result = bring(campaign, csv_of(("Email",), ["x"] * 10_000, ("a@x.example",)))
    assert (result.created, result.refused) == (1, 1)
    assert "put quotes" in result.errors[0].message


def test_keeps_a_formula_as_the_text_it_is(campaign: Campaign) -> None:
    bring(campaign, csv_of(("Email", "Company"), ("a@x.example", '=HYPERLINK("http://evil")')))
    assert Lead.objects.get().company == '=HYPERLINK("http://evil")'


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"company": 0}, "Say which column holds the e-mail"),
        ({"email": 7}, "fewer columns"),
        ({"email": 0, "company": 0}, "two fields"),
        ({"email": 0, "state": 1}, "no field of a lead"),
    ],
)
def test_refuses_columns_that_make_no_leads(campaign: Campaign, mapping: dict[str, int], words: str) -> None:
    with pytest.raises(MappingRefused, match=words):
        bring(campaign, csv_of(HEADERS, MIA), mapping=mapping)


def test_takes_no_leads_into_a_campaign_that_has_ended(db: None) -> None:
    with pytest.raises(ValueError, match="is completed"):
        bring(CampaignFactory(state="COMPLETED"), csv_of(HEADERS, MIA))


def test_forgets_a_file_that_nobody_confirmed(campaign: Campaign) -> None:
    kept = imports.keep_file(BytesIO(csv_of(HEADERS, MIA)))
    imports.sweep_files(at=AT.replace(year=2000))
    assert files.is_kept(kept.sha256)
    imports.sweep_files(at=AT.replace(year=2100))
    assert not files.is_kept(kept.sha256)


def test_reads_a_kept_table_as_plain_csv(campaign: Campaign) -> None:
    kept = imports.keep_file(BytesIO(csv_of(("Email", "Name"), ("a@x.example", 'Mia "M"\nByrne'))))
    assert list(files.read_kept(kept.sha256)) == [(1, ["a@x.example", 'Mia "M"\nByrne'])]
