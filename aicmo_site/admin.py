"""The one admin site staff work in."""

from django.contrib.admin.apps import AdminConfig
from unfold.sites import UnfoldAdminSite


class AgencyAdminSite(UnfoldAdminSite):
    site_title = "AICMO"
    site_header = "AICMO"
    index_title = "The agency's desk"


class AgencyAdminConfig(AdminConfig):
    default_site = "aicmo_site.admin.AgencyAdminSite"
