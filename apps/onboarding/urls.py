from django.urls import path

from apps.onboarding import rest, views
from apps.shared.rest.routes import routes

api = routes(intakes=rest.Intakes, briefs=rest.Briefs)
portal = [
    path("intakes", views.intakes, name="portal-intakes"),
    path("intakes/new", views.begin, name="portal-intake-begin"),
    path("intakes/<uuid:intake_id>", views.intake, name="portal-intake"),
    path("intakes/<uuid:intake_id>/answers", views.save, name="portal-intake-save"),
    path("intakes/<uuid:intake_id>/discard", views.discard, name="portal-intake-discard"),
    path("intakes/<uuid:intake_id>/files", views.attach, name="portal-intake-attach"),
    path("intakes/<uuid:intake_id>/files/<uuid:file_id>", views.download, name="portal-intake-file"),
    path("intakes/<uuid:intake_id>/files/<uuid:file_id>/remove", views.remove_file, name="portal-intake-remove"),
]
cards = views.cards
