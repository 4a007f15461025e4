"""find_return_date …"""

from datetime import date

import pytest

from apps.cam.rules.dates import find_return_date

TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I will be back on March 3rd, 2027.", date(2027, 3, 3)),
        ("I am back on 16 March.", date(2026, 3, 16)),
        ("Returning 2026-04-01.", date(2026, 4, 1)),
        ("Out until Monday.", date(2026, 3, 16)),
        ("Back tomorrow.", date(2026, 3, 11)),
        ("Back next week.", date(2026, 3, 16)),
        ("Out until the 24th.", date(2026, 3, 24)),
        ("Away through March 19.", date(2026, 3, 20)),
        ("On leave March 9 - March 20.", date(2026, 3, 21)),
        ("Away from 9 to 29 March, returning March 30.", date(2026, 3, 30)),
        ("Out from 03/09/2026 until 03/24/2026.", date(2026, 3, 24)),
        ("Ich bin bis zum 14.03. im Urlaub.", date(2026, 3, 14)),
        ("bis einschließlich 15.03.2026 nicht im Büro", date(2026, 3, 16)),
        ("Am 17.3. bin ich zurück.", date(2026, 3, 17)),
        ("Ab Montag, den 23. März wieder erreichbar.", date(2026, 3, 23)),
        ("vom 9. bis 22. März im Urlaub", date(2026, 3, 23)),
        ("jusqu'au 16 mars inclus", date(2026, 3, 17)),
        ("de retour le 1er avril", date(2026, 4, 1)),
        ("du 9 au 29 mars", date(2026, 3, 30)),
        ("vuelvo el lunes", date(2026, 3, 16)),
        ("hasta el 20 de marzo", date(2026, 3, 20)),
        ("volto amanhã", date(2026, 3, 11)),
        ("até segunda-feira, 16 de março", date(2026, 3, 16)),
        ("Out of the office until 5 January.", date(2027, 1, 5)),
    ],
)
def test_reads_dates_as_people_write_them(text: str, day: date) -> None:
    assert find_return_date(text, TUESDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I am out of the office.",
        "Call me on 01632 960 551 or 0221/5550123.",
        "We are open 24/7.",
        "Back on 31.02.2026.",
        "Back on 99.99.",
        "My leave began on 2 March.",
        "I was back on 2 February 2024.",
        "Back in 2031, on 2031-01-01.",
        "Guten Morgen!",
    ],
)
def test_makes_up_no_date(text: str) -> None:
    assert find_return_date(text, TUESDAY) is None
