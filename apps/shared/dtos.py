"""The base of every shape that crosses a module's border."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Dto(BaseModel):
    """An immutable value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(Dto):
    """An amount in one currency (ISO 4217), never a float."""

    amount: Decimal
    currency: CurrencyCode

    def __str__(self) -> str:
        whole = self.amount == self.amount.to_integral_value()
        return f"{self.amount:,.0f} {self.currency}" if whole else f"{self.amount:,.2f} {self.currency}"


class Document(Dto):
    """A file that somebody may read: what it is called, and its bytes."""

    name: str
    content: bytes
