"""The portal's pages of intakes: answered question by question, saved as they go, and sent once."""

from apps.onboarding.views.pages import (
    attach,
    begin,
    cards,
    discard,
    download,
    intake,
    intakes,
    remove_file,
    save,
)

__all__ = ["attach", "begin", "cards", "discard", "download", "intake", "intakes", "remove_file", "save"]
