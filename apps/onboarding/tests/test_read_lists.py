"""A list, read from prose …"""

from collections.abc import Callable

import pytest

from apps.onboarding.rules import lists
from apps.onboarding.rules.channels import ruled_out_in_notes
from apps.onboarding.rules.languages import read_languages
from apps.onboarding.rules.websites import is_none_yet, read_website


@pytest.mark.parametrize(
    ("split", "text", "items"),
    [
        (lists.phrases, "slow; dear\nugly", ("slow", "dear", "ugly")),
        (lists.phrases, "a, b; c", ("a, b", "c")),
        (lists.phrases, "• slow\n• dear", ("slow", "dear")),
        (lists.phrases, "1. slow 2. dear 3. ugly", ("slow", "dear", "ugly")),
        (lists.phrases, "slow | dear", ("slow", "dear")),
        (lists.phrases, "We are slow. Nobody calls back.", ("We are slow", "Nobody calls back")),
        (lists.phrases, "from €2,900, about 1,5 hours", ("from €2,900", "about 1,5 hours")),
        (
            lists.phrases,
            "4.9 on Google (312 reviews, all real), 860 cases",
            ("4.9 on Google (312 reviews, all real)", "860 cases"),
        ),
        (
            lists.phrases,
            "Book online, in the evening, know the price",
            ("Book online, in the evening", "know the price"),
        ),
        (lists.phrases, "fast, plain, and kind", ("fast", "plain", "kind")),
        (lists.phrases, "tax and legal", ("tax and legal",)),
        (lists.phrases, "unclosed (bracket, here", ("unclosed (bracket", "here")),
        (lists.terms, "painless, guaranteed and cheap", ("painless", "guaranteed", "cheap")),
        (lists.terms, '"best price", „garantiert“', ("best price", "garantiert")),
        (lists.terms, "cheap and cheerful", ("cheap and cheerful",)),
        (lists.names, "PDF and PowerPoint", ("PDF", "PowerPoint")),
        (lists.names, "PDF, DOCX und ZIP", ("PDF", "DOCX", "ZIP")),
        (lists.statements, "Results vary. Ask a dentist, please.", ("Results vary. Ask a dentist, please.",)),
        (lists.prohibitions, "No cures, aches or pains, no promises", ("No cures, aches or pains", "no promises")),
        (
            lists.sentences,
            "Dr. Ní Bhriain agreed, e.g. on 4.9 stars. We go.",
            ("Dr. Ní Bhriain agreed, e.g. on 4.9 stars.", "We go."),
        ),
    ],
)
def test_has_its_items(split: Callable[[str], tuple[str, ...]], text: str, items: tuple[str, ...]) -> None:
    assert split(text) == items


@pytest.mark.parametrize(
    ("text", "full", "partly"),
    [
        ("English, Polish for the landing page", ("English",), ("Polish for the landing page",)),
        ("Deutsch und Englisch", ("German", "English"), ()),
        ("polski i angielski", ("Polish", "English"), ()),
        ("français & anglais", ("French", "English"), ()),
        ("EN / PL", ("English", "Polish"), ()),
        ("de-AT", ("German",), ()),
        ("English (UK) only", ("English",), ()),
        ("German for Austria", ("German",), ()),
        ("Português; inglês para os anúncios", ("Portuguese",), ("inglês para os anúncios",)),
    ],
)
def test_of_languages_tells_full_ones_from_those_for_a_part(text: str, full: tuple[str], partly: tuple[str]) -> None:
    assert read_languages([text]) == (full, partly, ())


def test_of_languages_names_what_it_does_not_know() -> None:
    assert read_languages(["English, Gibberish"]).unknown == ("Gibberish",)


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("ledgerly.co.test", "https://ledgerly.co.test"),
        ("https://www.bright-dental.test/", "https://www.bright-dental.test/"),
        ("HTTP://Foo.COM/Path?x=1", "http://foo.com/Path?x=1"),
        ("our site: shop.foo.co.uk.", "https://shop.foo.co.uk"),
        ("müller-bäckerei.de", "https://müller-bäckerei.de"),
        ("foo.test:8080", "https://foo.test:8080"),
        ("see instagram", None),
        ("info@foo.com", None),
        ("javascript:alert(1)", None),
        ("ftp://foo.com", None),
        ("http://user:pw@foo.com", None),
        ("http://localhost", None),
        ("http://[::1", None),
        ("http://foo.com:99999", None),
        ("www.foo", None),
        ("1.2.3.4", None),
        ("foo..com", None),
    ],
)
def test_of_words_gives_the_first_web_address(said: str, url: str | None) -> None:
    assert read_website(said) == url


@pytest.mark.parametrize("said", ["none yet", "-", "n/a", "No.", "noch keine", "under construction"])
def test_of_words_tells_that_there_is_no_web_site(said: str) -> None:
    assert is_none_yet(said)


@pytest.mark.parametrize("said", ["no-limits.test", "nonprofit.org"])
def test_of_words_takes_no_address_for_a_denial(said: str) -> None:
    assert not is_none_yet(said)


@pytest.mark.parametrize(
    ("notes", "channels"),
    [
        ("Owner (Dr. Ní Bhriain) wants no TikTok.", ("TikTok",)),
        ("no cold calling or radio, please", ("cold calling", "radio")),
        ("Kein Facebook, kein Instagram!", ("Facebook", "Instagram")),
        ("Avoid cold emails. TikTok is out.", ("cold e-mail", "TikTok")),
        ("do not use Google Ads", ("Google Ads",)),
        ("Instagram: no", ("Instagram",)),
        ("They have no Instagram account yet.", ()),
        ("not only LinkedIn", ()),
        ("We tried TikTok. No luck", ()),
        ("GA4 yes, Meta pixel no", ()),
    ],
)
def test_of_channels_has_those_that_a_call_ruled_out(notes: str, channels: tuple[str, ...]) -> None:
    assert ruled_out_in_notes([notes]) == channels
