"""Nouns of identity."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from apps.shared.dtos import CountryCode, CurrencyCode, Dto

CONTRACT_VERSION = "1.0"


class Client(Dto):
    """A company the agency works for."""

    id: UUID
    name: str
    slug: str
    status: Literal["PROSPECT", "ACTIVE", "ENDED"]
    country: CountryCode
    currency: CurrencyCode
    time_zone: str
    contact_email: str = ""
    contract_start_date: date | None = None
    contract_end_date: date | None = None
    contract_value: Decimal | None = None
    account_manager_id: UUID | None = None
    strict_qc: bool = False
    included_revision_rounds: int = 2


class ClientDetails(Dto):
    """What is known when a client is opened: a name, and where and in which money it works."""

    name: str
    country: CountryCode
    currency: CurrencyCode
    time_zone: str
    contact_email: str = ""
