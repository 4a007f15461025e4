from django.contrib import admin
from django.urls import path

from apps.cam import views

urlpatterns = [
    path("admin/new-campaign/", admin.site.admin_view(views.new_campaign), name="new-campaign"),
    path("admin/import-leads/", admin.site.admin_view(views.import_leads), name="import-leads"),
    path("admin/add-reply/", admin.site.admin_view(views.add_reply), name="add-reply"),
    path("admin/merge-leads/", admin.site.admin_view(views.merge_leads), name="merge-leads"),
]
