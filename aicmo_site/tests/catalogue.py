"""What the portal's pages say, and the German for it: `python -m aicmo_site.tests.catalogue` adds what is missing.

It writes new sentences without a translation into `locale/de/LC_MESSAGES/django.po`, drops those no page says any more,
and compiles the catalogue. The compiled one is kept in the tree, because Django reads nothing else and a fresh machine
has no compiler for it; a test holds the two together.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale/de/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
_FOLDERS = ("portal", "account", "client_review", "onboarding", "forms", "cam", "billing", "reporting", "retention")
TEMPLATES = tuple(f"templates/{name}" for name in _FOLDERS)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "ngettext_lazy": (1, 2),
}


def said() -> Catalog:
    """Return the sentences of the portal's templates and of the code behind them, without translations."""
    catalogue = Catalog(locale="de", fuzzy=False, charset="utf-8")
    for place, source in _sources():
        for _, message, comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            catalogue.add(message, locations=[(place, None)], auto_comments=comments, context=context)
    return catalogue


def _sources() -> Iterator[tuple[str, str]]:
    for folder in TEMPLATES:
        for path in sorted((ROOT / folder).rglob("*.*")):
            yield _name(path), templatize(path.read_text(), origin=str(path))
    for folder in ("apps", "aicmo_site"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "tests" not in path.parts and "gettext" in (source := path.read_text()):
                yield _name(path), source


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def translated() -> Catalog:
    """Return the German catalogue as it stands in the tree."""
    with PO.open("rb") as file:
        return read_po(file, locale="de")


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as Django reads it."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def refresh() -> None:
    """Bring the catalogue in step with the pages."""
    catalogue = translated() if PO.exists() else Catalog(locale="de", charset="utf-8")
    catalogue.update(said(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version, catalogue.fuzzy = "AICMO", "1", False
    catalogue.header_comment = "# The portal in German: see aicmo_site/tests/catalogue.py."
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 11, 30, tzinfo=UTC)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=110, omit_header=False, sort_output=True, include_lineno=False)
    MO.write_bytes(compiled(catalogue))


if __name__ == "__main__":
    import django

    django.setup()
    refresh()
