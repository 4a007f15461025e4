from django.contrib.admin.apps import AdminConfig


class AgencyAdminConfig(AdminConfig):
    """Django's admin with our site, which is imported when the models are loaded."""

    default_site = "aicmo_site.admin.AgencyAdminSite"
