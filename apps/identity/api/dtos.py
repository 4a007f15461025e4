"""Nouns of identity."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, StringConstraints

from apps.shared.dtos import CountryCode, CurrencyCode, Dto

CONTRACT_VERSION = "1.4"
EXPORTS = "data-requests"
"""The folder of the media storage in which copies of somebody's data lie."""


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; use an IANA name such as Europe/Dublin.") from None
    return name


TimeZoneName = Annotated[str, AfterValidator(_known_time_zone)]


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
    deal_id: UUID | None = None


class ClientDetails(Dto):
    """What is known when a client is opened: a name, and where and in which money it works."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    country: CountryCode
    currency: CurrencyCode
    time_zone: TimeZoneName
    contact_email: Annotated[str, StringConstraints(pattern=r"^([^@\s]+@[^@\s]+)?$", max_length=254)] = ""


class Contract(Dto):
    """What a client signed, in the client's currency. `deal_id` makes it one client however often it is told of."""

    deal_id: UUID
    value: Decimal
    start_date: date | None = None
    end_date: date | None = None
    included_revision_rounds: int = 2


class Contact(Dto):
    """A person of a client's, and in which language we write to them (`en`, `de`)."""

    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    full_name: Annotated[str, StringConstraints(max_length=150)] = ""
    language: Annotated[str, StringConstraints(max_length=8)] = ""


class DataRequest(Dto):
    """A wish to export or erase what is kept of a client, or of the person with an address; one of both is given."""

    id: UUID
    kind: Literal["EXPORT", "ERASURE"]
    state: str
    client_id: UUID | None
    address: str
    language: str
    scope: dict[str, Any]
    progress: dict[str, Any]
