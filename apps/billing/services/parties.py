"""Who sells and who buys, as a document says it when it is issued."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from stdnum import iban

from apps.billing.models import BillingAddress
from apps.billing.rules import BillingRefused
from apps.billing.services.vat_ids import country_of, normalised_vat_id
from apps.identity.models import Client
from apps.shared.text import one_line

NO_COUNTRY = "AICMO_AGENCY_COUNTRY is not set"


class _Party:
    """What can be kept as JSON, and read again when it has learned more since."""

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return what was kept."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in kept.items() if name in known})

    def as_kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)  # type: ignore[call-overload,no-any-return]


@dataclass(frozen=True)
class Seller(_Party):
    """The agency. `printed` is the address as its documents print it, line by line."""

    name: str
    printed: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    tax_number: str = ""
    register_id: str = ""
    iban: str = ""
    bic: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""

    @property
    def address(self) -> list[str]:
        """The lines of the address on paper."""
        lines = [part.strip() for part in self.printed.split(";") if part.strip()]
        return lines or [part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part]

    @property
    def taxed_in(self) -> str:
        """The country it is taxed in, as far as that is known."""
        return self.country or (country_of(self.vat_id.replace(" ", "").upper()) if self.vat_id else "")


@dataclass(frozen=True)
class Buyer(_Party):
    """A client as it is billed; where no billing address was stored, its name and country alone."""

    name: str
    country: str
    street: str = ""
    addition: str = ""
    postcode: str = ""
    city: str = ""
    vat_id: str = ""
    reference: str = ""
    language: str = ""

    @property
    def address(self) -> list[str]:
        """The lines of the address on paper, the country apart."""
        lines = (self.street, self.addition, f"{self.postcode} {self.city}".strip())
        return [one_line(part) for part in lines if part]


def seller_now() -> Seller:
    """Return the agency as the settings have it."""
    return Seller(
        name=settings.AGENCY_NAME,
        printed=settings.AGENCY_ADDRESS,
        **{
            name: getattr(settings, f"AGENCY_{name.upper()}")
            for name in (
                *("street", "postcode", "city", "country", "vat_id", "tax_number", "register_id"),
                *("iban", "bic", "contact", "phone", "email"),
            )
        },
    )


def buyer_now(client: Client) -> Buyer:
    """Return a client as its billing address has it."""
    found = BillingAddress.objects.filter(client=client).first()
    if found is None:
        return Buyer(name=client.name, country=client.country)
    names = ("country", "street", "addition", "postcode", "city", "vat_id", "language")
    return Buyer(
        name=found.legal_name, reference=found.buyer_reference, **{name: getattr(found, name) for name in names}
    )


def require_seller(seller: Seller) -> None:
    """Refuse an agency of whom an e-invoice cannot be made, naming the setting. Raises BillingRefused."""
    for problem in problems_of_seller(seller):
        raise problem


def problems_of_seller(seller: Seller) -> Iterator[BillingRefused]:
    """Give what keeps e-invoices from being made, by the names of the settings (EN 16931: BR-CO-26, BR-CO-9)."""
    if seller.vat_id:
        try:
            normalised_vat_id(seller.vat_id, field="AICMO_AGENCY_VAT_ID")
        except BillingRefused as refusal:
            yield refusal
    elif not (seller.tax_number and seller.register_id):
        said = "is missing; set it, or both AICMO_AGENCY_TAX_NUMBER and AICMO_AGENCY_REGISTER_ID."
        yield BillingRefused("AICMO_AGENCY_VAT_ID", said)
    if seller.iban and not iban.is_valid(seller.iban):
        yield BillingRefused("AICMO_AGENCY_IBAN", "is no IBAN: its check digits are wrong; correct it.")


def say_what_e_invoices_lack(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Return what `manage.py check` says of the agency's own details."""
    seller = seller_now()
    if not seller.country:
        return []
    found: list[CheckMessage] = [
        checks.Warning(f"No invoice can be issued: {problem}", hint="See .env.example.", id="billing.W001")
        for problem in problems_of_seller(seller)
    ]
    wanted = ("street", "city", "iban", "email")
    if missing := [f"AICMO_AGENCY_{name.upper()}" for name in wanted if not getattr(seller, name)]:
        said = f"E-invoices leave out what is not set: {', '.join(missing)}."
        found.append(checks.Info(said, hint="Clients' programs may want it.", id="billing.I002"))
    return found


def say_without_e_invoices(app_configs: Any = None, **_: Any) -> list[CheckMessage]:
    """Return what `manage.py check --deploy` says where invoices go out as plain PDFs."""
    if settings.AGENCY_COUNTRY:
        return []
    hint = "Set AICMO_AGENCY_COUNTRY and AICMO_AGENCY_VAT_ID; the runbook names the rest."
    return [checks.Info(f"Invoices are plain PDFs, no e-invoices: {NO_COUNTRY}.", hint=hint, id="billing.I001")]
