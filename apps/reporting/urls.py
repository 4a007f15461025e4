from django.urls import path

from apps.reporting import rest, views
from apps.shared.rest.routes import routes

api = routes(reports=rest.Reports)
portal = [
    path("reports", views.reports, name="portal-reports"),
    path("reports/<uuid:report_id>", views.report, name="portal-report"),
]
cards = views.cards
