"""A file of measured values …"""

import threading
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from openpyxl import Workbook

from apps.identity.models import Client
from apps.reporting.api import ports
from apps.reporting.gateways import SHELF
from apps.reporting.models import ColumnMapping, MetricImport, MetricPoint, MetricRefusal
from apps.reporting.rules import TAKEN_BACK
from apps.reporting.rules.mapping import Column, Mapping
from apps.reporting.services import imports
from apps.reporting.services.points import take_back_point
from apps.reporting.tests.factories import AT, MARCH, an_import, csv_of
from apps.shared.events import AuditNote, Event, event_published
from apps.shared.gateways.tables import TableRefused

HEADERS = ("Day", "Campaign", "Clicks", "Cost")
ONE, TWO = ("2026-03-01", "Brand", "30", "12.50"), ("2026-03-02", "Brand", "41", "1,013.20")


@pytest.fixture
def published() -> Iterator[list[tuple[Event, AuditNote]]]:
    told: list[tuple[Event, AuditNote]] = []

    def note(event: Event, note: AuditNote, **_: Any) -> None:
        told.append((event, note))

    event_published.connect(note)
    yield told
    event_published.disconnect(note)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def counts(row: MetricImport) -> tuple[int, ...]:
    row.refresh_from_db()
    return (row.created, row.known, row.differing, row.replaced, row.refused)


def values(client: Client, name: str = "Clicks") -> list[Decimal]:
    """What a report counts: what was taken back is no value."""
    gone = MetricPoint.objects.filter(client=client, name=TAKEN_BACK).values("source")
    found = MetricPoint.objects.filter(client=client, name=name).exclude(source__in=gone)
    return list(found.order_by("at", "value").values_list("value", flat=True))


def problems(row: MetricImport) -> dict[int, dict[str, str]]:
    return dict(MetricRefusal.objects.filter(metric_import=row).values_list("row", "problems"))


def test_brings_each_value_with_the_row_behind_it(acme: Client) -> None:
    Client.objects.filter(pk=acme.pk).update(time_zone="Europe/Berlin")
    acme.refresh_from_db()
    row = an_import(acme, csv_of(HEADERS, ONE, TWO))
    assert (row.state, counts(row)) == ("COMPLETED", (4, 0, 0, 0, 0))
    clicks = MetricPoint.objects.get(name="Clicks", value=30)
    assert (clicks.source, clicks.row, clicks.metric_import) == ("files:ads/2026-03-01/Brand/clicks", 1, row)
    assert (clicks.at, clicks.unit) == (datetime(2026, 2, 28, 23, tzinfo=UTC), "clicks")
    assert values(acme, "Cost") == [Decimal("12.5"), Decimal("1013.2")]
    report = ports.generate_report(client_id=acme.pk, start_date=MARCH[0], end_date=MARCH[1], at=AT)
    assert report.findings.kpis == ()


def _xlsx() -> bytes:
    book = Workbook()
    book.active.append(["Campaign report"])
    book.active.append([])
    book.active.append(["Day", "Clicks", "CTR"])
    book.active.append([date(2026, 3, 1), 1.234, 0.0525])
    book.active["C4"].number_format = "0.00%"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _mixed_sheet() -> bytes:
    """A sheet where some typed numbers as text, as Germans write them, and some cells are numbers."""
    book = Workbook()
    book.active.append(["Tag", "Klicks", "CTR", "Kosten"])
    book.active.append([date(2026, 3, 1), 1.234, 0.01234, 12])
    book.active["C2"].number_format = "0.00%"
    book.active["D2"].number_format = '#,##0.00 "EUR"'
    book.active.append(["2.3.2026", "1.300,5", "2,5 %", "1.234,50 €"])
    book.active.append([46084, 5, 0.5, 3])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


GOOD: dict[str, tuple[bytes, dict[str, list[str]]]] = {
    "Google's, with titles": (
        'Campaign report\n"1 March 2026 - 31 March 2026"\nDay,Clicks\n2026-03-01,"1,200"\n'.encode("utf-16"),
        {"Clicks": ["1200"]},
    ),
    "GA4's, with remarks": (
        b"# ----\n# Report, a\n#\nDate,Active users\n20260301,7\n",
        {"Active users": ["7"]},
    ),
    "of a German Excel": (
        csv_of(("Datum", "Klicks", "CTR"), ("1.3.2026", "1.200", "2,5 %"), separator=";", encoding="cp1252"),
        {"Klicks": ["1200"], "CTR": ["2.5"]},
    ),
    "with one metric a row": (
        csv_of(
            ("date", "name", "value", "unit"), ("2026-03-01", "Calls", "3", "calls"), ("2026-03-01", "Visits", "9", "")
        ),
        {"Calls": ["3"], "Visits": ["9"]},
    ),
    "with numbers and percents of a sheet": (_xlsx(), {"Clicks": ["1.234"], "CTR": ["5.25"]}),
    "with cells that say nothing": (
        csv_of(("Day", "Clicks", "Cost"), ("2026-03-01", "--", "5"), ("2026-03-02", "2", "")),
        {"Clicks": ["2"], "Cost": ["5"]},
    ),
}


@pytest.mark.parametrize("kind", GOOD)
def test_is_read_as_tools_and_people_write_it(acme: Client, kind: str) -> None:
    content, measured = GOOD[kind]
    row = an_import(acme, content)
    assert problems(row) == {}
    assert {name: values(acme, name) for name in measured} == {
        name: [Decimal(each) for each in numbers] for name, numbers in measured.items()
    }


@pytest.mark.parametrize(("mark", "read", "refused"), [(",", ["1300.5"], [1, 3]), (".", ["1.234"], [2, 3])])
def test_of_a_sheet_is_never_read_a_thousandfold(acme: Client, mark: Any, read: list[str], refused: list[int]) -> None:
    """1.234 as a number is 1.234 whatever stands beside it; and a day without its format is a number, and no day."""
    named = [("Klicks", "clicks"), ("CTR", "%"), ("Kosten", "EUR")]
    columns = (Column("Tag", "AT"), *(Column(name, "METRIC", name, unit) for name, unit in named))
    row = an_import(acme, _mixed_sheet(), mapping=Mapping(columns, decimal=mark))
    assert sorted(problems(row)) == refused
    assert "no day that exists" in problems(row)[3]["Tag"]
    assert values(acme, "Klicks") == [Decimal(each) for each in read]


BAD = {
    "no number": (("2026-03-01", "A", "many", "1"), {"Clicks": "no number"}),
    "not a number": (("2026-03-01", "A", "NaN", "inf"), {"Clicks": "no number", "Cost": "no number"}),
    "a share": (("2026-03-01", "A", "5%", "1"), {"Clicks": "unit %"}),
    "too many digits": (("2026-03-01", "A", "12345678901234567", "1"), {"Clicks": "digits"}),
    "too many decimals": (("2026-03-01", "A", "0.12345", "1"), {"Clicks": "decimals"}),
    "no day": (("2026-13-01", "A", "1", "1"), {"Day": "no day"}),
    "a day to come": (("2026-04-03", "A", "1", "1"), {"Day": "yet to come"}),
    "a total": (("Total", "", "71", "1"), {"Day": "no day"}),
    "too many cells": (("2026-03-01", "A", "1", "1", "more"), {"row": "more cells"}),
}


@pytest.mark.parametrize("kind", BAD)
def test_names_row_and_column_of_what_it_does_not_take_and_the_fix(acme: Client, kind: str) -> None:
    bad, said = BAD[kind]
    row = an_import(acme, csv_of(HEADERS, ONE, bad, TWO))
    assert counts(row) == (4, 0, 0, 0, 1)
    ((number, told),) = problems(row).items()
    assert (number, set(told)) == (2, set(said))
    assert all(part in told[column] for column, part in said.items())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"Day,Clicks\n", "no row"),
        (b"Day,Day\n1,2\n", "more than one column"),
        (b"%PDF-1.7 and more", "neither"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b'Day,Clicks\n2026-03-01,"5\n', "no CSV"),
    ],
)
def test_is_refused_whole_where_it_is_no_table(content: bytes, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        imports.keep_file(BytesIO(content))


# --- once -------------------------------------------------------------------------------------------------------------


def test_adds_nothing_when_it_comes_again(acme: Client, globex: Client) -> None:
    first = an_import(acme, csv_of(HEADERS, ONE, TWO))
    assert an_import(acme, csv_of(HEADERS, ONE, TWO)) == first
    longer = an_import(acme, csv_of(HEADERS, ONE, TWO, ("2026-03-03", "Brand", "5", "1")))
    assert counts(longer) == (2, 4, 0, 0, 0)
    assert counts(an_import(globex, csv_of(HEADERS, ONE))) == (2, 0, 0, 0, 0)
    assert values(acme) == [30, 41, 5]


def test_leaves_what_is_known_otherwise_unless_a_person_replaces_it(acme: Client) -> None:
    an_import(acme, csv_of(HEADERS, ONE, TWO))
    corrected = csv_of(HEADERS, (*ONE[:2], "33", ONE[3]), TWO)
    left = an_import(acme, corrected)
    assert counts(left) == (0, 3, 1, 0, 0)
    assert "known to be 30 clicks, and the file says 33 clicks" in problems(left)[1]["Clicks"]
    replaced = an_import(acme, corrected, replaces=True)
    assert counts(replaced) == (0, 3, 0, 1, 0)
    assert values(acme) == [33, 41]
    assert MetricPoint.objects.get(value=33).source == f"files:ads/2026-03-01/Brand/clicks@{replaced.pk.hex[-12:]}"
    assert MetricPoint.objects.filter(value=30).exists()
    again = an_import(acme, csv_of(HEADERS, ONE, TWO), replaces=True)
    assert (counts(again), values(acme)) == ((0, 3, 0, 1, 0), [30, 41])


def test_refuses_a_second_row_that_nothing_tells_from_the_first(acme: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    rows = [(*ONE[:2], str(n), "1") for n in range(5)]
    row = an_import(acme, csv_of(HEADERS, *rows))
    imports.continue_imports(at=AT)
    assert counts(row) == (2, 0, 0, 0, 4)
    assert all("too; choose the columns that tell such rows apart" in told["Clicks"] for told in problems(row).values())
    assert "stands in row 1" in problems(row)[3]["Clicks"]
    assert values(acme) == [0]


def test_takes_a_value_in_again_after_it_was_taken_back(acme: Client, strategist: Any) -> None:
    an_import(acme, csv_of(HEADERS, ONE))
    take_back_point(MetricPoint.objects.get(name="Clicks"), by=strategist.pk, reason="Wrong account.", at=AT)
    assert values(acme) == []
    assert counts(an_import(acme, csv_of(HEADERS, ONE, TWO))) == (3, 1, 0, 0, 0)
    assert values(acme) == [30, 41]


@pytest.mark.django_db(transaction=True)
def test_comes_in_once_when_eight_send_it_at_the_same_moment(acme: Client) -> None:
    barrier, done = threading.Barrier(8), []
    content = csv_of(HEADERS, *[(f"2026-03-{day:02}", "Brand", str(day), "1") for day in range(1, 29)])

    def race() -> None:
        barrier.wait()
        done.append(an_import(acme, content).pk)
        connection.close()

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    imports.continue_imports(at=AT)
    assert (len(done), len(set(done))) == (8, 1)
    assert counts(MetricImport.objects.get()) == (56, 0, 0, 0, 0)
    assert values(acme) == list(range(1, 29))


def dies_after(slices: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader be killed in the middle of a slice, once."""
    whole, begun = imports.insert_points, count()

    def insert(*said: Any, **how: Any) -> Any:
        if next(begun) == slices:
            raise KeyboardInterrupt
        return whole(*said, **how)

    monkeypatch.setattr(imports, "insert_points", insert)


# --- in slices --------------------------------------------------------------------------------------------------------


def test_goes_on_behind_the_last_slice_of_a_reader_that_was_killed(
    acme: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SLICE", 2)
    rows = [(f"2026-03-0{day}", "Brand", str(day), "1") for day in range(1, 6)]
    row = an_import(acme, csv_of(HEADERS, *rows))
    dies_after(1, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        imports.continue_imports(at=AT)
    row.refresh_from_db()
    assert (row.rows, values(acme)) == (2, [1, 2])
    imports.read_on(MetricImport.objects.get(), at=AT)
    row.refresh_from_db()
    assert (row.state, row.rows, values(acme)) == ("COMPLETED", 5, [1, 2, 3, 4, 5])
    assert not SHELF.is_kept(row.sha256)


def test_says_that_it_is_gone_and_is_read_on_when_it_comes_again(acme: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "SLICE", 1)
    content = csv_of(HEADERS, ONE, TWO)
    row = an_import(acme, content)
    SHELF.drop(row.sha256)
    imports.continue_imports(at=AT)
    row.refresh_from_db()
    assert (row.state, "Send it again" in row.error) == ("FAILED", True)
    monkeypatch.setattr(imports, "SLICE", 9)
    assert an_import(acme, content) == row
    assert counts(row) == (4, 0, 0, 0, 0)


def test_that_is_broken_stops_no_other(acme: Client, globex: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "SLICE", 1)
    broken = an_import(acme, csv_of(HEADERS, ONE, TWO))
    whole = an_import(globex, csv_of(HEADERS, TWO, ONE))
    default_storage.delete(f"metric-imports/{broken.sha256}.csv")
    default_storage.save(f"metric-imports/{broken.sha256}.csv", ContentFile(b"0,Day\n1,a,b,c,d\n2,\xff\n"))
    with pytest.raises(ExceptionGroup, match=str(broken.pk)):
        imports.continue_imports(at=datetime.now(UTC) + timedelta(hours=1))
    whole.refresh_from_db()
    broken.refresh_from_db()
    assert (broken.state, broken.rows, whole.state, values(globex)) == ("RUNNING", 0, "COMPLETED", [30, 41])


def test_of_two_clients_is_read_for_each(acme: Client, globex: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "SLICE", 1)
    rows = [an_import(client, csv_of(HEADERS, ONE, TWO)) for client in (acme, globex)]
    imports.continue_imports(at=AT)
    assert [counts(row) for row in rows] == [(4, 0, 0, 0, 0)] * 2
    assert not SHELF.is_kept(rows[0].sha256)


def test_is_kept_until_it_was_read_and_for_a_day(acme: Client) -> None:
    kept = imports.keep_file(BytesIO(csv_of(HEADERS, ONE)))
    imports.sweep_files(at=datetime.now(UTC))
    assert SHELF.is_kept(kept.sha256)
    imports.sweep_files(at=datetime.now(UTC) + timedelta(days=2))
    assert not SHELF.is_kept(kept.sha256)


def test_of_a_hundred_thousand_rows_is_never_held_whole(acme: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rows and values would need 150 MB at once; a slice needs what a slice needs, however many came before."""
    first = date(2000, 1, 2)
    lines = (f"{first + timedelta(days=n % 9_000)},campaign {n // 9_000:02} of the year,{n}\n" for n in range(100_000))
    content = BytesIO(("Day,Campaign,Clicks\n" + "".join(lines)).encode())
    columns = (Column("Day", "AT"), Column("Campaign", "APART"), Column("Clicks", "METRIC", "Clicks", "clicks"))
    dies_after(5, monkeypatch)
    tracemalloc.start()
    try:
        wish = imports.Wish(imports.keep_file(content), "long.csv", "Ads", Mapping(columns))
        row, _ = imports.start_import(acme, wish, by=None, at=AT)
        with pytest.raises(KeyboardInterrupt):
            imports.continue_imports(at=AT)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert counts(row) == (5 * imports.SLICE, 0, 0, 0, 0)
    assert row.rows_total == 100_000
    assert most < 40_000_000


# --- what is told -----------------------------------------------------------------------------------------------------


def test_tells_of_the_file_its_mapping_and_what_was_new(acme: Client, published: list[tuple[Event, AuditNote]]) -> None:
    an_import(acme, csv_of(HEADERS, ONE))
    names = [event.name for event, _ in published]
    assert names == ["MetricImportStarted", "MappingKept", "MetricsCollected", "MetricFileImported"]
    an_import(acme, csv_of(HEADERS, ONE, TWO))
    assert [event.name for event, _ in published[4:]] == [
        "MetricImportStarted",
        "MetricsCollected",
        "MetricFileImported",
    ]
    assert ColumnMapping.objects.get().name == "Ads"
