"""A client with work of every kind that its portal shows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.test import override_settings
from django.utils import timezone

from aicmo_site.tests.factories import a_refused_data_request, a_run
from apps.billing.api.dtos import LineCredit
from apps.billing.services.checkouts import begin_checkout
from apps.billing.services.issuing import credit_invoice
from apps.billing.tests.factories import (
    AT,
    TaxRateFactory,
    a_current_quote,
    an_invoice,
    an_overdue_invoice,
    line,
    monthly,
    pay,
    vendor_event,
)
from apps.client_review import services as client_review
from apps.client_review.models import RevisionRequest
from apps.delivery.services import packages
from apps.delivery.tests.factories import plain_draft, run_for, staged_package
from apps.identity.models import Client, Membership
from apps.onboarding import services as onboarding
from apps.onboarding.models import Intake
from apps.onboarding.tests.factories import DENTAL_ANSWERS, IntakeFactory
from apps.orchestration.tests.factories import WebhookDeliveryFactory
from apps.production import services as production
from apps.reporting.services import collect_metrics
from apps.reporting.tests.factories import a_published_report, point
from apps.strategy import services as strategy
from apps.strategy.rules import compose_strategy
from apps.strategy.tests.factories import strategy_for

E_INVOICES = {"AGENCY_COUNTRY": "IE", "AGENCY_VAT_ID": "IE6388047V"}
"""An agency whose invoices have e-invoices."""


def work_of(client: Client, membership: Membership) -> dict[str, Any]:
    """Make one of everything for a client; return the ids by the name of their address."""
    by, run = membership.user_id, run_for(client.pk)
    under_way = onboarding.open_draft(client_id=client.pk, answers=DENTAL_ANSWERS, by=by)
    sent = onboarding.attach_to_draft(under_way, name="notes.txt", content=b"words", by=by)
    intake: Intake = IntakeFactory(client=client)
    onboarding.attach_file(intake.pk, name="notes.txt", content=b"words")
    brief = onboarding.store_brief(intake.as_dto(), run=run)
    plan = compose_strategy(brief.as_dto())
    decided = strategy.store_strategy(brief.as_dto(), plan, run=run)
    strategy.approve_strategy(decided, by=by, at=timezone.now())
    to_decide = strategy.store_strategy(brief.as_dto(), plan, run=run_for(client.pk))
    written = plain_draft(brief.as_dto(), strategy_for(brief.as_dto(), id=decided.pk), client_id=client.pk)
    draft = production.store_draft(brief.as_dto(), strategy_for(brief.as_dto(), id=decided.pk), written, run=run)
    production.show_draft(draft.pk, at=timezone.now())
    rendered = staged_package(run)
    stored = written.model_copy(update={"id": draft.pk})
    package = packages.create_package(draft=stored, rendered=rendered, run=run)
    packages.promote_package(package.pk, rendered.staged_prefix, at=timezone.now())
    work = a_run(client, "RUNNING", id=run.id, position=2)
    review = client_review.send_for_review(stored, run=run)
    client_review.comment_on_review(review, side="CLIENT", by=by, section="overview", text="Good.", quote="")
    RevisionRequest.objects.create(review=review, position=99, section="overview", change="Shorter.", priority="MUST")
    with override_settings(**E_INVOICES):
        invoice, payable = an_overdue_invoice(client), an_invoice(client)
        credited = LineCredit(position=1, net=10)
        note = credit_invoice(an_invoice(client).pk, [credited], reason="Less was done.", by=None, at=AT)
    pay(invoice, 23)
    checkout = begin_checkout(payable.pk, by=by, at=timezone.now())
    vendor_event(invoice, handled_by=by)
    vat, begins = TaxRateFactory(), timezone.localdate() + timedelta(days=20)
    offered = {"monthly": monthly(vat, start_date=begins), "deposit_percent": Decimal(30)}
    quote = a_current_quote(client, line(1000, vat), terms="As agreed.", **offered)
    collect_metrics(client.pk, [point("Enquiries", 12, unit="enquiries", source="push:phone")])
    delivery = WebhookDeliveryFactory(endpoint__client=client)
    return {
        "intakes": under_way.pk,
        "attachment_id": sent.pk,
        "submitted": intake.pk,
        "briefs": brief.pk,
        "strategies": to_decide.pk,
        "approved": decided.pk,
        "drafts": draft.pk,
        "packages": package.pk,
        "artifacts": package.artifacts.first().pk,
        "runs": work.pk,
        "clients": client.pk,
        "reviews": review.pk,
        "invoices": invoice.pk,
        "checkouts": checkout.pk,
        "credit-notes": note.pk,
        "quotes": quote.pk,
        "reports": a_published_report(client).pk,
        "webhooks": delivery.endpoint_id,
        "delivery_id": delivery.pk,
        "tokens": membership.tokens.first().pk,
        "data-requests": a_refused_data_request(client).pk,
    }
