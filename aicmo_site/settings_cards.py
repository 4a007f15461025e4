"""Settings of the card service, by which clients pay invoices: without a key none is asked, and no button is shown."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

_ORIGIN = r"^https?://[^/\s@?#]+$"
_SECRET = Annotated[str, Field(min_length=16, pattern=r"^[!-~]+$")]


class CardEnvironment(BaseSettings):
    """The variables of the card service, with their types and defaults."""

    stripe_key: str | None = Field(default=None, pattern=r"^[!-~]+$", validation_alias="AICMO_STRIPE_KEY")
    stripe_webhook_secrets: list[_SECRET] = Field(
        default=[], max_length=2, validation_alias="AICMO_STRIPE_WEBHOOK_SECRETS"
    )
    stripe_url: str = Field(default="https://api.stripe.com", pattern=_ORIGIN, validation_alias="AICMO_STRIPE_URL")
    stripe_pages: str = Field(
        default="https://checkout.stripe.com", pattern=_ORIGIN, validation_alias="AICMO_STRIPE_PAGES"
    )

    @model_validator(mode="after")
    def who_takes_money_hears_of_it(self) -> Self:
        """A payment that nobody tells us of would look like none."""
        if self.stripe_key and not self.stripe_webhook_secrets:
            raise ValueError("AICMO_STRIPE_KEY needs AICMO_STRIPE_WEBHOOK_SECRETS to be set")
        return self

    @property
    def cards(self) -> tuple[str | None, list[str], str, str]:
        """The key, the secrets of the webhook, and where it is asked and leads to."""
        return self.stripe_key, self.stripe_webhook_secrets, self.stripe_url, self.stripe_pages
