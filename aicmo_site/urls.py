from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.identity.urls import account
from apps.identity.urls import api as identity_api
from apps.identity.urls import portal as identity_portal

API = [*identity_api]
PORTAL = [*identity_portal]

urlpatterns = [
    path("", include("apps.observability.urls")),
    path("", include("apps.orchestration.urls")),
    path("api/v1/", include(API)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("account/", include(account)),
    path("portal/", include(PORTAL)),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
