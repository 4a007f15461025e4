from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.delivery import urls as delivery
from apps.identity import urls as identity
from apps.onboarding import urls as onboarding
from apps.orchestration import urls as orchestration
from apps.production import urls as production
from apps.strategy import urls as strategy

API = [*identity.api, *onboarding.api, *strategy.api, *production.api, *delivery.api, *orchestration.api]

urlpatterns = [
    path("", include("apps.observability.urls")),
    path("", include("apps.orchestration.urls")),
    path("api/v1/", include(API)),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
