"""Paying by card: the portal's pages of it, the way to the card service's page, and where that tells us what came."""

import hashlib
import logging
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from apps.billing import queries
from apps.billing.models import Checkout, Invoice
from apps.billing.services import checkouts, vendor_events
from apps.billing.views.money import money
from apps.shared.gateways import cards
from apps.shared.portal import page
from apps.shared.rest.views import of_client
from apps.shared.workflow import TransientFailure

log = logging.getLogger(__name__)

SAID = {
    "OPEN": gettext_noop("We wait for the confirmation of the card service. This page looks for it by itself."),
    "PAID": gettext_noop("Thank you. The card service has confirmed your payment."),
    "FAILED": gettext_noop("The payment did not go through. Nothing was paid."),
    "EXPIRED": gettext_noop("This payment was not finished in time. Nothing was paid."),
}


@require_POST
@page("billing")
def pay(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Begin to pay what is open of an invoice, and lead on to the card service's page."""
    invoice = get_object_or_404(of_client(Invoice.objects.issued(), request.access.client_id), pk=invoice_id)
    try:
        begun = checkouts.begin_checkout(invoice.pk, by=request.access.user.pk, at=timezone.now())
    except checkouts.NothingToPay:
        return HttpResponseRedirect(_page_of(invoice.pk))
    return HttpResponseRedirect(reverse("pay-checkout", args=[begun.pk]))


@require_safe
@page("billing")
def checkout(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Say truthfully how a payment by card stands: who comes back from the card service's page has not yet paid."""
    rows = of_client(Checkout.objects.select_related("invoice"), request.access.client_id)
    found = get_object_or_404(rows, pk=checkout_id)
    context = {
        "checkout": found,
        "invoice": found.invoice,
        "amount": money(found.amount, found),
        "said": _(SAID[found.state]),
    }
    template = "portal/checkout_state.html" if request.headers.get("HX-Request") else "portal/checkout.html"
    return render(request, template, context)


@require_safe
@never_cache
def lead_to_page(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Lead who may see the client's money to the page on which a begun payment is made.

    It lies outside the portal, whose requests are one transaction each: the card service is asked on the way.
    """
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account-login')}?next={request.path}")
    found = Checkout.objects.filter(pk=checkout_id).first()
    if found is None or not queries.may_accept(request.user.pk, found.client_id):
        return HttpResponse(status=404)
    try:
        return HttpResponseRedirect(checkouts.open_checkout(found.pk, at=timezone.now()))
    except checkouts.NothingToPay:
        return HttpResponseRedirect(_page_of(found.invoice_id))
    except (cards.CardsRefused, TransientFailure) as failure:
        log.warning("A client could not be led to the page to pay %s on: %s", found.invoice_id, failure)
        return HttpResponseRedirect(f"{_page_of(found.invoice_id)}?card=refused")


@csrf_exempt  # it heeds no session: what is signed by the card service counts, and nothing else
@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """Take in what the card service tells, signed over its very bytes; what changes nothing is answered alike."""
    if not cards.is_configured():
        return _answer(404, "Payment by card is not set up here.")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > cards.MOST_BYTES:  # before anything reads it
        return _answer(413, f"An event has at most {cards.MOST_BYTES} bytes.")
    body, at = request.body, timezone.now()
    try:
        event = cards.read_event(body, request.headers.get("Stripe-Signature", ""), at=at)
    except cards.SignatureWrong:
        return _answer(400, "The signature is wrong, or not of the last five minutes.")
    except ValueError:
        return _answer(400, "This is no event.")
    row = vendor_events.receive_event(event, sha256=hashlib.sha256(body).hexdigest(), at=at)
    return _answer(200, row.outcome)


def _answer(status: int, said: str) -> JsonResponse:
    told: dict[str, Any] = {"outcome": said} if status == 200 else {"detail": said}
    return JsonResponse(told, status=status, headers={"Cache-Control": "no-store"})


def _page_of(invoice_id: UUID) -> str:
    return reverse("portal-invoice", args=[invoice_id])
