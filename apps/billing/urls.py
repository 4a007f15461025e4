from django.urls import path

from apps.billing import rest, views
from apps.billing.views import invoices, quotes
from apps.shared.rest.routes import routes

api = routes(quotes=rest.Quotes, invoices=rest.Invoices)
portal = [
    path("quotes", quotes.quotes, name="portal-quotes"),
    path("quotes/<uuid:quote_id>", quotes.quote, name="portal-quote"),
    path("quotes/<uuid:quote_id>/accept", quotes.accept, name="portal-quote-accept"),
    path("quotes/<uuid:quote_id>/decline", quotes.decline, name="portal-quote-decline"),
    path("quotes/<uuid:quote_id>/pdf", quotes.download, name="portal-quote-pdf"),
    path("invoices", invoices.invoices, name="portal-invoices"),
    path("invoices/<uuid:invoice_id>", invoices.invoice, name="portal-invoice"),
    path("invoices/<uuid:invoice_id>/pdf", invoices.download, name="portal-invoice-pdf"),
]

cards = views.cards
