"""A mapping …"""

from typing import Any

import pytest

from apps.reporting.rules.mapping import (
    Column,
    Mapping,
    MappingRefused,
    as_kept,
    check_mapping,
    origin_of,
    propose,
    slug_of,
)
from apps.reporting.tests.factories import kpi


def proposed(headers: tuple[str, ...], *rows: tuple[str, ...], kpis: Any = ()) -> dict[str, tuple[str, ...]]:
    found = propose(headers, rows, kpis, currency="EUR")
    return {each.header: (each.role, each.name, each.unit) for each in found.columns if each.role}


EXPORTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "Google Ads": (
        ("Campaign", "Day", "Currency code", "Cost", "Impr.", "Clicks", "CTR", "Conversions"),
        ("Brand", "2026-03-01", "EUR", "12.50", "1,200", "30", "2.50%", "1.00"),
        {
            "Campaign": ("APART", "", ""),
            "Day": ("AT", "", ""),
            "Cost": ("METRIC", "Cost", "EUR"),
            "Impr.": ("METRIC", "Impr.", "impressions"),
            "Clicks": ("METRIC", "Clicks", "clicks"),
            "CTR": ("METRIC", "CTR", "%"),
            "Conversions": ("METRIC", "Conversions", "conversions"),
        },
    ),
    "Meta Ads": (
        ("Campaign name", "Reporting starts", "Reporting ends", "Amount spent (USD)", "Reach", "Link clicks"),
        ("Spring", "2026-03-01", "2026-03-01", "9.99", "800", "12"),
        {
            "Campaign name": ("APART", "", ""),
            "Reporting starts": ("AT", "", ""),
            "Amount spent (USD)": ("METRIC", "Amount spent", "USD"),
            "Reach": ("METRIC", "Reach", "people"),
            "Link clicks": ("METRIC", "Link clicks", "clicks"),
        },
    ),
    "LinkedIn Ads": (
        ("Start Date (in UTC)", "Campaign Name", "Impressions", "Clicks", "Total Spent", "Leads"),
        ("03/01/2026", "ABM", "500", "4", "80.00", "1"),
        {
            "Start Date (in UTC)": ("AT", "", ""),
            "Campaign Name": ("APART", "", ""),
            "Impressions": ("METRIC", "Impressions", "impressions"),
            "Clicks": ("METRIC", "Clicks", "clicks"),
            "Total Spent": ("METRIC", "Total Spent", "EUR"),
            "Leads": ("METRIC", "Leads", "leads"),
        },
    ),
    "Search Console": (
        ("Date", "Clicks", "Impressions", "CTR", "Position"),
        ("2026-03-01", "5", "100", "5%", "8.4"),
        {
            "Date": ("AT", "", ""),
            "Clicks": ("METRIC", "Clicks", "clicks"),
            "CTR": ("METRIC", "CTR", "%"),
            "Impressions": ("METRIC", "Impressions", "impressions"),
            "Position": ("METRIC", "Position", "position"),
        },
    ),
    "Google Analytics": (
        ("Date", "Session source / medium", "Active users", "Sessions", "Key events"),
        ("20260301", "google / organic", "40", "55", "3"),
        {
            "Date": ("AT", "", ""),
            "Session source / medium": ("APART", "", ""),
            "Active users": ("METRIC", "Active users", "people"),
            "Sessions": ("METRIC", "Sessions", "sessions"),
            "Key events": ("METRIC", "Key events", "conversions"),
        },
    ),
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_is_proposed_for_the_exports_of_the_usual_tools(tool: str) -> None:
    headers, row, columns = EXPORTS[tool]
    assert proposed(headers, row) == columns
    assert origin_of(headers) == tool


def test_is_proposed_for_one_metric_a_row() -> None:
    found = proposed(("Datum", "Kennzahl", "Wert", "Einheit", "Clicks"), ("1.3.2026", "Anfragen", "3", "Stück", "9"))
    assert {header: each[0] for header, each in found.items()} == {
        "Datum": "AT",
        "Kennzahl": "NAME",
        "Wert": "VALUE",
        "Einheit": "UNIT",
    }


def test_is_proposed_for_a_kpi_by_its_name_and_for_columns_of_numbers() -> None:
    headers = ("Day", "online BOOKINGS", "Calls (minutes)", "Remark")
    found = proposed(headers, ("2026-03-01", "3", "12,5", "rain"), kpis=[kpi("Online bookings", unit="bookings")])
    assert found == {
        "Day": ("AT", "", ""),
        "online BOOKINGS": ("METRIC", "Online bookings", "bookings"),
        "Calls (minutes)": ("METRIC", "Calls", "minutes"),
    }


def test_is_found_again_wherever_its_columns_stand() -> None:
    kept = Mapping((Column("Day", "AT"), Column("Clicks", "METRIC", "Clicks", "clicks")), decimal=",").spec()
    again = as_kept(kept, ("Clicks", "error", "Day"))
    assert again is not None
    assert ([each.role for each in again.columns], again.decimal) == (["METRIC", "", "AT"], ",")
    assert as_kept(kept, ("Day", "Visits")) is None


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["METRIC", ""], "holds the day"),
        (["AT", "AT"], "holds the day"),
        (["AT", ""], "at least one column"),
        (["AT", "NAME"], "exactly one the value"),
        (["AT", "NAME", "VALUE", "METRIC"], "Either a row"),
        (["AT", "METRIC", "UNIT"], "column of units"),
        (["AT", *["METRIC"] * 41], "at most 40"),
    ],
)
def test_is_refused_where_it_measures_nothing_or_two_things(roles: list[Any], said: str) -> None:
    with pytest.raises(MappingRefused, match=said):
        check_mapping(Mapping(tuple(Column(f"C{n}", role) for n, role in enumerate(roles))))


@pytest.mark.parametrize(("name", "said"), [("taken_back", "count ourselves"), ("x" * 201, "characters")])
def test_is_refused_where_a_column_is_called_what_it_may_not(name: str, said: str) -> None:
    with pytest.raises(MappingRefused, match=said):
        check_mapping(Mapping((Column("Day", "AT"), Column("C", "METRIC", name))))
    with pytest.raises(MappingRefused, match="Two columns"):
        check_mapping(Mapping((Column("Day", "AT"), Column("A", "METRIC", "X"), Column("B", "METRIC", "x"))))


@pytest.mark.parametrize("name", ["", " ", "—", "x" * 41])
def test_is_refused_without_an_origin(name: str) -> None:
    with pytest.raises(MappingRefused, match="comes from"):
        slug_of(name)
