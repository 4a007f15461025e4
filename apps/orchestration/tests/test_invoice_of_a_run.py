"""A run that drafts an invoice …"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from apps.billing.api import ports as billing
from apps.billing.models import Invoice
from apps.billing.services import drafts
from apps.billing.tests.factories import TaxRateFactory, delivered, line, pay
from apps.delivery.api.dtos import Package
from apps.identity.models import Client, User
from apps.orchestration import workflows
from apps.orchestration.models import OutboxEvent, WorkflowRun
from apps.orchestration.queries.invariants import audit_runs
from apps.orchestration.queries.undo import preview_undo
from apps.orchestration.services import commands
from apps.orchestration.services.start import start_run
from apps.orchestration.tests.conftest import finish
from apps.production.api.dtos import Draft
from apps.shared.workflow import Workflow

billed = Workflow(name="billed", version=1, starts_with=(Package, Draft), steps=(billing.draft_invoice,))


@pytest.fixture
def run(acme: Client, monkeypatch: pytest.MonkeyPatch) -> WorkflowRun:
    """One for what was delivered to acme, completed."""
    monkeypatch.setitem(workflows._known, ("billed", 1), billed)
    Client.objects.filter(pk=acme.pk).update(contract_value=Decimal(1000))
    given = delivered(acme.pk)
    inputs = (given["package"], given["draft"])
    return finish(start_run(billed, inputs, key="billed", at=timezone.now(), client_id=acme.pk))


def took_back(run: WorkflowRun, user: User) -> WorkflowRun:
    commands.compensate_run(run, by=user.pk, reason="The client left.")
    return finish(run)


def test_leaves_the_draft_to_finance(run: WorkflowRun) -> None:
    assert run.state == "COMPLETED"
    invoice = Invoice.objects.get(run_id=run.pk)
    assert (invoice.state, invoice.total) == ("DRAFT", 1000)
    assert audit_runs(files=False, seals=False).violations == []


def test_takes_the_draft_with_it(run: WorkflowRun, reviewer: User) -> None:
    (part,) = preview_undo(run).parts
    assert {rows.model._meta.model_name: len(rows.ids) for rows in part.rows} == {"invoice": 1, "invoiceline": 1}
    assert took_back(run, reviewer).state == "CANCELLED"
    assert not Invoice.objects.exists()
    assert audit_runs(files=False, seals=False).violations == []


@pytest.mark.parametrize("paid", [0, 100])
def test_lets_an_issued_invoice_stand_and_says_what_to_do(run: WorkflowRun, reviewer: User, paid: int) -> None:
    invoice = Invoice.objects.get()
    drafts.change_line(invoice.pk, 1, line(1000, TaxRateFactory()), reason="Agreed.", by=None)
    issued = billing.issue_invoice(invoice_id=invoice.pk, at=timezone.now() - timedelta(days=1))
    if paid:
        pay(Invoice.objects.get(), paid, paid_at=timezone.now())
    assert any("may be out of the house" in left.what for left in preview_undo(run).left)
    assert took_back(run, reviewer).state == "CANCELLED"
    assert (Invoice.objects.get().number, Invoice.objects.get().run_id) == (issued.number, None)
    (left,) = OutboxEvent.objects.get(run_id=run.pk, name="RunCancelled").payload["left"]
    assert left["what"] == f"Invoice {issued.number} is issued and stands."
    assert audit_runs(files=False, seals=False).violations == []
