"""How old what clients owe is: by client and currency, as of a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.billing.models import Allocation, CreditNote, Invoice

AGES: dict[str, tuple[int | None, int | None]] = {
    "not_due": (None, 0),
    "1_30": (1, 30),
    "31_60": (31, 60),
    "61_90": (61, 90),
    "over_90": (91, None),
}
"""The first and the last day after the due day of each age, by the name it has in addresses."""


@dataclass(frozen=True)
class Owed:
    """What a client owes in a currency, by age."""

    client_id: UUID
    client: str
    currency: str
    ages: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.ages.values(), Decimal(0))


def owed_by_age(invoices: QuerySet[Invoice], day: date, *, today: date) -> list[Owed]:
    """Return what each client owes of these invoices as of a day, by currency and the client's name, in one query."""
    ages = {f"age_{age}": Sum("owed", filter=_of_age(age, day), default=Decimal(0)) for age in AGES}
    sums = owed_on(invoices, day, today=today).order_by("currency", "client__name", "client_id")
    return [
        Owed(
            client_id=each["client_id"],
            client=each["client__name"],
            currency=each["currency"],
            ages={age: each[f"age_{age}"] for age in AGES},
        )
        for each in sums.values("client_id", "client__name", "currency").annotate(**ages)
    ]


def of_age(invoices: QuerySet[Invoice], age: str, day: date, *, today: date) -> QuerySet[Invoice]:
    """Narrow to the invoices of which something was owed on a day, and of an age then; `all` is every age."""
    owed = owed_on(invoices, day, today=today)
    return owed if age == "all" else owed.filter(_of_age(age, day))


def owed_on(invoices: QuerySet[Invoice], day: date, *, today: date) -> QuerySet[Invoice]:
    """Narrow to invoices of which something was `owed` at the end of a day; of one to come, what is owed now.

    A payment counts from the day it came in, credit from the day it was put to the invoice, a credit note, and what it
    set free, from its date, and a reversal from the day it was made.
    """
    if day >= today:
        return invoices.unpaid().annotate(owed=F("total") - F("paid") - F("credited"))
    ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()), timezone.get_default_timezone())
    meant = Q(payment__invoice=F("invoice"))
    put = Allocation.objects.filter(invoice=OuterRef("pk")).filter(
        Q(credit_note__issue_date__lte=day)
        | Q(meant, credit_note=None, reversal=None, payment__paid_at__lt=ends)
        | Q(~meant, credit_note=None, reversal=None, created_at__lt=ends)
        | Q(reversal__reversed_at__lt=ends)
    )
    credited = CreditNote.objects.filter(invoice=OuterRef("pk"), issue_date__lte=day)
    issued = invoices.issued().filter(issue_date__lte=day)
    return issued.annotate(owed=F("total") - _sum(put) - _sum(credited)).filter(owed__gt=0)


def _sum(rows: QuerySet) -> Coalesce:
    """Return as SQL what the rows of an invoice sum to."""
    summed = rows.order_by().values("invoice").annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(summed), Decimal(0), output_field=DecimalField())


def _of_age(age: str, day: date) -> Q:
    first, last = AGES[age]
    since = Q() if first is None else Q(due_date__lte=day - timedelta(days=first))
    return since if last is None else since & Q(due_date__gte=day - timedelta(days=last))
