"""Who the agency is: what its documents print of it, and what its e-invoices say."""

from pydantic import Field
from pydantic_settings import BaseSettings


class AgencyEnvironment(BaseSettings):
    """The variables of the agency. What is not given is left out of documents; e-invoices are made once the country is.

    `manage.py check` names what e-invoices lack.
    """

    agency_name: str = Field(default="AICMO", min_length=1, max_length=80, validation_alias="AICMO_AGENCY_NAME")
    agency_address: str = Field(default="", max_length=400, validation_alias="AICMO_AGENCY_ADDRESS")
    agency_street: str = Field(default="", max_length=200, validation_alias="AICMO_AGENCY_STREET")
    agency_postcode: str = Field(default="", max_length=20, validation_alias="AICMO_AGENCY_POSTCODE")
    agency_city: str = Field(default="", max_length=100, validation_alias="AICMO_AGENCY_CITY")
    agency_country: str = Field(default="", pattern=r"^([A-Z]{2})?$", validation_alias="AICMO_AGENCY_COUNTRY")
    agency_vat_id: str = Field(default="", max_length=40, validation_alias="AICMO_AGENCY_VAT_ID")
    agency_tax_number: str = Field(default="", max_length=40, validation_alias="AICMO_AGENCY_TAX_NUMBER")
    agency_register_id: str = Field(default="", max_length=40, validation_alias="AICMO_AGENCY_REGISTER_ID")
    agency_iban: str = Field(
        default="", pattern=r"^([A-Z]{2}\d{2}[A-Z0-9 ]{10,38})?$", validation_alias="AICMO_AGENCY_IBAN"
    )
    agency_bic: str = Field(
        default="", pattern=r"^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$", validation_alias="AICMO_AGENCY_BIC"
    )
    agency_contact: str = Field(default="", max_length=100, validation_alias="AICMO_AGENCY_CONTACT")
    agency_phone: str = Field(default="", max_length=40, validation_alias="AICMO_AGENCY_PHONE")
    agency_email: str = Field(default="", pattern=r"^([^\s@]+@[^\s@]+)?$", validation_alias="AICMO_AGENCY_EMAIL")
