from django.urls import path

from apps.delivery import rest, views
from apps.shared.rest.routes import routes

api = [
    *routes(packages=rest.Packages, artifacts=rest.Artifacts),
    path("files/<str:signed>", rest.Files.as_view(), name="api-file"),
]
portal = [
    path("packages", views.packages, name="portal-packages"),
    path("packages/<uuid:package_id>", views.package, name="portal-package"),
    path("files/<uuid:artifact_id>", views.download, name="portal-file"),
]
cards = views.cards
