"""The portal's page of whom a client's invoices are written to."""

from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.billing.forms import OwnAddressForm
from apps.billing.models import BillingAddress
from apps.billing.rules import BillingRefused
from apps.billing.services.addresses import set_billing_address
from apps.shared.portal import page
from apps.shared.rest.views import of_client


@require_http_methods(["GET", "HEAD", "POST"])
@page("billing")
def billing_address(request: HttpRequest) -> HttpResponse:
    """Show to whom invoices are written, and take in what is to stand there from now on."""
    found = of_client(BillingAddress.objects.all(), request.access.client_id).first()
    shown: dict[str, Any] = model_to_dict(found) if found else {}
    form = OwnAddressForm(request.POST or None, initial=shown, language=get_language() or "en")
    if form.is_valid() and _set(request, form):
        messages.success(request, _("Thank you: your next invoices are written to this address."))
        return HttpResponseRedirect(reverse("portal-billing-address"))
    status = 400 if form.is_bound else 200
    return render(request, "portal/billing_address.html", {"form": form}, status=status)


def _set(request: HttpRequest, form: OwnAddressForm) -> bool:
    address = BillingAddress(client_id=request.access.client_id, **form.cleaned_data)
    try:
        set_billing_address(address, by=request.access.user.pk)
    except BillingRefused as refusal:
        form.refuse(refusal)
        return False
    return True
