"""Serializers that take nothing they were not told of, and the fields that several modules need."""

from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

from babel.numbers import get_currency_precision
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.shared.dtos import Money


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not know, and those that are not the sender's to set, each by its name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(set(data) - known):
                takes = f"It takes: {', '.join(sorted(known))}." if known else "It takes none."
                raise serializers.ValidationError(dict.fromkeys(unknown, f"There is no such field to set. {takes}"))
        return super().to_internal_value(data)


class NothingSerializer(StrictSerializer):
    """A body that has nothing to say."""


class TextField(serializers.CharField):
    """Text as text: a number or a truth value is refused rather than turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["12.50"]},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]},
        },
        "required": ["amount", "currency"],
    }
)
class MoneyField(serializers.Field):
    """An amount as text beside its currency (ISO 4217), read from an object that has both as columns or as `Money`."""

    def __init__(self, *, amount: str, currency: str = "currency", **options: Any) -> None:
        self.amount, self.currency = amount, currency
        super().__init__(source="*", read_only=True, **options)

    def to_representation(self, row: Any) -> dict[str, str] | None:
        amount = attrgetter(self.amount)(row)
        if amount is None:
            return None
        if isinstance(amount, Money):
            return {"amount": _written(amount.amount, amount.currency), "currency": amount.currency}
        currency = attrgetter(self.currency)(row)
        return {"amount": _written(amount, currency), "currency": currency}


def _written(amount: Decimal, currency: str) -> str:
    """Return an amount with the decimals of its currency, and with more where it has more."""
    digits = max(get_currency_precision(currency), -amount.normalize().as_tuple().exponent)
    return f"{amount:.{digits}f}"


@extend_schema_field(OpenApiTypes.OBJECT)
class ObjectField(serializers.JSONField):
    """An object of free form, such as the answers of an intake."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Give an object: {…}.")
        return super().to_internal_value(data)
