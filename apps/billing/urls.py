from django.urls import path

from apps.billing import rest, views
from apps.billing.views import addresses, credit_notes, invoices, paying, quotes
from apps.shared.rest.routes import routes

api = routes(quotes=rest.Quotes, invoices=rest.Invoices, credit_notes=rest.CreditNotes, checkouts=rest.Checkouts)
portal = [
    path("quotes", quotes.quotes, name="portal-quotes"),
    path("quotes/<uuid:quote_id>", quotes.quote, name="portal-quote"),
    path("quotes/<uuid:quote_id>/accept", quotes.accept, name="portal-quote-accept"),
    path("quotes/<uuid:quote_id>/decline", quotes.decline, name="portal-quote-decline"),
    path("quotes/<uuid:quote_id>/pdf", quotes.download, name="portal-quote-pdf"),
    path("invoices", invoices.invoices, name="portal-invoices"),
    path("invoices/<uuid:invoice_id>", invoices.invoice, name="portal-invoice"),
    path("invoices/<uuid:invoice_id>/pdf", invoices.download, name="portal-invoice-pdf"),
    path("invoices/<uuid:invoice_id>/xml", invoices.download_xml, name="portal-invoice-xml"),
    path("billing-address", addresses.billing_address, name="portal-billing-address"),
    path("credit-notes/<uuid:credit_note_id>/pdf", credit_notes.download, name="portal-credit-note-pdf"),
    path("credit-notes/<uuid:credit_note_id>/xml", credit_notes.download_xml, name="portal-credit-note-xml"),
    path("invoices/<uuid:invoice_id>/pay", paying.pay, name="portal-invoice-pay"),
    path("checkouts/<uuid:checkout_id>", paying.checkout, name="portal-checkout"),
]
urlpatterns = [
    path("pay/<uuid:checkout_id>", paying.lead_to_page, name="pay-checkout"),
    path("vendors/stripe", paying.hear, name="hear-stripe"),
]

cards = views.cards
