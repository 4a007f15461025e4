"""Files of a test lie in a folder of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    """The media folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
