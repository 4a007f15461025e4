"""normalise_address …"""

import pytest

from apps.cam.rules.addresses import AddressRefused, address_key, normalise_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mia@clinic.example", "mia@clinic.example"),
        ("  Mia.O'Byrne+crm@Clinic.EXAMPLE\t", "Mia.O'Byrne+crm@clinic.example"),
        ("zoe\u0308@b\u00fccher.example", "zo\u00eb@b\u00fccher.example"),
    ],
)
def test_keeps_one_address_in_one_spelling(text: str, address: str) -> None:
    assert normalise_address(text) == address


def test_tells_two_spellings_of_one_address_as_one() -> None:
    assert address_key(normalise_address("MIA@X.example")) == address_key(normalise_address("mia@x.EXAMPLE"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing"),
        ("a@x.example,b@x.example", "more than one"),
        ("a@x.example; b@x.example", "more than one"),
        ("a@x.example\r\nBcc: b", "line break"),
        ("a@x.example\u2028", "line break"),
        ("a\u200b@x.example", "invisible"),
        ("a@x.example\0", "invisible"),
        ("Mia <a@x.example>", "alone"),
        ("a b@x.example", "alone"),
        ("nobody", "no e-mail address"),
        ("a@localhost", "no e-mail address"),
        ("a@1.2.3.4", "no e-mail address"),
        ("a@-x.example", "no e-mail address"),
        (".a@x.example", "no e-mail address"),
        ("a..b@x.example", "no e-mail address"),
        ("a" * 65 + "@x.example", "no e-mail address"),
        ("=cmd()@x.example(", "no e-mail address"),
        ("a@" + "x" * 300 + ".example", "254 characters"),
    ],
)
def test_refuses_what_is_not_one_address_and_says_what_to_do(text: str, words: str) -> None:
    with pytest.raises(AddressRefused, match=words):
        normalise_address(text)
