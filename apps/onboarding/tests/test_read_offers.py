"""Offers, read from a client's words …"""

import pytest

from apps.onboarding.api.dtos import Offer
from apps.onboarding.rules.offers import read_offers


def _shown(offer: Offer) -> tuple[str, str, str, bool]:
    price = f"{offer.price.amount} {offer.price.currency}" if offer.price else ""
    return offer.name, price, offer.unit, offer.is_price_from


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        (
            "Solaranlagen ab 12.900 €, Wartung 19,90 €/Monat, Speicher auf Anfrage",
            [
                ("Solaranlagen", "12900 EUR", "", True),
                ("Wartung", "19.90 EUR", "per month", False),
                ("Speicher auf Anfrage", "", "", False),
            ],
        ),
        (
            "1:1 coaching (90 min, £120 per session); group course 8 weeks £690; free discovery call",
            [
                ("1:1 coaching", "120 GBP", "per session", False),
                ("group course 8 weeks", "690 GBP", "", False),
                ("free discovery call", "", "", False),
            ],
        ),
        (
            "- Haircut: €35\n- Colour from €70\n- Bridal styling",
            [("Haircut", "35 EUR", "", False), ("Colour", "70 EUR", "", True), ("Bridal styling", "", "", False)],
        ),
        (
            "€85 hygiene visit, €120 whitening",
            [("hygiene visit", "85 EUR", "", False), ("whitening", "120 EUR", "", False)],
        ),
        (
            "Cours de cuisine (85 € par personne), ateliers privés à partir de 450 €",
            [("Cours de cuisine", "85 EUR", "per personne", False), ("ateliers privés", "450 EUR", "", True)],
        ),
        (
            "1) Audit CHF 2'500 2) Implementation from CHF 18'000",
            [("Audit", "2500 CHF", "", False), ("Implementation", "18000 CHF", "", True)],
        ),
        (
            "strzyżenie od 80 zł, koloryzacja 250 zł",
            [("strzyżenie", "80 PLN", "", True), ("koloryzacja", "250 PLN", "", False)],
        ),
        ("Hosting, 9,99 € monatlich", [("Hosting", "9.99 EUR", "per month", False)]),
        (
            "Bike rental: 25€/day, e-bikes 45€/day",
            [("Bike rental", "25 EUR", "per day", False), ("e-bikes", "45 EUR", "per day", False)],
        ),
        ("Solcelleanlegg fra 89 000 NOK", [("Solcelleanlegg", "89000 NOK", "", True)]),
        ("Mortgage advice and insurance", [("Mortgage advice and insurance", "", "", False)]),
        ("aligners, from 8 weeks", [("aligners, from 8 weeks", "", "", False)]),
    ],
)
def test_have_a_name_a_price_and_a_unit(text: str, offers: list[tuple[str, str, str, bool]]) -> None:
    assert [_shown(offer) for offer in read_offers([text], currency="EUR")] == offers


def test_keep_talk_about_their_price_in_their_text() -> None:
    text = "AP automation for 50–400 staff; €490/month base + €0.35 per invoice; average contract €11,400 a year"
    (offer,) = read_offers([text], currency="EUR")
    assert offer.text == text
    assert _shown(offer) == ("AP automation for 50–400 staff", "490 EUR", "per month", False)


def test_take_no_average_for_a_price() -> None:
    kitchens, fitting = read_offers(["Kitchens; average order £14k; fitting in a week"], currency="GBP")
    assert (kitchens.name, kitchens.price) == ("Kitchens", None)
    assert fitting.name == "fitting in a week"


def test_have_the_price_that_was_answered_beside_the_name() -> None:
    read = read_offers(["Will writing", "from £240", "Conveyancing", "£950 + VAT"], currency="GBP")
    assert [_shown(offer) for offer in read] == [
        ("Will writing", "240 GBP", "", True),
        ("Conveyancing", "950 GBP", "", False),
    ]


def test_are_named_in_at_most_twelve_words() -> None:
    (offer,) = read_offers(["word " * 200], currency="EUR")
    assert len(offer.name.split()) == 12
    assert len(offer.text.split()) == 200


@pytest.mark.parametrize("text", ["Will writing fixed fee £240", "Will writing – flat fee: £240", "Will writing £240"])
def test_are_named_without_the_kind_of_their_price(text: str) -> None:
    (offer,) = read_offers([text], currency="GBP")
    assert _shown(offer)[:2] == ("Will writing", "240 GBP")
