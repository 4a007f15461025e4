from django.contrib import admin
from django.urls import path

from apps.orchestration import rest, views
from apps.shared.rest.routes import routes

api = routes(runs=rest.Runs, webhooks=rest.Webhooks)
cards = views.cards

urlpatterns = [
    path("admin/start/", admin.site.admin_view(views.start), name="start-run"),
    path("admin/import-intakes/", admin.site.admin_view(views.import_intakes), name="import-intakes"),
    path("admin/import-intakes/template/", admin.site.admin_view(views.import_template), name="import-template"),
    path("admin/breakers/", admin.site.admin_view(views.breakers), name="breakers"),
]
