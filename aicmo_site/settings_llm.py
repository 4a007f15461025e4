"""Settings of the language model: without an address none is asked."""

from typing import Self

from pydantic import Field, PositiveInt, model_validator
from pydantic_settings import BaseSettings


class ModelEnvironment(BaseSettings):
    """The variables of the language model, with their types and defaults."""

    llm_url: str | None = Field(
        default=None, pattern=r"^https?://[^/\s@?#]+(/[^\s?#]*)?$", validation_alias="AICMO_LLM_URL"
    )
    llm_key: str | None = Field(default=None, pattern=r"^[!-~]+$", validation_alias="AICMO_LLM_KEY")
    llm_model: str | None = Field(default=None, min_length=1, max_length=120, validation_alias="AICMO_LLM_MODEL")
    llm_seconds: float = Field(default=30.0, gt=0, le=45, validation_alias="AICMO_LLM_SECONDS")
    llm_daily: PositiveInt = Field(default=200, validation_alias="AICMO_LLM_DAILY")

    @model_validator(mode="after")
    def a_model_has_a_name(self) -> Self:
        """Whoever serves models serves several."""
        if self.llm_url and not self.llm_model:
            raise ValueError("AICMO_LLM_URL needs AICMO_LLM_MODEL to be set")
        return self
