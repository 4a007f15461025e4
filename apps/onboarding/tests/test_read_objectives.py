"""An objective, read from a client's words …"""

from decimal import Decimal

import pytest

from apps.onboarding.rules.objectives import read_objective, read_objectives


@pytest.mark.parametrize(
    ("text", "metric", "target", "baseline", "unit"),
    [
        ("Increase online orders from 200 to 350 a month", "online orders", 350, 200, "per month"),
        ("Steigerung der Anfragen von 20 auf 60 pro Monat bis Ende Juni", "Anfragen", 60, 20, "per month"),
        ("Passer de 10 à 25 rendez-vous par mois", "rendez-vous", 25, 10, "per month"),
        ("aumentar las reservas de 80 a 120 al mes", "reservas", 120, 80, "per month"),
        ("get from 14 bookings to 40 bookings a month", "bookings", 40, 14, "per month"),
        ("Get 25 new clients per month (currently 9)", "clients", 25, 9, "per month"),
        ("40+ demo requests per month (baseline: 22)", "demo requests", 40, 22, "per month"),
        ("150 Anmeldungen in 6 Wochen, aktuell 30", "Anmeldungen", 150, 30, "in 6 weeks"),
        ("50 trial sign-ups/week, now 12", "trial sign-ups", 50, 12, "per week"),
        ("20 qualified leads / month", "qualified leads", 20, None, "per month"),
        ("generate 80-100 leads per month", "leads", 80, None, "per month"),
        ("grow to 10k followers within 6 months", "followers", 10000, None, "in 6 months"),
        ("1.200 newsletter subscribers", "newsletter subscribers", 1200, None, ""),
        ("Conversion rate from 2% to 4%", "Conversion rate", 4, 2, "%"),
        ("increase repeat purchase rate to 35%", "repeat purchase rate", 35, None, "%"),
        ("reach €50k revenue per month", "revenue", 50000, None, "EUR per month"),
        ("sales of €250,000 in 12 months", "sales", 250000, None, "EUR in 12 months"),
        ("120 demos in 90 days, CAC under 1.900 €", "demos", 120, None, "in 90 days"),
    ],
)
def test_has_the_numbers_in_it(text: str, metric: str, target: int, baseline: int | None, unit: str) -> None:
    read = read_objective(text, currency="EUR")
    assert (read.metric, read.target, read.baseline, read.unit, read.text) == (metric, target, baseline, unit, text)


@pytest.mark.parametrize(
    "text",
    [
        "more bookings",
        "double revenue",
        "30% more leads",
        "in 90 days",
        "CAC under €90",
        "be the best by 2027",
        "1" * 30 + " leads",
    ],
)
def test_has_no_number_where_none_is_to_be_reached(text: str) -> None:
    read = read_objective(text, currency="EUR")
    assert (read.metric, read.target, read.baseline, read.unit) == ("", None, None, "")


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("40 bookings by the end of Q2 (today 14)", "by the end of Q2"),
        ("40 bookings by 30 June 2026", "by 30 June 2026"),
        ("40 bookings until Christmas", "until Christmas"),
        ("40 Buchungen bis Ende Juni", "bis Ende Juni"),
        ("hire 5 nurses by May", "by May"),
        ("45 befaringer innen 1. juni", "innen 1. juni"),
        ("140 karnetów do końca września", "do końca września"),
        ("150 members by 9/1/2026", "by 9/1/2026"),
        ("launch before the mandate", ""),
        ("40 bookings by phone", ""),
    ],
)
def test_has_its_deadline_as_it_was_said(text: str, deadline: str) -> None:
    assert read_objective(text, currency="EUR").deadline == deadline


def test_is_one_of_several_when_the_client_listed_them() -> None:
    read = read_objectives(["1. 40 bookings a month\n2. 4.8 stars on Google"], currency="EUR")
    assert [(objective.metric, objective.target) for objective in read] == [
        ("bookings", Decimal(40)),
        ("stars", Decimal("4.8")),
    ]


def test_has_no_baseline_where_its_target_is_to_be_added() -> None:
    read = read_objective("Add 150 net new members, we're at 420 today", currency="USD")
    assert (read.target, read.baseline) == (150, None)


def test_keeps_the_baseline_that_follows_a_semicolon() -> None:
    (read,) = read_objectives(["15 viewings a week; today it is 6"], currency="EUR")
    assert (read.target, read.baseline) == (15, 6)
