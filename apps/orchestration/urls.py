from django.contrib import admin
from django.urls import path

from apps.orchestration import views

urlpatterns = [
    path("admin/start/", admin.site.admin_view(views.start), name="start-run"),
    path("admin/breakers/", admin.site.admin_view(views.breakers), name="breakers"),
]
