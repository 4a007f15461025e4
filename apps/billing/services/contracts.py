"""Billing what a contract is worth: the deposit of a deal before the work, and the rest with what was delivered."""

from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.billing import queries, rules
from apps.billing.api.dtos import Deposit, LineItem
from apps.billing.models import Invoice
from apps.billing.services import drafts, quoted
from apps.billing.services.records import lock_name
from apps.delivery.api.dtos import Package
from apps.identity.models import Client
from apps.production.api.dtos import Draft
from apps.shared.dtos import Money
from apps.shared.workflow import RunContext

NO_CONTRACT_VALUE = "The client's profile names no contract value: finance sets the price."
PAID_AHEAD = "The client's deposit is all of its contract value: finance sets the price of what is above that."
BILLED_ALREADY = "The client's contract value is billed on another invoice already: finance sets the price."
QUOTED = "The client accepted a quote, which is billed by itself: finance sets the price of what is beyond it."


@transaction.atomic
def draft_deposit(client_id: UUID, deposit: Deposit, *, by: UUID | None) -> Invoice:
    """Draft what a client agreed to pay before the work begins, once for its deal; finance issues it.

    Raises Client.DoesNotExist, and BillingRefused for an amount that cannot be billed or in another currency than the
    client's.
    """
    lock_name(f"billing.deposit:{deposit.deal_id}")
    known = Invoice.objects.filter(deal_id=deposit.deal_id).first()
    if known is not None:
        return known
    line = LineItem(description=_words_of(deposit), unit_price=deposit.amount)
    return drafts.draft_invoice(Client.objects.get(pk=client_id), [line], deal_id=deposit.deal_id, by=by)


def _words_of(deposit: Deposit) -> str:
    whole = rules.say(deposit.of.amount, deposit.of.currency)
    with translation.override(deposit.language or settings.LANGUAGE_CODE):
        if deposit.percent is None:
            return _("Deposit on the agreed %(whole)s") % {"whole": whole}
        percent = f"{deposit.percent.normalize():f}"
        return _("Deposit of %(percent)s %% on the agreed %(whole)s") % {"percent": percent, "whole": whole}


@transaction.atomic
def draft_for_package(package: Package, draft: Draft, *, run: RunContext) -> Invoice:
    """Draft the invoice for what a run delivered, at the client's contract value.

    What is left of a quote that the client accepted comes first. Else the value is billed once, less the deposit that
    was billed of it. Where it is unknown, or billed already, the line has no price, and says why. No rate is chosen
    either: which tax is due is finance's decision.
    """
    client = Client.objects.get(pk=package.client_id)
    lock_name(f"billing.contract:{client.pk}")
    rest = quoted.draft_rest_for(client.pk, run_id=run.id, package_id=package.id)
    if rest is not None:
        return rest
    deposit = queries.deposit_billed(client.pk)
    price, question = _contract_price(client, deposit)
    less = f", less the deposit of {rules.say(deposit, client.currency)}" if deposit and price else ""
    line = LineItem(
        description=f"{draft.pack_title}: package of {len(package.artifacts)} files{less}",
        unit_price=price,
        question=question,
    )
    return drafts.draft_invoice(client, [line], run_id=run.id, package_id=package.id)


def _contract_price(client: Client, deposit: Decimal) -> tuple[Money | None, str]:
    if not client.contract_value:
        return None, NO_CONTRACT_VALUE
    if queries.has_accepted(client.pk):
        return None, QUOTED
    if queries.is_contract_billed(client.pk):
        return None, BILLED_ALREADY
    left = rules.rounded(client.contract_value - deposit, client.currency)
    if left <= 0:
        return None, PAID_AHEAD
    return Money(amount=left, currency=client.currency), ""
