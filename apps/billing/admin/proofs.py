"""Proofs of the books at the desk: what the last one found, and every one before it."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from apps.billing.admin.bookings import TO_INVOICES
from apps.billing.admin.desk import invoice_name
from apps.billing.models import BookProof, CreditNote, Invoice, Payment, Quote
from apps.billing.queries import standing_of_proof
from apps.shared.admin import DaysFilter, DocumentAdmin, badge
from apps.shared.desk import list_of, page_link

SEES_TO_THE_BOOKS = "billing.issue_invoice"
KEY_LENGTH = 36


class FoundFilter(admin.SimpleListFilter):
    """Narrows to proofs that found a breach, or none."""

    title = "the books"
    parameter_name = "books"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("broken", "Broken"), ("proved", "Proved")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[BookProof]) -> QuerySet[BookProof]:
        if self.value() == "broken":
            return queryset.filter(breach_count__gt=0)
        return queryset.filter(breach_count=0) if self.value() == "proved" else queryset


@admin.register(BookProof)
class BookProofAdmin(DocumentAdmin):
    """A proof names the numbers of whatever client: who is limited to their own does not see it."""

    empty_says = "Beat proves the books every night; manage.py prove_books does it now."
    empty_leads_to = TO_INVOICES
    list_display = ("__str__", "books", "told", "read", "proved_at")
    list_filter = (FoundFilter, ("proved_at", DaysFilter))
    id_fields = ("pk",)
    change_form_before_template = "admin/billing/book_proof.html"
    fieldsets = ((None, {"fields": ("id", "proved_at")}),)

    def has_view_permission(self, request: HttpRequest, obj: BookProof | None = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.sees_every_client

    @admin.display(description="books", ordering="breach_count")
    def books(self, proof: BookProof) -> SafeString:
        return badge("BROKEN" if proof.breach_count else "PROVED")

    @admin.display(description="found")
    def told(self, proof: BookProof) -> str:
        return proof.told

    @admin.display(description="rows read")
    def read(self, proof: BookProof) -> str:
        return f"{sum(proof.rows.values()):,}"

    def page(self, request: HttpRequest, row: BookProof) -> dict[str, Any]:
        links = _links({each["subject"] for each in row.breaches})
        return {
            "proof": row,
            "books": self.books(row),
            "found": [(each["check"], links.get(each["subject"], each["subject"]), each) for each in row.breaches],
            "further": row.breach_count - len(row.breaches),
        }

    def desk_panel(self, request: HttpRequest) -> SafeString | str:
        """Return how the last proof went, to who sees to the books; nothing while there are none."""
        if not request.user.has_perm(SEES_TO_THE_BOOKS):
            return ""
        standing, now = standing_of_proof(), timezone.now()
        if standing.since is None:
            return ""
        shown = {
            "proof": standing.proof,
            "link": standing.proof and page_link(standing.proof, _said(standing.proof, now)),
            "is_stale": standing.is_stale(now),
            "every": list_of(BookProof),
        }
        return render_to_string("admin/billing/last_proof.html", shown)


def _said(proof: BookProof, now: datetime) -> str:
    found = "Books broken" if proof.breach_count else "Books proved"
    return f"{found} {_day(timezone.localtime(proof.proved_at), timezone.localtime(now))}: {proof.told}"


def _day(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return f"today {at:%H:%M}"
    return f"yesterday {at:%H:%M}" if at.date() == now.date() - timedelta(days=1) else f"{at:%-d %b %Y %H:%M}"


def _links(subjects: set[str]) -> dict[str, SafeString]:
    """Return links to those of the rows that have a page; a series of numbers is named by its kind and has none."""
    keys = [each for each in subjects if len(each) == KEY_LENGTH]
    rows = [row for model in (Quote, Invoice, Payment, CreditNote) for row in model.objects.filter(pk__in=keys)]
    return {str(row.pk): page_link(row, invoice_name(row) if isinstance(row, Invoice) else str(row)) for row in rows}
