from django.urls import path

from apps.reporting import rest, views
from apps.shared.rest.routes import routes

api = routes(reports=rest.Reports, metrics=rest.Metrics)
portal = [
    path("reports", views.reports, name="portal-reports"),
    path("reports/<uuid:report_id>", views.report, name="portal-report"),
    path("reports/<uuid:report_id>/pdf", views.report_as_pdf, name="portal-report-pdf"),
]
cards = views.cards
