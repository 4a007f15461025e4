"""The bank at the desk: statements are looked at before they are taken in, and lines are booked by a person."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateFilter

from apps.billing import queries, rules
from apps.billing.admin.desk import deed_of_audit
from apps.billing.forms.bank import PartForms, ReadingForm, StatementForm
from apps.billing.models import BankLine, BankStatement
from apps.billing.rules import BillingRefused, bank
from apps.billing.services.bank import MOST_BYTES, ignore_line, import_statement, match_line, propose
from apps.billing.services.reversals import unmatch_line
from apps.shared.admin import NOTHING, Button, DocumentAdmin, ReadOnlyAdmin, TransitionAdmin, admin_link, state_column
from apps.shared.desk import Need, list_of, needs_filter, page_of
from apps.shared.gateways.tables import write_csv
from apps.shared.rest.files import as_download

MAY_IMPORT = "billing.import_statement"


def said(line: BankLine | bank.Line) -> str:
    """Return a line's amount as people read it."""
    return rules.say(line.amount, line.currency)


UNMATCHED = Need(
    key="unmatched",
    title="Bank lines without an invoice",
    permissions=(MAY_IMPORT,),
    narrow=lambda lines: lines.filter(state=BankLine.State.UNMATCHED).order_by("pk"),
    client=lambda line: line.payer or NOTHING,
    why=lambda line: f"{said(line)} came in: {line.purpose[:80] or 'no purpose'}.",
)


def _unmatch(line: BankLine, *, by: UUID, reason: str) -> BankLine:
    return unmatch_line(line.pk, reason=reason, by=by, at=timezone.now())


def _ignore(line: BankLine, *, by: UUID, reason: str) -> BankLine:
    return ignore_line(line.pk, reason=reason, by=by)


class _OfEveryClient(ReadOnlyAdmin):
    """Nobody knows yet whose money a line is: who is limited to their own clients sees none."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.sees_every_client

    def require(self, request: HttpRequest) -> None:
        """Let only those go on who may import statements."""
        if not self.has_view_permission(request) or not request.user.has_perm(MAY_IMPORT):
            raise PermissionDenied

    def show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """Send a page of the desk."""
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


@admin.register(BankStatement)
class BankStatementAdmin(_OfEveryClient, DocumentAdmin):
    empty_says = "Import the first one as the bank exports it."
    empty_leads_to = ("Import a statement", "admin:billing_bankstatement_new", MAY_IMPORT)
    list_display = ("file_name", "line_count", "known_count", "imported_by", "created_at")
    list_select_related = ("imported_by",)
    search_fields = ("file_name",)
    id_fields = ("pk",)
    change_form_before_template = "admin/billing/statement_taken.html"
    fieldsets = ((None, {"fields": (*list_display, "sha256")}),)

    def page(self, request: HttpRequest, row: BankStatement) -> dict[str, Any]:
        return {
            "statement": row,
            "lines_url": list_of(BankLine, statement__id__exact=row.pk),
            "refused_url": reverse("admin:billing_bankstatement_refused", args=[row.pk]),
        }

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("new/", wrap(self.take_in), name="billing_bankstatement_new"),
            path("<uuid:pk>/refused/", wrap(self.refused_rows), name="billing_bankstatement_refused"),
            *super().get_urls(),
        ]

    def take_in(self, request: HttpRequest) -> HttpResponse:
        """Take in a file, ask how it is to be read, show what each line would pay, and import what is confirmed."""
        self.require(request)
        form = StatementForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"title": "Import a bank statement", "form": form, "most_rows": bank.MOST_ROWS}
        context["most_kilobytes"] = MOST_BYTES // 1000
        if form.is_valid():
            sheet, is_new = form.cleaned_data["sheet"], bool(form.cleaned_data["file"])
            sent = ReadingForm.guess(sheet) if is_new else request.POST
            reading_form = ReadingForm(sheet.headers, sent)
            try:
                if taken := self._imported(request, form, reading_form, is_looked_at=not is_new):
                    return HttpResponseRedirect(page_of(taken))
                proposed, read = propose(sheet, reading_form.reading, at=timezone.now())
                context |= {
                    "lines": [(each, said(each.line)) for each in proposed],
                    "refused": read.refused,
                    "looked": repr(reading_form.reading),
                }
            except BillingRefused as refusal:
                context["problem"] = str(refusal)
            context |= {
                "reading": reading_form,
                "sealed": form.cleaned_data["sealed"],
                "name": form.cleaned_data["name"],
            }
        return self.show(request, "admin/billing/statement.html", context)

    def _imported(
        self, request: HttpRequest, form: StatementForm, reading_form: ReadingForm, *, is_looked_at: bool
    ) -> BankStatement | None:
        """Import what was looked at and confirmed; None where it was not, or is to be read otherwise now."""
        reading = reading_form.reading
        if "import" not in request.POST or not is_looked_at or request.POST.get("looked") != repr(reading):
            return None
        confirmed = {}
        for each in request.POST.getlist("book"):
            row, _, number = each.partition(":")
            if row.isdecimal():
                confirmed[int(row)] = number
        statement, is_new = import_statement(
            form.cleaned_data["sheet"],
            reading,
            file_name=form.cleaned_data["name"],
            confirmed=confirmed,
            by=request.user.pk,
            at=timezone.now(),
        )
        told = f"{statement.line_count} lines are new." if is_new else "This file was imported before: here it is."
        messages.success(request, told)
        return statement

    def refused_rows(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Send the refused rows with what is wrong with each, in a table where no cell can act."""
        self.require(request)
        statement = get_object_or_404(self.get_queryset(request), pk=pk)
        rows = [[str(each["row"]), each["field"], each["problem"], *each["cells"]] for each in statement.refused]
        content = write_csv(["row", "field", "problem"], rows)
        return as_download(content.encode(), f"refused-{statement.pk}.csv", "text/csv; charset=utf-8")


@admin.register(BankLine)
class BankLineAdmin(_OfEveryClient, DocumentAdmin, TransitionAdmin):
    empty_says = "They come with the statements of the bank."
    empty_leads_to = BankStatementAdmin.empty_leads_to
    needs = (UNMATCHED,)
    list_display = ("__str__", state_column(), "amount_said", "purpose", "booking_date")
    list_filter = ("state", needs_filter(needs), ("booking_date", RangeDateFilter))
    search_fields = ("payer", "purpose")
    id_fields = ("pk", "statement_id")
    change_form_before_template = "admin/billing/bank_line.html"
    fieldsets = ((None, {"fields": ("of_statement", "row", "key", "created_at")}),)
    buttons: ClassVar = (
        Button(
            name="unmatch",
            label="Take the match back",
            service=_unmatch,
            permission="billing.reverse_payment",
            offered=lambda line: line.state == BankLine.State.MATCHED,
            explanation="Its payments are reversed as a mistake, their invoices ask for the money again, and the line "
            "is open. If the money itself went back, reverse the payment instead.",
            asks_reason=True,
            explains=True,
            refusals=(BillingRefused,),
        ),
        Button(
            name="ignore",
            label="Put aside",
            service=_ignore,
            permission=MAY_IMPORT,
            offered=lambda line: line.state == BankLine.State.UNMATCHED,
            explanation="It pays no invoice: a refund, interest, money between own accounts.",
            asks_reason=True,
            explains=True,
            refusals=(BillingRefused,),
        ),
    )

    @admin.display(description="amount", ordering="amount")
    def amount_said(self, line: BankLine) -> str:
        return said(line)

    @admin.display(description="statement")
    def of_statement(self, line: BankLine) -> str:
        return admin_link("billing.bankstatement", line.statement_id, str(line.statement))

    def page(self, request: HttpRequest, row: BankLine) -> dict[str, Any]:
        matches = row.matches.select_related("payment__invoice", "payment__reversal")
        is_open = row.state == BankLine.State.UNMATCHED and request.user.has_perm(MAY_IMPORT)
        return {
            "line": row,
            "amount": said(row),
            "payments": [
                (
                    admin_link("billing.payment", each.payment_id, str(each.payment)),
                    admin_link("billing.invoice", each.payment.invoice_id, str(each.payment.invoice)),
                    rules.say(each.payment.amount, each.payment.currency),
                    getattr(each.payment, "reversal", None),
                )
                for each in matches
            ],
            "match_url": reverse("admin:billing_bankline_match", args=[row.pk]) if is_open else "",
            "deeds": list(deed_of_audit(request, row)),
        }

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [path("<uuid:pk>/match/", wrap(self.match), name="billing_bankline_match"), *super().get_urls()]

    def match(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask which invoices a line pays, and book it."""
        self.require(request)
        line = get_object_or_404(self.get_queryset(request), pk=pk)
        named = queries.open_by_number(bank.numbers_in(line.purpose))
        shown = [{"number": each.number, "amount": each.open.normalize()} for each in named.values()]
        parts = PartForms(request.POST or None, initial=shown, form_kwargs={"use_required_attribute": False})
        problem = ""
        if request.method == "POST" and parts.is_valid():
            try:
                match_line(line.pk, _parts(parts), by=request.user.pk, at=timezone.now())
            except BillingRefused as refusal:
                problem = str(refusal)
            else:
                messages.success(request, "It is booked.")
                return HttpResponseRedirect(page_of(line))
        context = {"title": "What it pays", "line": line, "amount": said(line), "parts": parts, "problem": problem}
        return self.show(request, "admin/billing/bank_match.html", context)


def _parts(forms: Any) -> list[tuple[UUID, Any]]:
    """Return what a person split a line into. Raises BillingRefused for a number that is none."""
    wanted = [form.cleaned_data for form in forms if form.cleaned_data]
    ids = queries.ids_of_numbers({each["number"].strip().upper() for each in wanted})
    for each in wanted:
        if each["number"].strip().upper() not in ids:
            raise BillingRefused(
                "invoice", f"{each['number'][:40]!r} is no invoice's number; write it as INV-2026-0001."
            )
    return [(ids[each["number"].strip().upper()], each["amount"]) for each in wanted]
