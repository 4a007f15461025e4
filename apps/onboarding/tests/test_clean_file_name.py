"""Cleaning a file's name …"""

import pytest

from apps.onboarding.rules.file_names import MOST_CHARACTERS, clean_file_name, extension_of


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Brief für März.pdf", "Brief für März.pdf"),
        ("Fu\u0308r.txt", "F\u00fcr.txt"),
        ("../../etc/passwd", "passwd"),
        ("/var/www/x.pdf", "x.pdf"),
        ("C:\\Users\\Me\\offer.pdf", "offer.pdf"),
        ("\\\\host\\share\\offer.pdf", "offer.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: x=1.txt", "a Set-Cookie: x=1.txt"),
        ("offer.pdf\0.txt", "offer.pdf.txt"),
        ("zero\u200bwidth\ufeff.png", "zerowidth.png"),
        ("offer.pdf. . ", "offer.pdf"),
        ("CON.txt", "_CON.txt"),
        ("con", "_con"),
        ("concept.txt", "concept.txt"),
        ("..", "attachment"),
        ("", "attachment"),
        ("\u202e\u200b", "attachment"),
    ],
)
def test_keeps_what_a_person_would_read(name: str, cleaned: str) -> None:
    assert clean_file_name(name) == cleaned


def test_shortens_a_long_one_but_keeps_its_ending() -> None:
    cleaned = clean_file_name("ä" * 300 + ".docx")
    assert cleaned == "ä" * (MOST_CHARACTERS - 5) + ".docx"


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.PDF", "pdf"), ("a.php.jpg", "jpg"), ("a", ""), ("version 1.2", ""), ("a.tar.gz", "gz"), ("a.sentence", "")],
)
def test_knows_what_a_name_claims(name: str, extension: str) -> None:
    assert extension_of(name) == extension
