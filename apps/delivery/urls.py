from django.urls import path

from apps.delivery import views

portal = [
    path("packages", views.packages, name="portal-packages"),
    path("packages/<uuid:package_id>", views.package, name="portal-package"),
    path("files/<uuid:artifact_id>", views.download, name="portal-file"),
]
cards = views.cards
