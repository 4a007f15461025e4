"""Fields that more than one form of the desk asks by."""

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import INPUT_CLASSES

from apps.cam.rules.rulebooks import percent


def day_input() -> forms.DateInput:
    """Return what a day is chosen with."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)})


class PercentField(forms.DecimalField):
    """A share of one, written in percent."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=1, **options)

    def prepare_value(self, value: Any) -> Any:
        return percent(value).removesuffix(" %") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> str | None:
        cleaned = super().clean(value)
        return None if cleaned is None else str(cleaned / 100)


class LinesField(forms.CharField):
    """Texts, one in a line."""

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class WordField(forms.CharField):
    """A number or a word: what it must be is said by the rules."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)
