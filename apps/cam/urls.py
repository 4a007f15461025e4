from django.contrib import admin
from django.urls import path

from apps.cam import views

urlpatterns = [
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("admin/new-campaign/", admin.site.admin_view(views.new_campaign), name="new-campaign"),
    path("admin/change-campaign/<uuid:pk>/", admin.site.admin_view(views.change_campaign), name="change-campaign"),
    path("admin/import-leads/", admin.site.admin_view(views.import_leads), name="import-leads"),
    path("admin/add-reply/", admin.site.admin_view(views.add_reply), name="add-reply"),
    path("admin/triage/", admin.site.admin_view(views.triage), name="triage"),
    path("admin/write-template/", admin.site.admin_view(views.write_template), name="write-template"),
    path("admin/write-template/<uuid:pk>/", admin.site.admin_view(views.write_template), name="revise-template"),
    path("admin/write-sequence/", admin.site.admin_view(views.write_sequence), name="write-sequence"),
]
