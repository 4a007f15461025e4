"""To whom a client's invoices are written."""

from uuid import UUID

from django.db import transaction

from apps.billing import rules
from apps.billing.api.events import BillingAddressSet
from apps.billing.models import BillingAddress
from apps.billing.rules import BillingRefused
from apps.billing.services.records import lock_name
from apps.billing.services.vat_ids import normalised_vat_id
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot
from apps.shared.text import one_line

_WORDS = ("legal_name", "street", "addition", "postcode", "city", "buyer_reference")
_NEEDED = ("legal_name", "street", "city")


@transaction.atomic
def set_billing_address(address: BillingAddress, *, by: UUID | None) -> BillingAddress:
    """Store to whom a client's invoices are written from now on; what is issued keeps what it said.

    Texts are stored on one line, and the VAT ID in its usual form. Raises BillingRefused for a field that is empty and
    must not be, a country that is none, and a VAT ID that is not made as its country makes them.
    """
    for name in _WORDS:
        setattr(address, name, one_line(getattr(address, name)))
    for name in _NEEDED:
        if not getattr(address, name):
            raise BillingRefused(name, "is empty; an invoice has to say it.")
    address.country = normalised_country(address.country)
    if address.vat_id:
        address.vat_id = normalised_vat_id(address.vat_id)
    lock_name(f"billing address of {address.client_id}")
    before = BillingAddress.objects.filter(client_id=address.client_id).first()
    if before is not None:
        address.pk, address.created_at = before.pk, before.created_at
    address.save(force_insert=before is None, force_update=before is not None)
    note = AuditNote(actor_id=by, before=snapshot(before) if before else None, after=snapshot(address))
    publish(BillingAddressSet(client_id=address.client_id, aggregate_id=address.pk, country=address.country), note)
    return address


def normalised_country(code: str) -> str:
    """Return a country's two letters in capitals. Raises BillingRefused."""
    letters = code.strip().upper()
    if not rules.is_country(letters):
        raise BillingRefused("country", "is no country; use two letters of ISO 3166-1, such as IE.")
    return letters
