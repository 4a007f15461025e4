"""Tax rates are added; none ever changes."""

from uuid import UUID

from django.db import transaction

from apps.billing.api.events import TaxRateAdded
from apps.billing.models import TaxRate
from apps.shared.events import AuditNote, publish
from apps.shared.models import snapshot


@transaction.atomic
def add_tax_rate(rate: TaxRate, *, by: UUID | None) -> TaxRate:
    """Add a rate; from its day on it takes the place of the one of the same country and name."""
    rate.save(force_insert=True)
    event = TaxRateAdded(aggregate_id=rate.pk, country=rate.country, percent=f"{rate.percent:f}")
    publish(event, AuditNote(actor_id=by, after=snapshot(rate)))
    return rate
