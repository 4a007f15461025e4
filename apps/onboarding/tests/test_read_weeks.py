"""A timeline, read from a client's words …"""

from datetime import date

import pytest

from apps.onboarding.rules.timeline import read_weeks


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("12-16 weeks", 12, 16),
        ("12 – 16 Wochen", 12, 16),
        ("16-12 weeks", 12, 16),
        ("6 to 8 weeks", 6, 8),
        ("8 wks", 8, 8),
        ("ca. 10 Wochen", 10, 10),
        ("4–6 semaines", 4, 6),
        ("12 tygodni", 12, 12),
        ("3 months", 13, 13),
        ("3-month sprint", 13, 13),
        ("3 à 4 mois", 13, 17),
        ("6 weeks - 3 months", 6, 13),
        ("1.5 months", 7, 7),
        ("90 Tage", 13, 13),
        ("90 days", 13, 13),
        ("a quarter", 13, 13),
        ("2 trimestres", 26, 26),
        ("half a year", 26, 26),
        ("ein halbes Jahr", 26, 26),
        ("1 year", 52, 52),
        ("12", 12, 12),
        ("by end of June", 17, 17),
        ("bis Ende Juni", 17, 17),
        ("fin juin", 17, 17),
        ("do końca czerwca", 17, 17),
        ("30.06.2026", 17, 17),
        ("end of year", 43, 43),
        ("within Q2", 17, 17),
    ],
)
def test_is_a_range_of_weeks(text: str, least: int, most: int) -> None:
    assert read_weeks(text, from_day=date(2026, 3, 5), country="IE") == (least, most, True)


@pytest.mark.parametrize("text", ["asap", "", "soon", "0 weeks", "9999 weeks", "when it is done", "by 5 March 2026"])
def test_is_twelve_weeks_where_no_time_is_named(text: str) -> None:
    assert read_weeks(text, from_day=date(2026, 3, 5), country="IE") == (12, 12, False)
