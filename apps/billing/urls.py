from django.urls import path

from apps.billing import rest, views
from apps.shared.rest.routes import routes

api = routes(invoices=rest.Invoices)
portal = [
    path("invoices", views.invoices, name="portal-invoices"),
    path("invoices/<uuid:invoice_id>", views.invoice, name="portal-invoice"),
    path("invoices/<uuid:invoice_id>/pdf", views.download, name="portal-invoice-pdf"),
]
cards = views.cards
