"""The subject of every mail …"""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = settings.BASE_DIR / "templates"
SUBJECTS = sorted(TEMPLATES.glob("*/mail/*.subject.txt"))


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: path.name)
def test_calls_the_agency_as_it_is_called(path: Path) -> None:
    subject = render_to_string(str(path.relative_to(TEMPLATES)), {"agency": "Harbour & Sons", "kind": "NEW"})
    assert "Harbour & Sons" in subject
