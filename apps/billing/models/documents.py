"""To whom a client's invoices are written, and what each issued document said of both sides, kept for ever."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from apps.billing.models.invoices import Invoice
from apps.billing.models.payments import CreditNote
from apps.identity.models import Client
from apps.shared.models import UuidModel


class BillingAddress(UuidModel):
    """To whom a client's invoices are written from now on; those that are issued keep what they said."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")
    legal_name = models.CharField(max_length=200, help_text="As the company is registered")
    street = models.CharField(max_length=200)
    addition = models.CharField(max_length=200, blank=True, help_text="Floor, department, care of")
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100)
    country = models.CharField(max_length=2, help_text="ISO 3166-1, two letters")
    vat_id = models.CharField("VAT ID", max_length=40, blank=True, help_text="With its country, such as DE136695976")
    buyer_reference = models.CharField(
        max_length=100, blank=True, help_text="What the client wants named; of German authorities the Leitweg-ID"
    )
    language = models.CharField(max_length=8, blank=True, help_text="Of the terms in e-invoices; empty: English")

    class Meta:
        verbose_name_plural = "billing addresses"
        ordering = ("client__name", "pk")

    def __str__(self) -> str:
        return self.legal_name


class IssuedDocument(UuidModel):
    """What an invoice or a credit note said of seller and buyer when it was issued, and its e-invoice where it has one.

    `xml` is that e-invoice (EN 16931, in the syntax of Factur-X), and `plain_because` why there is none.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="document", null=True, blank=True)
    credit_note = models.OneToOneField(
        CreditNote, on_delete=models.PROTECT, related_name="document", null=True, blank=True
    )
    seller = models.JSONField()
    buyer = models.JSONField()
    xml = models.TextField(blank=True)
    plain_because = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=True, credit_note__isnull=False)
                | Q(invoice__isnull=False, credit_note__isnull=True),
                name="issueddocument_of_one",
            ),
            models.CheckConstraint(
                condition=Q(xml="", plain_because__gt="") | Q(xml__gt="", plain_because=""),
                name="issueddocument_says_why_plain",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"As {self.invoice or self.credit_note} was issued"
