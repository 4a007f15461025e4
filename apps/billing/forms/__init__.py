"""What the desk takes in of money, and the portal of a client's address and answer to a quote."""

from apps.billing.forms.addresses import BillingAddressForm, OwnAddressForm
from apps.billing.forms.invoices import CreditForm, HoldForm, NewInvoiceForm, PaymentForm, ReversalForm
from apps.billing.forms.lines import LineForm, ReasonedLineForm, RemovalForm, items_of, line_forms
from apps.billing.forms.quotes import AcceptForm, DeclineForm, NewQuoteForm, QuoteForm
from apps.billing.forms.rates import TaxRateForm, rate_choices
from apps.billing.forms.retainers import RetainerForm

__all__ = [
    "AcceptForm",
    "BillingAddressForm",
    "CreditForm",
    "DeclineForm",
    "HoldForm",
    "LineForm",
    "NewInvoiceForm",
    "NewQuoteForm",
    "OwnAddressForm",
    "PaymentForm",
    "QuoteForm",
    "ReasonedLineForm",
    "RemovalForm",
    "RetainerForm",
    "ReversalForm",
    "TaxRateForm",
    "items_of",
    "line_forms",
    "rate_choices",
]
