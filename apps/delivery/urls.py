from django.urls import path

from apps.delivery import rest
from apps.shared.rest.routes import routes

api = [
    *routes(packages=rest.Packages, artifacts=rest.Artifacts),
    path("files/<str:signed>", rest.Files.as_view(), name="api-file"),
]
