from django.contrib import admin
from django.urls import path

from apps.cam import rest, views

urlpatterns = [
    path("u/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("admin/new-campaign/", admin.site.admin_view(views.new_campaign), name="new-campaign"),
    path("admin/change-campaign/<uuid:pk>/", admin.site.admin_view(views.change_campaign), name="change-campaign"),
    path("admin/open-deal/", admin.site.admin_view(views.open_deal), name="open-deal"),
    path("admin/change-deal/<uuid:pk>/", admin.site.admin_view(views.change_deal), name="change-deal"),
    path("admin/import-leads/", admin.site.admin_view(views.import_leads), name="import-leads"),
    path("admin/add-reply/", admin.site.admin_view(views.add_reply), name="add-reply"),
    path("admin/answer-lead/<uuid:pk>/", admin.site.admin_view(views.answer_lead), name="answer-lead"),
    path("admin/triage/", admin.site.admin_view(views.triage), name="triage"),
    path("admin/write-template/", admin.site.admin_view(views.write_template), name="write-template"),
    path("admin/write-template/<uuid:pk>/", admin.site.admin_view(views.write_template), name="revise-template"),
    path("admin/write-sequence/", admin.site.admin_view(views.write_sequence), name="write-sequence"),
    path("admin/merge-leads/", admin.site.admin_view(views.merge_leads), name="merge-leads"),
    path("admin/new-lead-form/", admin.site.admin_view(views.new_form), name="new-lead-form"),
    path("admin/new-lead-key/", admin.site.admin_view(views.new_key), name="new-lead-key"),
    path("admin/new-discovery-source/", admin.site.admin_view(views.new_source), name="new-discovery-source"),
    path("admin/new-discovery/", admin.site.admin_view(views.new_discovery), name="new-discovery"),
    path("forms/<str:token>/", views.visit_form, name="lead-form"),
    path("forms/<str:token>/thanks", views.thank_visitor, name="lead-form-thanks"),
    path("api/acquisition/v1/leads", rest.Leads.as_view(), name="send-lead"),
]
